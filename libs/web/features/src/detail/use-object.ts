'use client';

import {
  type Knowledge,
  type ObjectRef,
  type Resource,
  resourceId,
  type UnstructuredObject,
  useCluster,
  useKnowledge,
  useLive,
} from '@binnacle/web-data';
import type { Status } from '@binnacle/machinery-meta';
import { useRef } from 'react';
import { kindView } from '../kinds/kind-views.js';

interface ObjectSight {
  /** The object, or its last state where it has gone while it was looked at. */
  readonly object: UnstructuredObject | undefined;
  readonly gone: boolean;
  readonly knowledge: Knowledge;
  readonly error: Status | undefined;
}

/** What such an object holds is sent when it is asked for. */
export function hidesValues(resource: Resource): boolean {
  return kindView(resourceId(resource)).hidesValues === true;
}

/** One object, live; with `keysOnly` without the values of its data. */
export function useObject(resource: Resource, { namespace, name }: ObjectRef, keysOnly = false): ObjectSight {
  const { cluster } = useCluster();
  const { group, version } = resource;
  const view = useLive({
    cluster,
    group,
    version,
    resource: resource.resource,
    fieldSelector: `metadata.name=${name}`,
    ...(namespace && { namespace }),
    ...(keysOnly && { keysOnly }),
  });
  const last = useRef<UnstructuredObject>(undefined);
  const found = view.items.find((item) => item.metadata.name === name);
  if (found) last.current = found;
  const kept = last.current?.metadata.name === name ? last.current : undefined;
  const knowledge = useKnowledge(view);
  const gone = !found && kept !== undefined && view.phase === 'live';
  return { object: found ?? kept, gone, knowledge, error: view.error };
}
