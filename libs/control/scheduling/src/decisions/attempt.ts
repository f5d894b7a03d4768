import type { DecisionResult, PreemptionRecord } from '@binnacle/apis-kubernetes/decisions/record';
import type { Rejections } from '../framework/rejections.js';
import type { PodInfo } from '../pod/pod-info.js';

/** What the nodes of one attempt said, by their rows. It is looked at later, and must not be changed. */
export interface Findings {
  /** The row of the node that was chosen. */
  readonly chosen: number | undefined;
  readonly filtered: {
    /** In the order of the nodes. */
    readonly candidates: readonly number[];
    readonly rejections: Rejections;
  };
  /** In the order of the candidates; undefined where there was nothing to compare. */
  readonly scored:
    | {
        readonly plugins: readonly PluginOpinion[];
        readonly totals: Float64Array;
      }
    | undefined;
}

interface PluginOpinion {
  readonly plugin: string;
  readonly weight: number;
  /** 0 to 100, before the weight. */
  readonly scores: Float64Array;
  /** As the plugin counted, before its scores were compared with each other. */
  readonly raw: Float64Array;
}

/** Where the Pod came from. */
export interface Arrival {
  /** Which try it is, from 1. */
  readonly attempt: number;
  /** When it came to the queue first, in milliseconds. */
  readonly since: number;
  /** Upstream's name of what let it try. */
  readonly event: string;
  /** What that happened to, such as `Node/worker-1`. */
  readonly object?: string;
}

/** One attempt to find a node for a Pod, as it ended. */
export interface Attempt {
  readonly pod: PodInfo;
  readonly scheduler: string;
  readonly arrival: Arrival;
  readonly result: DecisionResult;
  readonly node?: string;
  readonly message?: string;
  /** How long it took to decide. */
  readonly microseconds: number;
  /** Absent where something failed before nodes were asked. */
  readonly findings?: Findings;
  readonly preemption?: PreemptionRecord;
}

/** The nodes there are now. The list is another as soon as one comes or goes. */
export interface NodeRows {
  readonly nodeRows: readonly number[];
  at(row: number): { readonly name: string };
}
