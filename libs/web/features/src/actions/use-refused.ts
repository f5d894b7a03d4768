'use client';

import type { Resource, UnstructuredObject } from '@binnacle/web-data';
import { type Refusal, useRefusals } from '../rights/use-missing.js';
import { type RightfulAction, rightsFor } from './action-rights.js';

/** Why this may not be done to an object; undefined where it may. */
export type Refused = (action: RightfulAction) => Refusal | undefined;

/** What of these actions may not be done to an object, and why. The server is asked while this is shown. */
export function useRefused(
  resource: Resource,
  object: UnstructuredObject,
  actions: readonly RightfulAction[],
): Refused {
  const refusals = useRefusals(actions.flatMap((action) => rightsFor(action, resource, object)));
  return (action) => refusals(rightsFor(action, resource, object));
}

/** Of so many namespaces, or objects of none, what may be done to many at once is asked; the server says the rest. */
const MOST_ASKED = 20;

/** One object for each namespace; of what has none, each. */
function askedAbout(objects: readonly UnstructuredObject[]): readonly UnstructuredObject[] {
  const places = new Map(objects.map((object) => [object.metadata.namespace ?? object.metadata.name ?? '', object]));
  return [...places.values()].slice(0, MOST_ASKED);
}

/** Why this may not be done to all of these objects. */
export function useRefusedOfMany(
  resource: Resource,
  objects: readonly UnstructuredObject[],
  actions: readonly RightfulAction[],
): Refused {
  const asked = askedAbout(objects);
  const namespaces = new Set(asked.map(({ metadata }) => metadata.namespace ?? metadata.name ?? ''));
  const rightsOf = (action: RightfulAction, of: readonly UnstructuredObject[]) =>
    of.flatMap((object) => rightsFor(action, resource, object));
  const refusals = useRefusals(actions.flatMap((action) => rightsOf(action, asked)));
  const known = objects.filter(({ metadata }) => namespaces.has(metadata.namespace ?? metadata.name ?? ''));
  return (action) => refusals(rightsOf(action, known));
}
