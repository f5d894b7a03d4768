'use client';

import { type LiveView, type UnstructuredObject, useLive } from '@binnacle/web-data';
import { useMemo } from 'react';
import { useQueryOf } from '../objects/use-query-of.js';
import { newestFirst } from './event-fields.js';

interface ObjectEvents {
  readonly events: readonly UnstructuredObject[];
  readonly view: LiveView;
}

/** Where the events of an object are: beside it, or in `default` for what has no namespace. */
export function useObjectEvents({ kind, metadata }: UnstructuredObject): ObjectEvents {
  const { name = '', namespace } = metadata;
  const fieldSelector = `involvedObject.name=${name},involvedObject.kind=${kind}`;
  const view = useLive(useQueryOf('events', { fieldSelector, ...(namespace && { namespace }) }));
  const events = useMemo(() => [...view.items].sort(newestFirst), [view.items]);
  return { events, view };
}
