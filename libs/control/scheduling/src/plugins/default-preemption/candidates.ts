import type { DefaultPreemptionArgs } from '../../configuration/types.js';
import { countReasons } from '../../engine/diagnosis.js';
import { askedBefore } from '../../engine/find-nodes.js';
import { type Rejection, unresolvable } from '../../framework/rejection.js';
import type { Rejections } from '../../framework/rejections.js';
import type { PodInfo } from '../../pod/pod-info.js';
import { type Candidate, cheapest, isCandidate, type PreemptionView, selectVictims } from './victims.js';

/** Either room can be made, or this is why not. */
export type PreemptionOutcome = { readonly candidate: Candidate } | { readonly message: string };

const notHelpful = unresolvable('Preemption is not helpful for scheduling');

/** How many nodes are enough to choose from. */
function enough(nodes: number, args: DefaultPreemptionArgs): number {
  const share = Math.floor((nodes * args.minCandidateNodesPercentage) / 100);
  return Math.min(nodes, Math.max(share, args.minCandidateNodesAbsolute));
}

/** How many nodes would let the Pod in if others left them. */
const mendable = ({ kinds }: Rejections): number =>
  kinds.reduce((sum, { rejection, nodes }) => (rejection.unresolvable ? sum : sum + nodes), 0);

/** What nodes say on which no room can be made. */
class Verdicts {
  private readonly counts = new Map<Rejection, number>();

  add(verdict: Rejection, nodes = 1): void {
    this.counts.set(verdict, (this.counts.get(verdict) ?? 0) + nodes);
  }

  message(nodes: number): string {
    const kinds = [...this.counts].map(([rejection, count]) => ({ rejection, nodes: count }));
    return `0/${nodes} nodes are available: ${countReasons(kinds)}.`;
  }
}

/** Behaves as kubernetes pkg/scheduler/framework/preemption DryRunPreemption. */
export function findPreemption(
  pod: PodInfo,
  rejections: Rejections,
  view: PreemptionView,
  args: DefaultPreemptionArgs,
): PreemptionOutcome {
  const verdicts = new Verdicts();
  const candidates: Candidate[] = [];
  const nodes = mendable(rejections);
  if (nodes < rejections.size) verdicts.add(notHelpful, rejections.size - nodes);
  if (nodes === 0) return { message: verdicts.message(rejections.size) };
  const most = enough(nodes, args);
  const asked = { ...view, filters: askedBefore(pod, view.cluster, view.filters) };
  let harmless = 0;
  for (const [row, rejection] of rejections) {
    if (rejection.unresolvable) continue;
    // As long as every choice would overdraw a budget the search goes on.
    if (candidates.length >= most && harmless > 0) break;
    const verdict = selectVictims(pod, row, asked);
    if (!isCandidate(verdict)) verdicts.add(verdict);
    else if (candidates.push(verdict) && verdict.violations === 0) harmless += 1;
  }
  const candidate = cheapest(candidates);
  return candidate ? { candidate } : { message: verdicts.message(rejections.size) };
}
