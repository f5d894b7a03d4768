'use client';

import {
  type LivePhase,
  type ObjectRef,
  type Resource,
  type UnstructuredObject,
  useCluster,
  useLive,
} from '@binnacle/web-data';
import type { Status } from '@binnacle/machinery-meta';
import { useRef } from 'react';

export interface ObjectSight {
  /** The object, or its last state where it has gone while it was looked at. */
  readonly object: UnstructuredObject | undefined;
  readonly gone: boolean;
  readonly phase: LivePhase;
  readonly error: Status | undefined;
}

/** One object, live. */
export function useObject(resource: Resource, { namespace, name }: ObjectRef): ObjectSight {
  const { cluster } = useCluster();
  const { group, version } = resource;
  const view = useLive({
    cluster,
    group,
    version,
    resource: resource.resource,
    fieldSelector: `metadata.name=${name}`,
    ...(namespace && { namespace }),
  });
  const last = useRef<UnstructuredObject>(undefined);
  const found = view.items.find((item) => item.metadata.name === name);
  if (found) last.current = found;
  const kept = last.current?.metadata.name === name ? last.current : undefined;
  return { object: found ?? kept, gone: !found && kept !== undefined, phase: view.phase, error: view.error };
}
