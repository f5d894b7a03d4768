'use client';

import type { Blame } from '@binnacle/apis-kubernetes/history/v1';
import { isPast, presentCluster } from '@binnacle/machinery-meta';
import { apiPath, call, type Resource, type UnstructuredObject, useCluster } from '@binnacle/web-data';
import { keepPreviousData, useQuery } from '@tanstack/react-query';

const ID = 'changes.history.binnacle.dev';
/** Changes of objects in no namespace are kept in this one. */
const FOR_CLUSTER_SCOPED = 'default';
/** In milliseconds: an object that changes all the time is not asked about each time. */
const REFRESH = 5_000;

/** Undefined where the server tells of no changes. */
export function useChangeKind(): Resource | undefined {
  return useCluster().resources.byId(ID);
}

/** Groups of what is measured or decided, or is itself a record. */
const UNWRITTEN: ReadonlySet<string> = new Set([
  'history.binnacle.dev',
  'metrics.k8s.io',
  'networking.binnacle.dev',
  'scheduling.binnacle.dev',
  'usage.binnacle.dev',
]);

/** In the past nothing can be written, so that verbs do not tell what is. An Event says itself who reports it. */
function isWritten({ group, resource, verbs }: Resource, past: boolean): boolean {
  if (UNWRITTEN.has(group) || resource === 'events' || resource === 'componentstatuses') return false;
  return past || verbs.includes('create');
}

/** Whether there is anything to know of who set the fields of such objects: what nobody writes has no history. */
export function useHasBlame(resource: Resource): boolean {
  const past = isPast(useCluster().cluster);
  return useChangeKind() !== undefined && isWritten(resource, past);
}

export interface KnownBlame {
  readonly blame: Blame | undefined;
  readonly error: Error | null;
  /** Where the changes of the object are. */
  readonly namespace: string;
}

/** Who set each field of an object as it is seen, also in the past; follows it while it changes. */
export function useBlame({ group, version, resource }: Resource, { metadata }: UnstructuredObject): KnownBlame {
  const cluster = presentCluster(useCluster().cluster);
  const { uid, resourceVersion: name = '', namespace = FOR_CLUSTER_SCOPED } = metadata;
  const { data, error } = useQuery<Blame>({
    queryKey: ['blame', cluster, uid],
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.metadata.name === name ? false : REFRESH),
    retry: false,
    queryFn: ({ signal }) =>
      call<Blame>(apiPath({ cluster, group, version, resource, namespace, name, subresource: 'blame' }), { signal }),
  });
  return { blame: data, error, namespace };
}
