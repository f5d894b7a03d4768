import type { Context } from '@binnacle/machinery-context';
import type { Revision } from './types.js';

/** What a decision of the scheduler is found by. */
export interface DecisionHead {
  readonly namespace: string;
  readonly pod: string;
  /** Of the Pod. */
  readonly uid: string;
  /** Empty where none was chosen. */
  readonly node: string;
  readonly result: string;
  /** The revision of the cluster it saw. */
  readonly revision: Revision;
}

export interface NewDecision extends DecisionHead {
  /** Which attempt of its Pod it is: only of Pods with more of them than may be kept any is looked for that goes. */
  readonly attempt: number;
  /** JSON, opaque here. */
  readonly record: string;
  /** What was found out of each node, in base64, opaque here. */
  readonly detail?: string;
}

export interface StoredDecision extends DecisionHead {
  /** Counts up within its cluster. */
  readonly id: number;
  /** Differs between two clusters that had the same name one after the other. */
  readonly incarnation: string;
  readonly record: string;
  readonly hasDetail: boolean;
}

/** Absent members match everything. */
export interface DecisionQuery extends Partial<Omit<DecisionHead, 'revision'>> {
  readonly cluster: string;
  /** Of Pods in any of these. */
  readonly namespaces?: ReadonlySet<string>;
  readonly id?: number;
  /** Only what was decided of the cluster as it was then, or before. */
  readonly upTo?: Revision;
  /** Only those before this one. */
  readonly before?: number;
  readonly limit: number;
}

/** How many decisions are kept. The oldest go first. */
export interface DecisionLimits {
  /** Milliseconds. */
  readonly age: number;
  /** Of one Pod. */
  readonly perPod: number;
  readonly perCluster: number;
  /** Bytes of one cluster's. */
  readonly bytes: number;
  /** Bytes of all clusters together: beyond it each cluster keeps no more than it has. */
  readonly allBytes: number;
}

const HOUR = 3_600_000;
const MEBIBYTE = 1 << 20;

export const DEFAULT_DECISION_LIMITS: DecisionLimits = {
  age: 24 * HOUR,
  perPod: 50,
  perCluster: 20_000,
  bytes: 64 * MEBIBYTE,
  allBytes: 1_024 * MEBIBYTE,
};

/** What a decision takes beside its texts. */
const DECISION_OVERHEAD = 200;

/** Bytes that a decision counts. A detail is kept in three quarters of its base64. */
export function decisionBytes({ namespace, pod, uid, node, record, detail = '' }: NewDecision): number {
  const texts = [namespace, pod, uid, node, record].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return DECISION_OVERHEAD + texts + Math.ceil((detail.length * 3) / 4);
}

/** Where the decisions of schedulers are kept: apart from the objects' log, in every logical cluster's own key. */
export interface DecisionStore {
  /** In the order they were made. What is too much goes, the oldest first. Rejects with `unknownCluster`. */
  append(ctx: Context, cluster: string, decisions: readonly NewDecision[]): Promise<void>;
  /** The newest first. */
  page(ctx: Context, query: DecisionQuery): Promise<readonly StoredDecision[]>;
  /** What was found out of each node; undefined where that was not kept. */
  detail(ctx: Context, cluster: string, id: number): Promise<Uint8Array | undefined>;
}
