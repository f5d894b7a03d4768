import type { Pod, PodCondition } from '@binnacle/apis-kubernetes/core/v1';
import {
  formatTime,
  newUnclassifiedError,
  type ObjectMeta,
  quote,
  type UnstructuredObject,
} from '@binnacle/machinery-meta';
import type { WriteOptions } from './create-object.js';
import { conflict } from './failures.js';
import type { RequestContext } from './request-context.js';
import type { ObjectPlace } from './resource-core.js';
import type { ResourceStore } from './resource-store.js';

/** What the scheduler posts to `pods/<name>/binding`. */
export interface PodBinding {
  readonly metadata?: ObjectMeta;
  readonly target?: { readonly kind?: string; readonly name?: string };
}

type NodeTarget = { readonly nodeName: string; readonly now: number };

function checkTarget(binding: PodBinding): string {
  const { kind = 'Node', name } = binding.target ?? {};
  // Upstream hands these on without making them a refusal.
  if (!['Node', ''].includes(kind)) {
    throw newUnclassifiedError(`target.kind: Unsupported value: ${quote(kind)}: supported values: "Node", "<empty>"`);
  }
  if (name) return name;
  throw newUnclassifiedError('target.name: Required value');
}

function refusal(pod: Pod): string | undefined {
  const name = pod.metadata.name;
  if (pod.metadata.deletionTimestamp) return `pod ${name} is being deleted, cannot be assigned to a host`;
  if (pod.spec?.nodeName) return `pod ${name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`;
  if (pod.spec?.schedulingGates?.length) return `pod ${name} has non-empty .spec.schedulingGates`;
  return undefined;
}

function scheduled(conditions: readonly PodCondition[], now: number): PodCondition[] {
  const before = conditions.find(({ type }) => type === 'PodScheduled');
  if (before?.status === 'True') return [...conditions];
  const condition: PodCondition = { type: 'PodScheduled', status: 'True', lastTransitionTime: formatTime(now) };
  return [...conditions.filter(({ type }) => type !== 'PodScheduled'), condition];
}

function assign(pod: Pod, binding: PodBinding, { nodeName, now }: NodeTarget): void {
  if (pod.spec) pod.spec.nodeName = nodeName;
  const { annotations, labels } = binding.metadata ?? {};
  if (annotations) pod.metadata.annotations = { ...pod.metadata.annotations, ...annotations };
  if (labels) pod.metadata.labels = { ...pod.metadata.labels, ...labels };
  const { nominatedNodeName: _, ...status } = pod.status ?? {};
  pod.status = { ...status, conditions: scheduled(status.conditions ?? [], now) };
}

/** Assigns a Pod to a Node, once. Behaves as kubernetes pkg/registry/core/pod/storage BindingREST. */
export async function bindPod(
  pods: ResourceStore,
  ctx: RequestContext,
  place: ObjectPlace,
  binding: PodBinding,
  options: WriteOptions = {},
): Promise<void> {
  const nodeName = checkTarget(binding);
  const change = (object: UnstructuredObject): UnstructuredObject => {
    const { uid, resourceVersion } = binding.metadata ?? {};
    if (uid) object.metadata.uid = uid;
    if (resourceVersion) object.metadata.resourceVersion = resourceVersion;
    const pod = object as unknown as Pod;
    const why = refusal(pod);
    if (why)
      throw conflict({ group: '', names: { ...pods.definition.names, plural: 'pods/binding' } }, place.name, why);
    assign(pod, binding, { nodeName, now: ctx.clock.now() });
    return object;
  };
  await pods.update(ctx, place, change, { ...options, rules: 'none', subresource: 'binding', unowned: true });
}
