import type { ApiTarget, Resource, UnstructuredObject } from '@binnacle/web-data';

export type ActionName = 'scale' | 'restart' | 'rollBack' | 'cordon' | 'delete';

export interface ActionTarget {
  readonly object: UnstructuredObject;
  readonly resource: Resource;
  readonly target: ApiTarget;
  readonly onClose: () => void;
}

export function apiTarget(cluster: string, resource: Resource, object: UnstructuredObject): ApiTarget {
  const { group, version } = resource;
  const { namespace, name = '' } = object.metadata;
  return { cluster, group, version, resource: resource.resource, name, ...(namespace && { namespace }) };
}
