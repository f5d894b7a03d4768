import { type Resource, resourceId, type UnstructuredObject } from '@binnacle/web-data';

const ROLLING = new Set(['deployments.apps', 'statefulsets.apps', 'daemonsets.apps']);

/** What can be done to an object, by its kind and its state. */
export interface Abilities {
  readonly scale: boolean;
  readonly restart: boolean;
  readonly rollBack: boolean;
  readonly logs: boolean;
  readonly edit: boolean;
  readonly delete: boolean;
  /** Whether it is cordoned; undefined for what cannot be. */
  readonly cordoned: boolean | undefined;
}

export function abilitiesOf(resource: Resource, object: UnstructuredObject): Abilities {
  const id = resourceId(resource);
  const spec = (object.spec ?? {}) as { unschedulable?: boolean };
  return {
    scale: resource.subresources.includes('scale'),
    restart: ROLLING.has(id),
    rollBack: id === 'deployments.apps',
    logs: id === 'pods',
    edit: resource.verbs.includes('update'),
    delete: resource.verbs.includes('delete'),
    cordoned: id === 'nodes' ? spec.unschedulable === true : undefined,
  };
}

/** Kinds whose loss takes other things along or cannot be made good: the name must be typed. */
const DANGEROUS = new Set([
  'namespaces',
  'nodes',
  'persistentvolumes',
  'persistentvolumeclaims',
  'customresourcedefinitions.apiextensions.k8s.io',
]);

export function isDangerous(resource: Resource, object: UnstructuredObject): boolean {
  return DANGEROUS.has(resourceId(resource)) || object.metadata.namespace === 'kube-system';
}

/** Kinds that are worth putting back after a deletion: what was written in them was written by somebody. */
export function canPutBack(resource: Resource): boolean {
  return !['pods', 'nodes', 'namespaces', 'events', 'events.events.k8s.io', 'leases.coordination.k8s.io'].includes(
    resourceId(resource),
  );
}
