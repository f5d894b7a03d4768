import { dayOf, TOKEN_TRACKING_CONFIG_MAP, TOKEN_TRACKING_SINCE } from '@binnacle/apis-kubernetes/tokens';
import { ignoreNotFound, isAlreadyExists, type UnstructuredObject } from '@binnacle/machinery-meta';
import type { Registry } from '../registry.js';
import type { RequestContext } from '../request-context.js';
import { keepFlowControlObjects } from './flow-control-objects.js';
import { localApiServices } from './local-api-services.js';
import { keepRbacObjects } from './rbac-objects.js';

const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

const PRIORITY_CLASSES = [
  {
    name: 'system-node-critical',
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
  {
    name: 'system-cluster-critical',
    value: 2_000_000_000,
    description:
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
];

interface Wanted {
  readonly namespace?: string;
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

/** Says since when it is known when tokens in Secrets are used: what is older cannot be told from what nobody needs. */
function tokenTracking(ctx: RequestContext): Wanted {
  const metadata = { name: TOKEN_TRACKING_CONFIG_MAP, namespace: 'kube-system' };
  const data = { [TOKEN_TRACKING_SINCE]: dayOf(ctx.clock.now()) };
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
  return { group: '', plural: 'configmaps', namespace: 'kube-system', object };
}

async function make(ctx: RequestContext, registry: Registry, wanted: Wanted): Promise<void> {
  const { group, plural, namespace = '', object } = wanted;
  try {
    await registry.builtin.find(group, 'v1', plural)?.create(ctx, { namespace }, object);
  } catch (error) {
    // A replica, or an earlier start, made it.
    if (!isAlreadyExists(error)) throw error;
  }
}

const objects = (ctx: RequestContext): Wanted[] => [
  ...NAMESPACES.map(namespaceNamed),
  ...PRIORITY_CLASSES.map(priorityClass),
  tokenTracking(ctx),
];

async function apiServices(ctx: RequestContext, registry: Registry): Promise<Wanted[]> {
  const kinds = (await registry.of(ctx)).all().map(({ definition }) => definition);
  return localApiServices(kinds).map((object) => ({ group: 'apiregistration.k8s.io', plural: 'apiservices', object }));
}

/** Makes what must exist in every logical cluster before anything else is asked of it. Harmless to repeat. */
export async function createSystemObjects(ctx: RequestContext, registry: Registry): Promise<void> {
  for (const wanted of objects(ctx)) await make(ctx, registry, wanted);
  const services = await apiServices(ctx, registry);
  await Promise.all(services.map((wanted) => make(ctx, registry, wanted)));
  await keepRbacObjects(ctx, registry);
  await keepFlowControlObjects(ctx, registry);
}

/** The same, of what is gone, and cheap where nothing is. */
export async function restoreSystemObjects(ctx: RequestContext, registry: Registry): Promise<void> {
  for (const wanted of objects(ctx)) await restore(ctx, registry, wanted);
  const services = await apiServices(ctx, registry);
  await Promise.all(services.map((wanted) => restore(ctx, registry, wanted)));
  await keepRbacObjects(ctx, registry);
  await keepFlowControlObjects(ctx, registry);
}

/** Makes again the namespaces that are gone: without kube-node-lease no Node would be heard of any more. */
export async function restoreNamespaces(ctx: RequestContext, registry: Registry): Promise<void> {
  for (const name of NAMESPACES) await restore(ctx, registry, namespaceNamed(name));
}

async function restore(ctx: RequestContext, registry: Registry, wanted: Wanted): Promise<void> {
  const { group, plural, namespace = '', object } = wanted;
  const place = { namespace, name: object.metadata.name ?? '' };
  const present = await ignoreNotFound(registry.get(group, 'v1', plural).get(ctx, place, { at: 'any' }));
  if (!present) await make(ctx, registry, wanted);
}
