import type { Context } from '@binnacle/machinery-context';
import type { ClusterView } from '../cache/cluster-cache.js';
import type { PodInfo } from '../pod/pod-info.js';
import type { Rejection } from './rejection.js';
import type { Rejections } from './rejections.js';
import type { EnqueueExtensions } from './queueing-hint.js';

/** What extends a scheduler at one or more of its extension points. Behaves as kubernetes kube-scheduler/framework interface.go. */
export interface Plugin {
  readonly name: string;
}

/** Keeps Pods out of the queue; answers why. Asked again when an event comes that it hopes for. */
export interface PreEnqueuePlugin extends Plugin, EnqueueExtensions {
  preEnqueue(pod: PodInfo): string | undefined;
}

/** What the order of the queue may look at. */
export interface QueueSubject {
  readonly info: PodInfo;
  /** When it came into the queue, or was last put back, in milliseconds. */
  readonly timestamp: number;
}

/** The order in which Pods are taken from the queue: one for all profiles. */
export interface QueueSortPlugin extends Plugin {
  less(a: QueueSubject, b: QueueSubject): boolean;
}

/** Answers for one node, by its row in the node table. */
export type NodeFilter = (row: number) => Rejection | undefined;

/** What a plugin says of a Pod before it is asked about nodes. */
export interface PreFilterResult {
  /** No node can take the Pod. */
  readonly rejection?: Rejection;
  /** By name, the only nodes that come into question. */
  readonly nodes?: ReadonlySet<string>;
  readonly filter?: NodeFilter;
}

/** PreFilter and Filter. */
export interface FilterPlugin extends Plugin, EnqueueExtensions {
  /**
   * What `preFilter` answers stays right while Pods come to nodes and leave them: its filter looks at what is there when it is
   * asked. Of other plugins `preFilter` is asked anew whenever Pods are supposed to be elsewhere.
   */
  readonly lasting?: true;
  /** Looks once at the Pod and the cluster. Undefined (upstream's Skip) when the plugin has nothing against any node. */
  preFilter(pod: PodInfo, cluster: ClusterView): NodeFilter | PreFilterResult | undefined;
}

/** What PostFilter found out about a Pod that no node can take. */
export interface PostFilterResult {
  /** The Pod may fit there soon; null takes back what was promised before, undefined leaves it. */
  readonly nominated?: string | null;
  /** Whether something was done: then later plugins are not asked. */
  readonly helped: boolean;
  /** What is told where nothing was done. */
  readonly reasons: readonly string[];
  /** `namespace/name` of the Pods that end to make room. */
  readonly victims?: readonly string[];
}

/** Tries to make a Pod schedulable that no node could take. */
export interface PostFilterPlugin extends Plugin {
  postFilter(ctx: Context, pod: PodInfo, rejections: Rejections): PostFilterResult;
}

export const MAX_NODE_SCORE = 100;

export interface NodeScorer {
  score(row: number): number;
  /** Turns raw scores, in the order of the candidates, into 0 to 100. Without it they are taken as they are. */
  normalize?(scores: Float64Array): void;
}

/** PreScore, Score and NormalizeScore. */
export interface ScorePlugin extends Plugin {
  /** A number when every candidate gets the same; undefined (upstream's Skip) when the plugin has no opinion on this Pod. */
  preScore(pod: PodInfo, cluster: ClusterView, candidates: readonly number[]): NodeScorer | number | undefined;
}

/** Keeps something for a Pod on the node it was given. */
export interface ReservePlugin extends Plugin, EnqueueExtensions {
  /** At once, before another Pod is looked at; answers why the Pod cannot have it. Throws where something else is wrong. */
  reserve(pod: PodInfo, node: string, cluster: ClusterView): Rejection | undefined;
  /** The Pod is not going to be bound. Called in reverse order, for every plugin, and perhaps more than once. */
  unreserve(pod: PodInfo, node: string): void;
}

/** Whether a Pod that was given a node may be bound: at once, when somebody allows it within `wait` milliseconds, or not at all. */
export type PermitResult = { readonly wait: number } | { readonly rejection: Rejection } | undefined;

export interface PermitPlugin extends Plugin, EnqueueExtensions {
  permit(pod: PodInfo, node: string): PermitResult;
}

/** What must be done before a Pod is bound, however long it takes. */
export interface PreBindPlugin extends Plugin {
  /** Whether there is anything to do; quick, and changes nothing. */
  preBindPreFlight(pod: PodInfo, node: string): boolean;
  /** Rejects where the Pod cannot be bound: it is tried anew. */
  preBind(ctx: Context, pod: PodInfo, node: string): Promise<void>;
}

export interface BindPlugin extends Plugin {
  /** Answers false where it leaves the Pod to the next plugin. */
  bind(ctx: Context, pod: PodInfo, node: string): Promise<boolean>;
}

/** Told of Pods that were bound. */
export interface PostBindPlugin extends Plugin {
  postBind(pod: PodInfo, node: string): void;
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
