import type { KubeObject } from '@binnacle/machinery-meta';
import type { ObjectKey } from './types.js';

/** `namespace/name`, or `name` for cluster-scoped objects. */
export function keyOf({ metadata }: Pick<KubeObject, 'metadata'>): ObjectKey {
  return metadata.namespace ? `${metadata.namespace}/${metadata.name}` : (metadata.name ?? '');
}

export function splitKey(key: ObjectKey): { namespace?: string; name: string } {
  const slash = key.indexOf('/');
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
