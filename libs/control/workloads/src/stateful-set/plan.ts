import type { StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { scaledValue } from '@binnacle/machinery-quantity';
import { isPodAvailable, isPodReady, isPodTerminal } from '../pods/pod-state.js';
import { claimNames, type FindClaim, storageMatches } from './claims.js';
import { identityMatches, inRange, ordinalOf, startOf, wantedReplicas } from './identity.js';
import { podOf, podRevision, type Revisions } from './pod-of.js';
import { misownedClaims, waitsForStaleClaim } from './retention.js';

/** No more than so many Pods are made in one go; those that come let the set be looked at again. */
export const BURST_MEMBERS = 500;

/** What there is when a set is looked at. `pods` are all that the set controls. */
export interface SetView extends Revisions {
  readonly set: StatefulSet;
  readonly pods: readonly Pod[];
  readonly claim: FindClaim;
  readonly now: number;
}

/** One thing to be done to a member; `claim` makes the claims it lacks, `retain` says with whom they go. */
export interface Step {
  readonly act: 'create' | 'claim' | 'mend' | 'retain' | 'release' | 'delete' | 'update';
  readonly pod: Pod;
}

/** The steps for one Pod after the other; a phase is begun only when the one before it went well. */
export type Phase = readonly (readonly Step[])[];

interface Verdict {
  readonly steps: readonly Step[];
  /** In order, nothing is done to others before this Pod is as it should be. */
  readonly blocks: boolean;
}

interface Members {
  /** By ordinal: the Pods there are, and some to be made. */
  readonly wanted: readonly Pod[];
  /** Out of range, the highest ordinal first. */
  readonly condemned: readonly Pod[];
}

export const isOrdered = ({ spec }: StatefulSet): boolean => spec?.podManagementPolicy !== 'Parallel';
const isCreated = (pod: Pod): boolean => Boolean(pod.status?.phase);
const isTerminating = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined;
export const isRunningAndReady = (pod: Pod): boolean => pod.status?.phase === 'Running' && isPodReady(pod);

export function isUnavailable({ set, now }: SetView, pod: Pod): boolean {
  return isTerminating(pod) || !isPodAvailable(pod, set.spec?.minReadySeconds ?? 0, now);
}

/** The first ordinals without a Pod, at most as many as are made in one go: a set may want thousands of millions. */
function missingOrdinals(set: StatefulSet, taken: ReadonlySet<number>): number[] {
  const missing: number[] = [];
  const end = startOf(set) + wantedReplicas(set);
  for (let ordinal = startOf(set); ordinal < end && missing.length < BURST_MEMBERS; ordinal += 1)
    if (!taken.has(ordinal)) missing.push(ordinal);
  return missing;
}

const byOrdinal = (a: Pod, b: Pod): number => ordinalOf(a) - ordinalOf(b);

export function membersOf(view: SetView): Members {
  const { set, pods } = view;
  const there = pods.filter((pod) => inRange(set, pod));
  const missing = missingOrdinals(set, new Set(there.map(ordinalOf)));
  return {
    wanted: [...there, ...missing.map((ordinal) => podOf(set, view, ordinal))].sort(byOrdinal),
    condemned: pods.filter((pod) => !inRange(set, pod) && ordinalOf(pod) >= 0).sort((a, b) => byOrdinal(b, a)),
  };
}

const isSettled = (view: SetView, pod: Pod): boolean => isRunningAndReady(pod) && !isUnavailable(view, pod);

function mendSteps({ set, claim }: SetView, pod: Pod): Step[] {
  if (!identityMatches(set, pod) || !storageMatches(set, pod)) return [{ act: 'mend', pod }];
  return misownedClaims(set, pod, claim).length > 0 ? [{ act: 'retain', pod }] : [];
}

function missingClaimSteps({ set, claim }: SetView, pod: Pod): Step[] {
  if (pod.status?.phase !== 'Pending') return [];
  return claimNames(set, pod).every(claim) ? [] : [{ act: 'claim', pod }];
}

function memberVerdict(view: SetView, pod: Pod): Verdict {
  // However it ended, evicted or with success: a member is there to run.
  if (isPodTerminal(pod)) return { steps: isTerminating(pod) ? [] : [{ act: 'delete', pod }], blocks: true };
  if (!isCreated(pod)) {
    const waits = waitsForStaleClaim(view.set, pod, view.claim);
    return { steps: waits ? [] : [{ act: 'create', pod }], blocks: true };
  }
  const claims = missingClaimSteps(view, pod);
  if (isOrdered(view.set) && !isSettled(view, pod)) return { steps: claims, blocks: true };
  return { steps: [...claims, ...mendSteps(view, pod)], blocks: false };
}

function condemnedVerdict(view: SetView, pod: Pod, firstUnavailable: Pod | undefined): Verdict {
  if (isTerminating(pod)) return { steps: [], blocks: true };
  const waits = isOrdered(view.set) && !isSettled(view, pod) && pod !== firstUnavailable;
  return { steps: waits ? [] : [{ act: 'delete', pod }], blocks: true };
}

/** The steps up to the first Pod that blocks, which only blocks in order. */
function upToBlock(set: StatefulSet, verdicts: readonly Verdict[]): { phase: Phase; blocked: boolean } {
  const block = isOrdered(set) ? verdicts.findIndex(({ blocks }) => blocks) : -1;
  const reached = block < 0 ? verdicts : verdicts.slice(0, block + 1);
  return { phase: reached.map(({ steps }) => steps), blocked: block >= 0 };
}

/** How many members a rolling update may have unavailable at once; one unless it is said. */
function mostUnavailable(set: StatefulSet): number | undefined {
  const most = set.spec?.updateStrategy?.rollingUpdate?.maxUnavailable;
  return most === undefined ? undefined : Math.max(1, scaledValue(most, wantedReplicas(set), false));
}

function isOutdated({ update }: SetView, pod: Pod): boolean {
  return podRevision(pod) !== update.metadata.name && !isTerminating(pod);
}

/** Members to be made anew at the update revision, the highest ordinal first. */
function planUpdate(view: SetView, wanted: readonly Pod[]): Pod[] {
  const { updateStrategy } = view.set.spec ?? {};
  if (updateStrategy?.type === 'OnDelete') return [];
  const first = startOf(view.set) + (updateStrategy?.rollingUpdate?.partition ?? 0);
  const candidates = wanted.filter((pod) => ordinalOf(pod) >= first).reverse();
  const most = mostUnavailable(view.set);
  if (most === undefined) {
    const next = candidates.find((pod) => isOutdated(view, pod) || isUnavailable(view, pod));
    return next && isOutdated(view, next) ? [next] : [];
  }
  const room = most - wanted.filter((pod) => isUnavailable(view, pod)).length;
  return candidates.filter((pod) => isOutdated(view, pod)).slice(0, Math.max(0, room));
}

/**
 * What is to be done now: members first, then those out of range, then the rolling update; in order, one thing at a time.
 * Behaves as kubernetes pkg/controller/statefulset/stateful_set_control.go.
 */
export function planStatefulSet(view: SetView): Phase[] {
  const { set } = view;
  if (set.metadata.deletionTimestamp) return [];
  const { wanted, condemned } = membersOf(view);
  const living = upToBlock(
    set,
    wanted.map((pod) => memberVerdict(view, pod)),
  );
  if (living.blocked) return [living.phase];
  const first = [...wanted, ...[...condemned].reverse()].find((pod) => isUnavailable(view, pod));
  const claims = condemned.map((pod): Step[] =>
    misownedClaims(set, pod, view.claim).length > 0 ? [{ act: 'release', pod }] : [],
  );
  const going = upToBlock(
    set,
    condemned.map((pod) => condemnedVerdict(view, pod, first)),
  );
  if (going.blocked) return [living.phase, claims, going.phase];
  const renewed = planUpdate(view, wanted).map((pod): Step[] => [{ act: 'update', pod }]);
  return [living.phase, claims, going.phase, renewed];
}
