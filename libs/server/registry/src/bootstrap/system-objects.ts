import { ignoreNotFound, isAlreadyExists, type UnstructuredObject } from '@binnacle/machinery-meta';
import type { Registry } from '../registry.js';
import type { RequestContext } from '../request-context.js';

const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

const PRIORITY_CLASSES = [
  {
    name: 'system-node-critical',
    value: 2_000_001_000,
    description: 'For Pods the node cannot do without; they are never moved away.',
  },
  {
    name: 'system-cluster-critical',
    value: 2_000_000_000,
    description: 'For Pods the cluster cannot do without; another node may run them.',
  },
];

interface Wanted {
  readonly group: string;
  readonly plural: string;
  readonly object: UnstructuredObject;
}

function namespaceNamed(name: string): Wanted {
  return { group: '', plural: 'namespaces', object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } } };
}

function priorityClass({ name, value, description }: (typeof PRIORITY_CLASSES)[number]): Wanted {
  const base = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name } };
  return { group: 'scheduling.k8s.io', plural: 'priorityclasses', object: { ...base, value, description } };
}

async function make(ctx: RequestContext, registry: Registry, { group, plural, object }: Wanted): Promise<void> {
  try {
    await registry.find(group, 'v1', plural)?.create(ctx, { namespace: '' }, object);
  } catch (error) {
    // A replica, or an earlier start, made it.
    if (!isAlreadyExists(error)) throw error;
  }
}

/** Makes what must exist in every logical cluster before anything else is asked of it. Harmless to repeat. */
export async function createSystemObjects(ctx: RequestContext, registry: Registry): Promise<void> {
  for (const wanted of [...NAMESPACES.map(namespaceNamed), ...PRIORITY_CLASSES.map(priorityClass)]) {
    await make(ctx, registry, wanted);
  }
}

/** Makes again the namespaces that are gone: without kube-node-lease no Node would be heard of any more. */
export async function restoreNamespaces(ctx: RequestContext, registry: Registry): Promise<void> {
  const namespaces = registry.get('', 'v1', 'namespaces');
  for (const name of NAMESPACES) {
    const present = await ignoreNotFound(namespaces.get(ctx, { namespace: '', name }, { at: 'any' }));
    if (!present) await make(ctx, registry, namespaceNamed(name));
  }
}
