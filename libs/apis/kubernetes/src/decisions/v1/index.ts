import type { KubeObject } from '@binnacle/machinery-meta';
import type { DecisionResult } from '../record/index.js';

/** Whose decision it is, and how it came to be asked for. */
export interface DecisionSpec {
  podName: string;
  podUID: string;
  schedulerName: string;
  /** 1 for the first attempt. */
  attempt: number;
  /** When the Pod came to the queue, RFC 3339 with milliseconds. */
  queuedTime: string;
  /** Upstream's name of the event that let it try, such as `PodAdd`. */
  queuedBy: string;
  /** What that happened to, such as `Node/worker-1`. */
  queuedByObject?: string;
  /** The resourceVersion of the cluster that the scheduler saw. */
  revision: number;
}

/** How many nodes refused for one reason. */
export interface DecisionRejection {
  plugin: string;
  reason: string;
  nodes: number;
  exampleNodes: string[];
  /** No eviction would help there. */
  unresolvable?: boolean;
}

export interface DecisionPluginScore {
  plugin: string;
  /** As the plugin counted. */
  raw: number;
  /** 0 to 100. */
  score: number;
  weight: number;
  weighted: number;
}

export interface DecisionNodeScore {
  node: string;
  total: number;
  plugins: DecisionPluginScore[];
}

export interface DecisionVictim {
  namespace: string;
  name: string;
  priority?: number;
}

/** What preempting others would bring. */
export interface DecisionPreemption {
  node?: string;
  victims: DecisionVictim[];
  /** How many there are besides those that are told. */
  moreVictims?: number;
  message?: string;
}

export interface DecisionStatus {
  result: DecisionResult;
  nodeName?: string;
  message?: string;
  /** RFC 3339 with milliseconds. */
  time: string;
  durationMicroseconds: number;
  /** How many nodes there were, and how many could take the Pod. */
  nodes: number;
  feasibleNodes: number;
  /** The most nodes first. */
  rejections: DecisionRejection[];
  moreRejections?: number;
  /** The best first. */
  bestNodes: DecisionNodeScore[];
  preemption?: DecisionPreemption;
  /** Whether `nodes`, a subresource, tells of each node. */
  nodeDetail: boolean;
}

/** One attempt to find a node for a Pod. It lives in the Pod's namespace. */
export interface Decision extends KubeObject {
  spec: DecisionSpec;
  status: DecisionStatus;
}

/** What each node said, in columns; all lists but `refusals` and `columns` are in the order of `names`. */
export interface DecisionNodes extends KubeObject {
  names: string[];
  /** What nodes had against the Pod. */
  refusals: { plugin: string; reasons: string[]; unresolvable: boolean }[];
  /** Of each node: -1 where it could take the Pod, -2 where nobody looked, else the place of its refusal. */
  verdicts: number[];
  /** Of the nodes that could take it, in their order. */
  columns: { plugin: string; weight: number; raw: number[]; scores: number[] }[];
}
