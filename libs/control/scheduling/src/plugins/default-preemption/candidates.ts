import type { DefaultPreemptionArgs } from '../../configuration/types.js';
import { countReasons } from '../../engine/diagnosis.js';
import type { Rejections } from '../../framework/plugin.js';
import { type NodeRejection, unresolvable } from '../../framework/rejection.js';
import type { PodInfo } from '../../pod/pod-info.js';
import { type Candidate, cheapest, isCandidate, type PreemptionView, selectVictims } from './victims.js';

/** Either room can be made, or this is why not. */
export type PreemptionOutcome = { readonly candidate: Candidate } | { readonly message: string };

const PLUGIN = 'DefaultPreemption';
const notHelpful: NodeRejection = { ...unresolvable('Preemption is not helpful for scheduling'), plugin: PLUGIN };

/** How many nodes are enough to choose from. */
function enough(nodes: number, args: DefaultPreemptionArgs): number {
  const share = Math.floor((nodes * args.minCandidateNodesPercentage) / 100);
  return Math.min(nodes, Math.max(share, args.minCandidateNodesAbsolute));
}

/** Behaves as kubernetes pkg/scheduler/framework/preemption DryRunPreemption. */
export function findPreemption(
  pod: PodInfo,
  rejections: Rejections,
  view: PreemptionView,
  args: DefaultPreemptionArgs,
): PreemptionOutcome {
  const verdicts: NodeRejection[] = [];
  const candidates: Candidate[] = [];
  const most = enough([...rejections.values()].filter(({ unresolvable: never }) => !never).length, args);
  for (const [row, rejection] of rejections) {
    // As long as every choice would overdraw a budget the search goes on.
    if (candidates.length >= most && candidates.some(({ violations }) => violations === 0)) break;
    const verdict = rejection.unresolvable ? notHelpful : selectVictims(pod, row, view);
    if (isCandidate(verdict)) candidates.push(verdict);
    else verdicts.push({ ...verdict, plugin: PLUGIN });
  }
  const candidate = cheapest(candidates);
  if (candidate) return { candidate };
  return { message: `0/${rejections.size} nodes are available: ${countReasons(verdicts)}.` };
}
