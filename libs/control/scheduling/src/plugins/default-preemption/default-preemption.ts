import { countReasons } from '../../engine/diagnosis.js';
import type { NodeRejection } from '../../engine/find-nodes.js';
import type { PodInfo } from '../../pod/pod-info.js';
import { type Candidate, cheapest, isCandidate, type PreemptionView, selectVictims } from './victims.js';

/** Either room can be made, or this is why not; `waiting` when it is being made already. */
export type PreemptionOutcome =
  | { readonly candidate: Candidate }
  | { readonly message: string; readonly waiting: boolean };

const PLUGIN = 'DefaultPreemption';
const FEWEST_TRIED = 100;
const SHARE_TRIED = 0.1;
const notHelpful: NodeRejection = {
  plugin: PLUGIN,
  reasons: ['Preemption is not helpful for scheduling'],
  unresolvable: true,
};

/** Whether victims are on their way out of the node that was promised to the Pod. */
function isWaiting(pod: PodInfo, { cluster }: PreemptionView): boolean {
  const nominated = cluster.nominations.nodeOf(pod.uid);
  const entry = nominated === undefined ? undefined : cluster.nodes.find(nominated);
  return [...(entry?.pods.values() ?? [])].some(
    (other) => other.priority < pod.priority && other.pod.metadata.deletionTimestamp,
  );
}

/** PostFilter: finds a node where Pods of lower priority could make room. Behaves as kubernetes defaultpreemption. */
export function findPreemption(
  pod: PodInfo,
  rejections: ReadonlyMap<number, NodeRejection>,
  view: PreemptionView,
): PreemptionOutcome {
  if (pod.pod.spec?.preemptionPolicy === 'Never') {
    return { message: 'not eligible due to preemptionPolicy=Never.', waiting: false };
  }
  if (isWaiting(pod, view)) {
    return { message: 'not eligible due to a terminating pod on the nominated node.', waiting: true };
  }
  const verdicts: NodeRejection[] = [];
  const candidates: Candidate[] = [];
  const most = Math.max(FEWEST_TRIED, Math.floor(rejections.size * SHARE_TRIED));
  for (const [row, rejection] of rejections) {
    if (candidates.length >= most) break;
    const verdict = rejection.unresolvable ? notHelpful : selectVictims(pod, row, view);
    if (isCandidate(verdict)) candidates.push(verdict);
    else verdicts.push({ ...verdict, plugin: PLUGIN });
  }
  const candidate = cheapest(candidates);
  if (candidate) return { candidate };
  return { message: `0/${rejections.size} nodes are available: ${countReasons(verdicts)}.`, waiting: false };
}
