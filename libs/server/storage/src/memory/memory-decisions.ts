import type { Context } from '@binnacle/machinery-context';
import {
  decisionBytes,
  type DecisionLimits,
  type DecisionQuery,
  type DecisionStore,
  DEFAULT_DECISION_LIMITS,
  type NewDecision,
  type StoredDecision,
} from '../decisions.js';

interface Kept {
  readonly id: number;
  readonly decision: NewDecision;
  readonly bytes: number;
  readonly storedAt: number;
}

interface ClusterDecisions {
  last: number;
  kept: Kept[];
}

const EQUAL = ['namespace', 'pod', 'uid', 'node', 'result'] as const;

function matches({ id, decision }: Kept, query: DecisionQuery): boolean {
  if (query.id !== undefined && id !== query.id) return false;
  if (query.before !== undefined && id >= query.before) return false;
  if (query.upTo !== undefined && decision.revision > query.upTo) return false;
  if (query.namespaces && !query.namespaces.has(decision.namespace)) return false;
  return EQUAL.every((member) => query[member] === undefined || query[member] === decision[member]);
}

/** Decisions without a disk: for tests and throw-away clusters. */
export class MemoryDecisions implements DecisionStore {
  private readonly clusters = new Map<string, ClusterDecisions>();

  constructor(private readonly limits: DecisionLimits = DEFAULT_DECISION_LIMITS) {}

  async append({ clock }: Context, cluster: string, decisions: readonly NewDecision[]): Promise<void> {
    const of = this.clusters.get(cluster) ?? { last: 0, kept: [] };
    this.clusters.set(cluster, of);
    for (const decision of decisions) {
      of.last += 1;
      of.kept.push({ id: of.last, decision, bytes: decisionBytes(decision), storedAt: clock.now() });
    }
    of.kept = this.within(of.kept, clock.now());
  }

  async page(_ctx: Context, query: DecisionQuery): Promise<readonly StoredDecision[]> {
    const found: StoredDecision[] = [];
    const { kept } = this.clusters.get(query.cluster) ?? { kept: [] };
    for (let at = kept.length - 1; at >= 0 && found.length < query.limit; at -= 1) {
      const one = kept[at] as Kept;
      if (matches(one, query)) found.push(stored(one));
    }
    return found;
  }

  async detail(_ctx: Context, cluster: string, id: number): Promise<Uint8Array | undefined> {
    const detail = this.clusters.get(cluster)?.kept.find((one) => one.id === id)?.decision.detail;
    return detail === undefined ? undefined : Buffer.from(detail, 'base64');
  }

  /** The newest that may stay. */
  private within(kept: readonly Kept[], now: number): Kept[] {
    const { age, perPod, perCluster, bytes } = this.limits;
    const ofPod = new Map<string, number>();
    const stay: Kept[] = [];
    let held = 0;
    for (const one of [...kept].reverse()) {
      const count = (ofPod.get(one.decision.uid) ?? 0) + 1;
      ofPod.set(one.decision.uid, count);
      if (count > perPod || now - one.storedAt > age) continue;
      held += one.bytes;
      if (held > bytes || stay.length === perCluster) break;
      stay.push(one);
    }
    return stay.reverse();
  }
}

function stored({ id, decision }: Kept): StoredDecision {
  const { attempt: _, detail, ...rest } = decision;
  return { ...rest, id, incarnation: '1', hasDetail: detail !== undefined };
}
