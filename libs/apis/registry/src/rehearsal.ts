import { finished } from '@binnacle/machinery-context';
import type { KubeObject, UnstructuredObject } from '@binnacle/machinery-meta';
import type { FieldError } from '@binnacle/machinery-validation';
import { conform } from '@binnacle/apis-schema';
import type { ResourceDefinition } from './definition.js';

export interface Rehearsal<T extends KubeObject> {
  readonly object: T;
  readonly errors: readonly FieldError[];
}

/** A private copy, as the server decodes it. */
function draftOf({ schema, schemas }: ResourceDefinition, object: KubeObject): UnstructuredObject {
  return conform(schemas, schema, object).object as unknown as UnstructuredObject;
}

/**
 * What the rules of a kind alone make of a new object, without admission or storage: the tests of kinds judge them with
 * it. The object is not changed.
 * @throws BadValue where a value has the wrong type.
 */
export function rehearseCreate<T extends KubeObject>(definition: ResourceDefinition, object: T): Rehearsal<T> {
  const { strategy } = definition;
  const draft = draftOf(definition, object);
  strategy.applyDefaults?.(draft);
  strategy.prepareForCreate?.(draft);
  const errors = [...(strategy.validate?.(draft) ?? []), ...finished(strategy.validateCreate?.(draft) ?? [])];
  return { object: draft as unknown as T, errors };
}

/** The same for a change of `old` into `next`, at a time in milliseconds since the epoch. */
export function rehearseUpdate<T extends KubeObject>(
  definition: ResourceDefinition,
  next: T,
  old: T,
  now = 0,
): Rehearsal<T> {
  const { strategy } = definition;
  const [draft, before] = [draftOf(definition, next), draftOf(definition, old)];
  strategy.applyDefaults?.(draft);
  strategy.prepareForUpdate?.(draft, before, now);
  const errors = [...(strategy.validate?.(draft) ?? []), ...finished(strategy.validateUpdate?.(draft, before) ?? [])];
  return { object: draft as unknown as T, errors };
}

/** The same for a change of the status of `old` into that of `next`, at a time in milliseconds since the epoch. */
export function rehearseStatusUpdate<T extends KubeObject>(
  definition: ResourceDefinition,
  next: T,
  old: T,
  now = 0,
): Rehearsal<T> {
  const { strategy } = definition;
  const [draft, before] = [draftOf(definition, next), draftOf(definition, old)];
  strategy.applyDefaults?.(draft);
  strategy.prepareForStatusUpdate?.(draft, before, now);
  return { object: draft as unknown as T, errors: finished(strategy.validateStatusUpdate?.(draft, before) ?? []) };
}
