import type { ClusterView } from '../cache/cluster-cache.js';
import type { NodeRejection, Rejection } from '../framework/rejection.js';
import type { FilterResult } from './find-nodes.js';
import type { ScoreResult } from './score-nodes.js';

export interface NodeScore {
  /** 0 to 100, as the plugin judged. */
  readonly score: number;
  readonly weight: number;
}

/** Everything one attempt to place a Pod found out, by names: what "why is it there?" and "why not?" are answered from. */
export interface SchedulingDiagnosis {
  readonly pod: string;
  readonly node?: string;
  readonly rejections: ReadonlyMap<string, NodeRejection>;
  /** By node, then by plugin; empty when only one node was left, since nothing had to be compared. */
  readonly scores: ReadonlyMap<string, ReadonlyMap<string, NodeScore>>;
}

/** What one cycle left behind, still by rows. Valid until the next node comes or goes. */
export interface CycleFindings {
  readonly pod: string;
  readonly chosen: number | undefined;
  readonly filtered: FilterResult;
  readonly scored: ScoreResult | undefined;
}

export function diagnose(
  { pod, chosen, filtered, scored }: CycleFindings,
  { nodes }: ClusterView,
): SchedulingDiagnosis {
  const name = (row: number) => nodes.at(row).name;
  const scoresAt = (index: number) =>
    new Map(
      scored?.plugins.map(({ plugin, weight, scores }) => [plugin, { score: scores[index] as number, weight }]) ?? [],
    );
  return {
    pod,
    ...(chosen !== undefined && { node: name(chosen) }),
    rejections: new Map([...filtered.rejections].map(([row, rejection]) => [name(row), rejection])),
    scores: new Map(scored ? filtered.candidates.map((row, index) => [name(row), scoresAt(index)]) : []),
  };
}

/** What so many nodes said. */
export interface CountedRejection {
  readonly rejection: Rejection;
  readonly nodes: number;
}

/** Counts sentences over nodes as upstream's FitError does: `3 Insufficient cpu, 1 node(s) were unschedulable`. */
export function countReasons(kinds: Iterable<CountedRejection>): string {
  const counts = new Map<string, number>();
  const told = new Set<string>();
  for (const { rejection, nodes } of kinds) {
    for (const reason of rejection.reasons) {
      if (rejection.ofPod) told.add(reason);
      else counts.set(reason, (counts.get(reason) ?? 0) + nodes);
    }
  }
  return [...[...counts].map(([reason, count]) => `${count} ${reason}`), ...told].sort().join(', ');
}

export const NO_NODES = 'no nodes available to schedule pods';

/** The message of FailedScheduling and of PodScheduled=False. `postFilter` is what those tell that tried to mend it. */
export function failureMessage(total: number, kinds: Iterable<CountedRejection>, postFilter: string): string {
  if (total === 0) return NO_NODES;
  const reasons = countReasons(kinds);
  const tail = postFilter ? ` ${postFilter}` : '';
  return `0/${total} nodes are available:${reasons ? ` ${reasons}.` : ''}${tail}`;
}
