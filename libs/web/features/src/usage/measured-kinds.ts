import type { Node, Pod, PodSpec } from '@binnacle/apis-kubernetes/core/v1';
import { heldLimits, podRequests } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import { workloadUsageName } from '@binnacle/apis-kubernetes/usage/v1';
import { objectKey, type UnstructuredObject } from '@binnacle/web-data';
import { units } from '../objects/quantities.js';
import { as } from '../view/kind-view.js';
import type { Resource, Usage } from './amounts.js';

/** What may be used, in cores or bytes; a member is absent where nothing is said. */
export interface UsageBounds {
  readonly request?: number;
  readonly limit?: number;
  readonly allocatable?: number;
}

/** How what the objects of a kind use is found, and what it is compared with. */
export interface MeasuredKind {
  /** The kind that says it. */
  readonly resource: string;
  /** Narrows that to what is said of this kind. */
  readonly fieldSelector?: string;
  /** What the object that says it of another is called. */
  readonly nameOf: (object: UnstructuredObject) => string;
  readonly boundsOf: (object: UnstructuredObject, usage: Usage, resource: Resource) => UsageBounds;
}

const bounds = (name: keyof UsageBounds, amount: number): UsageBounds => (amount > 0 ? { [name]: amount } : {});

/** What so many Pods ask for, and may have where something bounds every container. */
function ofSpec(spec: PodSpec | undefined, resource: Resource, count: number): UsageBounds {
  if (!spec) return {};
  const isBound = ({ resources }: Pick<PodSpec, 'resources'>) => resources?.limits?.[resource] !== undefined;
  const limit = isBound(spec) || spec.containers.every(isBound) ? units(heldLimits({ spec } as Pod).get(resource)) : 0;
  return { ...bounds('request', units(podRequests(spec).get(resource)) * count), ...bounds('limit', limit * count) };
}

const pods: MeasuredKind = {
  resource: 'podusages.usage.binnacle.dev',
  nameOf: ({ metadata }) => metadata.name ?? '',
  boundsOf: (object, _, resource) => ofSpec(as<Pod>(object).spec, resource, 1),
};

const nodes: MeasuredKind = {
  resource: 'nodeusages.usage.binnacle.dev',
  nameOf: ({ metadata }) => metadata.name ?? '',
  boundsOf: (object, _, resource) => bounds('allocatable', units(as<Node>(object).status?.allocatable?.[resource])),
};

interface Templated {
  readonly spec?: { readonly template?: { readonly spec?: PodSpec } };
}

/** As much as the template asks for, for each Pod that there is. */
const workload = (kind: string): MeasuredKind => ({
  resource: 'workloadusages.usage.binnacle.dev',
  fieldSelector: `workload.kind=${kind}`,
  nameOf: ({ metadata }) => workloadUsageName(kind, metadata.name ?? ''),
  boundsOf: (object, usage, resource) => ofSpec((object as Templated).spec?.template?.spec, resource, usage.pods),
});

const KINDS: Readonly<Record<string, MeasuredKind>> = {
  pods,
  nodes,
  'deployments.apps': workload('Deployment'),
  'replicasets.apps': workload('ReplicaSet'),
  'statefulsets.apps': workload('StatefulSet'),
  'daemonsets.apps': workload('DaemonSet'),
  'jobs.batch': workload('Job'),
  replicationcontrollers: workload('ReplicationController'),
};

/** Undefined of kinds that use nothing. */
export function measuredKind(id: string): MeasuredKind | undefined {
  return KINDS[id];
}

/** What a usage is found by among those of a list. */
export function usageKey(kind: MeasuredKind, object: UnstructuredObject): string {
  return objectKey({ ...object, metadata: { ...object.metadata, name: kind.nameOf(object) } });
}
