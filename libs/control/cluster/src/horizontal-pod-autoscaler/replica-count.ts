import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { podRequests } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import { toMillis } from '@binnacle/machinery-quantity';
import { groupPods, type PodGroups, type PodMetrics } from './pod-metrics.js';

/** How far from its target a metric may be without anything being done. */
export interface Tolerances {
  readonly up: number;
  readonly down: number;
}

/** What the Pods of a target are looked at for. */
export interface Target {
  readonly pods: readonly Pod[];
  readonly replicas: number;
  readonly tolerances: Tolerances;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** How many there should be, and what was found. Amounts are in thousandths. */
export interface Proposal {
  readonly replicas: number;
  readonly average: number;
  /** Percent of what is asked for. */
  readonly utilization?: number;
}

export class MetricError extends Error {}

const isWithin = (ratio: number, { up, down }: Tolerances): boolean => ratio >= 1 - down && ratio <= 1 + up;

/** How much more than it should be a set of values is. */
type Ratio = (values: ReadonlyMap<string, number>) => {
  readonly ratio: number;
  readonly found: Omit<Proposal, 'replicas'>;
};

interface Counting {
  readonly ratio: Ratio;
  /** What one of which nothing is known is taken to use where the others use too little. */
  readonly usual: (pod: string) => number;
}

/** With those left out that are not known of, on the side that changes least. */
function filled(
  { missing, unready, metrics }: PodGroups,
  ratio: number,
  usual: Counting['usual'],
): Map<string, number> {
  const values = new Map([...metrics].map(([name, { value }]) => [name, value]));
  if (ratio !== 1) for (const name of missing) values.set(name, ratio < 1 ? usual(name) : 0);
  if (ratio > 1) for (const name of unready) values.set(name, 0);
  return values;
}

/** Looks again with what is not known: what would then go the other way is left as it is. */
function cautious(target: Target, groups: PodGroups, before: number, { ratio, usual }: Counting): number {
  const values = filled(groups, before, usual);
  const after = ratio(values).ratio;
  const turns = (before < 1 && after > 1) || (before > 1 && after < 1);
  if (turns || isWithin(after, target.tolerances)) return target.replicas;
  const replicas = Math.ceil(after * values.size);
  const contrary = (after < 1 && replicas > target.replicas) || (after > 1 && replicas < target.replicas);
  return contrary ? target.replicas : replicas;
}

function propose(target: Target, groups: PodGroups, counting: Counting): Proposal {
  if (target.pods.length === 0) throw new MetricError('no pods returned by selector while calculating replica count');
  if (groups.metrics.size === 0)
    throw new MetricError('did not receive metrics for targeted pods (pods might be unready)');
  const values = new Map([...groups.metrics].map(([name, { value }]) => [name, value]));
  const { ratio, found } = counting.ratio(values);
  const unclear = groups.missing.length > 0 || (groups.unready.length > 0 && ratio > 1);
  if (unclear) return { ...found, replicas: cautious(target, groups, ratio, counting) };
  const replicas = isWithin(ratio, target.tolerances) ? target.replicas : Math.ceil(ratio * groups.ready);
  return { ...found, replicas };
}

const sumOf = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value, 0);

/** What a Pod, or one of its containers, asks for, in thousandths. */
function requestOf(pod: Pod, resource: string, container: string | undefined): number {
  const { containers = [], initContainers = [], resources } = pod.spec ?? {};
  const { name } = pod.metadata;
  if (container === undefined && resources?.requests) {
    const whole = pod.spec && podRequests(pod.spec).get(resource);
    if (whole === undefined) throw new MetricError(`missing pod-level request for ${resource} in Pod ${name}`);
    return toMillis(whole);
  }
  const running = [...containers, ...initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always')];
  const wanted = container === undefined ? running : running.filter((each) => each.name === container);
  if (wanted.length === 0) throw new MetricError(`container ${container} not found in Pod ${name}`);
  return sumOf(
    wanted.map((each) => {
      const request = each.resources?.requests?.[resource];
      if (request !== undefined) return toMillis(request);
      throw new MetricError(`missing request for ${resource} in container ${each.name} of Pod ${name}`);
    }),
  );
}

export interface ResourceOf {
  readonly resource: string;
  readonly container?: string | undefined;
}

/** By how many percent of what they ask for the Pods use. Behaves as kubernetes ReplicaCalculator.GetResourceReplicas. */
export function byUtilization(target: Target, metrics: PodMetrics, of: ResourceOf, percent: number): Proposal {
  const groups = groupPods(target.pods, metrics, of.resource, target.now);
  const requests = new Map<string, number>();
  const request = (name: string) => requests.get(name) ?? 0;
  const ratio: Ratio = (values) => {
    const known = [...values].filter(([name]) => requests.has(name));
    const asked = sumOf(known.map(([name]) => request(name)));
    if (asked === 0) throw new MetricError('no metrics returned matched known pods');
    const total = sumOf(known.map(([, value]) => value));
    const utilization = Math.floor((total * 100) / asked);
    return { ratio: utilization / percent, found: { utilization, average: Math.floor(total / known.length) } };
  };
  if (groups.metrics.size > 0)
    for (const pod of target.pods) requests.set(pod.metadata.name ?? '', requestOf(pod, of.resource, of.container));
  const usual = (name: string) => Math.floor((request(name) * Math.max(100, percent)) / 100);
  return propose(target, groups, { ratio, usual });
}

/** By what each Pod uses. `resource` is empty for what is no resource. Behaves as kubernetes calcPlainMetricReplicas. */
export function byAverage(target: Target, metrics: PodMetrics, resource: string, wanted: number): Proposal {
  const ratio: Ratio = (values) => {
    const average = Math.floor(sumOf(values.values()) / values.size);
    return { ratio: average / wanted, found: { average } };
  };
  return propose(target, groupPods(target.pods, metrics, resource, target.now), { ratio, usual: () => wanted });
}

const isReady = ({ status }: Pod): boolean =>
  status?.phase === 'Running' &&
  (status.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value === 'True');

/** By one value of something else. Behaves as kubernetes getUsageRatioReplicaCount. */
export function byValue({ pods, replicas, tolerances }: Target, value: number, wanted: number): Proposal {
  const ratio = value / wanted;
  if (replicas === 0) return { replicas: Math.ceil(ratio), average: value };
  if (isWithin(ratio, tolerances)) return { replicas, average: value };
  if (pods.length === 0) throw new MetricError('no pods returned by selector while calculating replica count');
  return { replicas: Math.min(2 ** 31 - 1, Math.ceil(ratio * pods.filter(isReady).length)), average: value };
}

/** By one value that is shared by all Pods there are. Behaves as kubernetes GetExternalPerPodMetricReplicas. */
export function byShare(running: number, tolerances: Tolerances, value: number, wanted: number): Proposal {
  const stays = running > 0 && isWithin(value / (wanted * running), tolerances);
  const replicas = stays ? running : Math.min(2 ** 31 - 1, Math.ceil(value / wanted));
  return { replicas, average: running > 0 ? Math.ceil(value / running) : value };
}
