import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { ClusterView } from '../../cache/cluster-cache.js';
import type { NodeResourcesFitArgs } from '../../configuration/types.js';
import type { EventOf } from '../../framework/cluster-event.js';
import type { FilterPlugin, NodeFilter, ScorePlugin } from '../../framework/plugin.js';
import { on } from '../../framework/queueing-hint.js';
import type { Rejection } from '../../framework/rejection.js';
import { type Amounts, amounts } from '../../pod/pod-requests.js';
import type { PodInfo } from '../../pod/pod-info.js';
import { dimensionsOf, scoreOf, strategyOf } from './scoring.js';

const NAME = 'NodeResourcesFit';
const TOO_MANY_PODS = 'Too many pods';

/** A node's rejections are the same objects again and again: most nodes that are full are full of the same thing. */
const interned = new Map<string, Rejection>();

function rejection(reasons: readonly string[], unresolvable: boolean): Rejection {
  const key = `${unresolvable} ${reasons.join(',')}`;
  const known = interned.get(key) ?? { reasons, unresolvable };
  interned.set(key, known);
  return known;
}

interface Demand {
  readonly name: string;
  readonly amount: number;
  readonly allocatable: Float64Array;
  readonly requested: Float64Array;
  readonly ofDevices: boolean;
}

function isShort({ amount, allocatable, requested, ofDevices }: Demand, row: number): boolean {
  // A claim for devices of the node gives what nobody else there has.
  if (ofDevices && allocatable[row] === 0) return false;
  return amount > (allocatable[row] as number) - (requested[row] as number);
}

function explain(row: number, full: boolean, demands: readonly Demand[]): Rejection {
  const short = demands.filter((demand) => isShort(demand, row));
  const reasons = short.map(({ name }) => `Insufficient ${name}`);
  const unresolvable = short.some(({ amount, allocatable }) => amount > (allocatable[row] as number));
  return rejection(full ? [TOO_MANY_PODS, ...reasons] : reasons, unresolvable);
}

/** So many demands that what a node is short of can be told by the bits of a small number. */
const MOST_BITS = 28;

/** What a node is short of as a number: by demand, whether there is no place, and whether an empty node would be too small. */
function shortageOf(row: number, full: boolean, demands: readonly Demand[]): number {
  let bits = full ? 1 : 0;
  for (let i = 0; i < demands.length; i += 1) {
    const demand = demands[i] as Demand;
    if (!isShort(demand, row)) continue;
    bits |= 4 << i;
    if (demand.amount > (demand.allocatable[row] as number)) bits |= 2;
  }
  return bits;
}

/** Words are made once for all nodes that are short of the same. */
function explainer(demands: readonly Demand[]): (row: number, full: boolean) => Rejection {
  const known = new Map<number, Rejection>();
  return (row, full) => {
    if (demands.length > MOST_BITS) return explain(row, full, demands);
    const bits = shortageOf(row, full, demands);
    const told = known.get(bits) ?? explain(row, full, demands);
    known.set(bits, told);
    return told;
  };
}

type Counts = (resource: string) => boolean;

/** Resources of vendors that somebody else looks after. */
function counted({ ignoredResources, ignoredResourceGroups }: NodeResourcesFitArgs): Counts {
  const names = new Set(ignoredResources);
  const groups = new Set(ignoredResourceGroups);
  return (resource) => {
    const slash = resource.indexOf('/');
    return slash < 0 || !(names.has(resource) || groups.has(resource.slice(0, slash)));
  };
}

/** Whether an extended resource may be had by a claim of devices, on nodes that have none of it otherwise. */
type OfDevices = (resource: string) => unknown;

function demandsOf(pod: PodInfo, { nodes }: ClusterView, counts: Counts, devices: OfDevices): Demand[] {
  return [...pod.requests]
    .filter(([name, amount]) => amount > 0 && counts(name))
    .map(([name, amount]) => {
      const { allocatable, requested } = nodes.resource(name);
      const ofDevices = name.includes('/') && Boolean(devices(name));
      return { name, amount, allocatable: allocatable.array, requested: requested.array, ofDevices };
    });
}

function shortages(pod: PodInfo, cluster: ClusterView, counts: Counts, devices: OfDevices): NodeFilter {
  const demands = demandsOf(pod, cluster, counts, devices);
  const slots = cluster.nodes.resource('pods').allocatable.array;
  const taken = cluster.nodes.podCount.array;
  const explained = explainer(demands);
  return (row) => {
    const full = (taken[row] as number) + 1 > (slots[row] as number);
    let short = full;
    for (let i = 0; i < demands.length && !short; i += 1) short = isShort(demands[i] as Demand, row);
    return short ? explained(row, full) : undefined;
  };
}

/** Whether the Pod would fit an empty node of this size. */
const couldFit = (pod: PodInfo, allocatable: Amounts, devices: OfDevices): boolean =>
  [...pod.requests].every(
    ([name, amount]) => amount <= (allocatable.get(name) ?? 0) || (name.includes('/') && Boolean(devices(name))),
  );

const sizeOf = (node: Node): Amounts => amounts(node.status?.allocatable);

/** The node is large enough now, and has more of something the Pod asks for, or of places for Pods. */
function helpsByNode(pod: PodInfo, { old, current }: EventOf<'Node'>, devices: OfDevices): boolean {
  if (!current) return false;
  const next = sizeOf(current);
  if (!couldFit(pod, next, devices)) return false;
  if (!old) return true;
  const before = sizeOf(old);
  const wanted = [...pod.requests].filter(([, amount]) => amount > 0).map(([name]) => name);
  return [...wanted, 'pods'].some((name) => (next.get(name) ?? 0) > (before.get(name) ?? 0));
}

/** The Pod itself asks for less, or another for less of what it asks for. */
function helpsByScaleDown(pod: PodInfo, { old, current }: EventOf<'Pod'>): boolean {
  if (!old || !current || current.uid === pod.uid) return true;
  return [...pod.requests].some(
    ([name, amount]) => amount > 0 && (old.requests.get(name) ?? 0) > (current.requests.get(name) ?? 0),
  );
}

/**
 * Keeps Pods to nodes that have what they ask for, and prefers them as the strategy says: the emptiest, the fullest, or by a
 * shape. Behaves as kubernetes pkg/scheduler/framework/plugins/noderesources fit.go.
 */
export function nodeResourcesFit(
  args: NodeResourcesFitArgs,
  devices: OfDevices = () => undefined,
): FilterPlugin & ScorePlugin {
  const counts = counted(args);
  const strategy = strategyOf(args.scoringStrategy);
  return {
    name: NAME,
    lasting: true,
    preFilter: (pod, cluster) => shortages(pod, cluster, counts, devices),
    eventsToRegister: () => [
      on('Pod', ['Delete']),
      on('Pod', ['UpdatePodScaleDown'], helpsByScaleDown),
      on('Node', ['Add', 'UpdateNodeAllocatable'], (pod, event) => helpsByNode(pod, event, devices)),
    ],
    preScore(pod, { nodes }) {
      const dimensions = dimensionsOf(pod, nodes, args.scoringStrategy.resources);
      return { score: (row) => scoreOf(row, dimensions, strategy) };
    },
  };
}
