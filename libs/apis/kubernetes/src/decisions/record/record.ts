/** What came of an attempt to find a node for a Pod. */
export type DecisionResult = 'Scheduled' | 'Unschedulable' | 'Error';

export const DECISION_RESULTS: readonly DecisionResult[] = ['Scheduled', 'Unschedulable', 'Error'];

/** Nodes that said no for the same reason. */
export interface RefusedNodes {
  readonly plugin: string;
  /** Upstream's sentence. */
  readonly reason: string;
  /** How many nodes. */
  readonly nodes: number;
  /** Some of their names. */
  readonly examples: readonly string[];
  /** No eviction would help there. */
  readonly unresolvable?: boolean;
}

/** The best nodes; the numbers of each stand in the order of the plugins. */
export interface BestNodes {
  readonly plugins: readonly { readonly plugin: string; readonly weight: number }[];
  readonly nodes: readonly {
    readonly node: string;
    /** Weighted sum. */
    readonly total: number;
    /** As the plugins counted. */
    readonly raw: readonly number[];
    /** 0 to 100, before the weight. */
    readonly scores: readonly number[];
  }[];
}

/** A Pod that was to make room. */
export interface Victim {
  readonly namespace: string;
  readonly name: string;
  readonly priority?: number;
}

/** What preempting others would bring, or brings. */
export interface PreemptionRecord {
  /** Where room is made. */
  readonly node?: string;
  readonly victims: readonly Victim[];
  /** Victims that are not told. */
  readonly moreVictims?: number;
  /** Why no room is made. */
  readonly message?: string;
}

/** How the Pod came to be looked at. */
export interface QueuedRecord {
  /** When it came to the queue first, in milliseconds since the epoch. */
  readonly since: number;
  /** What let it try: upstream's name of the event, such as `PodAdd` or `NodeAdd`. */
  readonly event: string;
  /** What it happened to, such as `Node/worker-1`. */
  readonly object?: string;
}

/** One attempt to find a node for a Pod, as the scheduler sends it and as it is kept. */
export interface DecisionRecord {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Microseconds the decision took. */
  readonly duration: number;
  readonly scheduler: string;
  readonly pod: { readonly namespace: string; readonly name: string; readonly uid: string };
  /** 1 for the first. */
  readonly attempt: number;
  readonly queued: QueuedRecord;
  /** The revision of the cluster it saw. */
  readonly revision: number;
  readonly result: DecisionResult;
  /** The node that was chosen. */
  readonly node?: string;
  /** Of what was not scheduled: why, as in the Event. */
  readonly message?: string;
  /** How many nodes there were, and how many of them could take the Pod. */
  readonly nodes: number;
  readonly feasible: number;
  /** The most nodes first. */
  readonly refused: readonly RefusedNodes[];
  /** Reasons that are not told. */
  readonly moreRefused?: number;
  readonly best?: BestNodes;
  readonly preemption?: PreemptionRecord;
}

/** What one request to the API server tells. */
export interface DecisionBatch {
  readonly decisions: readonly {
    readonly record: DecisionRecord;
    /** A `NodeDetail`, encoded, deflated without a header, and in base64; absent where that was left out. */
    readonly detail?: string;
  }[];
}

/** Where the scheduler sends them, below the root of the logical cluster. */
export const DECISIONS_PATH = '/decisions';

/** Decisions of one request. */
export const MOST_DECISIONS = 200;
/** Values in its JSON, of which a decision has some hundreds. */
export const MOST_BATCH_VALUES = 100_000;
/** Bytes of one record in JSON. */
export const MOST_RECORD_BYTES = 16_384;
/** Characters of a detail in base64. */
export const MOST_DETAIL_TEXT = 262_144;
export const MOST_TOLD = { refused: 16, examples: 3, best: 5, plugins: 24, victims: 16 } as const;
/** Characters. */
export const LONGEST = { name: 253, word: 63, sentence: 512, message: 2_048 } as const;
