import type { Context } from '@binnacle/machinery-context';
import type { ClusterView } from '../cache/cluster-cache.js';
import type { ClusterEvent } from './cluster-event.js';
import type { PodInfo } from '../pod/pod-info.js';

/** Why a node cannot take a Pod. */
export interface Rejection {
  /** Upstream's sentences; counted over all nodes they make the message of FailedScheduling. */
  readonly reasons: readonly string[];
  /** No eviction of other Pods from this node would help. */
  readonly unresolvable: boolean;
  /** It is the Pod's own matter and the same for every node: it is told once, and not counted. */
  readonly ofPod?: boolean;
  /** What exactly it was, for those who look at one node. */
  readonly detail?: string;
}

/** Answers for one node, by its row in the node table. */
export type NodeFilter = (row: number) => Rejection | undefined;

/** Keeps Pods out of the queue; answers why. */
export interface PreEnqueuePlugin {
  readonly name: string;
  preEnqueue(pod: PodInfo): string | undefined;
}

/** PreFilter and Filter. */
export interface FilterPlugin {
  readonly name: string;
  /** Looks once at the Pod and the cluster. Undefined when the plugin has nothing against any node. */
  preFilter(pod: PodInfo, cluster: ClusterView): NodeFilter | undefined;
  /** Queueing hint: whether `event` may make room for a Pod that this plugin rejected. */
  wakes(event: ClusterEvent, pod: PodInfo): boolean;
}

export const MAX_NODE_SCORE = 100;

export interface NodeScorer {
  score(row: number): number;
  /** Turns raw scores, in the order of the candidates, into 0 to 100. Without it they are taken as they are. */
  normalize?(scores: Float64Array): void;
}

/** PreScore, Score and NormalizeScore. */
export interface ScorePlugin {
  readonly name: string;
  readonly weight: number;
  /** A number when every candidate gets the same; undefined when the plugin has no opinion on this Pod. */
  preScore(pod: PodInfo, cluster: ClusterView, candidates: readonly number[]): NodeScorer | number | undefined;
}

/** What was kept for a Pod on the node it was given. */
export interface Reservation {
  /** What must be done before the Pod is bound. */
  preBind(ctx: Context): Promise<void>;
  /** The Pod is bound, or is not going to be: nothing is kept any more. */
  end(): void;
}

/** Reserve, PreBind and Unreserve. */
export interface ReservePlugin {
  readonly name: string;
  /** At once, before another Pod is looked at; undefined where the Pod needs nothing. Throws where it cannot have it. */
  reserve(pod: PodInfo, node: string, cluster: ClusterView): Reservation | undefined;
}

export interface BindPlugin {
  readonly name: string;
  bind(ctx: Context, pod: PodInfo, node: string): Promise<void>;
}

/** Scales raw scores to 0..100 by the highest; `reverse` makes the lowest raw score the best. */
export function normalizeByHighest(scores: Float64Array, reverse: boolean): void {
  let highest = 0;
  for (let i = 0; i < scores.length; i += 1) highest = Math.max(highest, scores[i] as number);
  for (let i = 0; i < scores.length; i += 1) {
    const share = highest === 0 ? 0 : Math.floor((MAX_NODE_SCORE * (scores[i] as number)) / highest);
    scores[i] = reverse ? MAX_NODE_SCORE - share : share;
  }
}
