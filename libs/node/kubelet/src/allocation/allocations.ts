import type { Pod, PodCondition } from '@binnacle/apis-kubernetes/core/v1';
import { podQosClass } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import { semanticEqual } from '@binnacle/machinery-validation';
import type { ContainerEvents } from '../pod/events.js';
import { podUid } from '../pod/identity.js';
import type { Rejection } from '../pod/rejection.js';
import { podRequests } from '../pod/resources.js';
import { isStatic, type PodSource } from '../pod/source.js';
import { type PodSizes, sizesAsked, sizesTold, withSizes } from './sizes.js';

export type ResizeCondition = Pick<PodCondition, 'reason' | 'message' | 'observedGeneration'>;

/** Where a Pod stands on the way to another size. */
export interface ResizeState {
  /** It does not have it yet: `Deferred` until there is room. */
  readonly pending?: ResizeCondition;
  /** It has it, and its containers are being changed. */
  readonly inProgress?: ResizeCondition;
}

interface Entry {
  pod: Pod;
  readonly source: PodSource;
  given: PodSizes;
  state: ResizeState;
}

export interface AllocationParts {
  readonly events: ContainerEvents;
  /** Whether the node can run a Pod of that size beside the others. */
  readonly admit: (pod: Pod, source: PodSource) => Rejection | undefined;
  /** A Pod got what it waited for. */
  readonly changed: (uid: string) => void;
}

const NOTHING: ResizeState = {};

/** The size that each Pod of a node has, which is not always what it asks for. Behaves as kubernetes pkg/kubelet/allocation. */
export class Allocations {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly parts: AllocationParts) {}

  /** Gives a Pod that is new to the node its size; answers why it cannot be had. */
  admit(pod: Pod, source: PodSource): Rejection | undefined {
    const given = sizesTold(pod);
    const rejection = this.parts.admit(withSizes(pod, given), source);
    if (!rejection && !isStatic(source)) this.entries.set(podUid(pod), { pod, source, given, state: stateTold(pod) });
    return rejection;
  }

  /** The Pod with the size it has. */
  given(pod: Pod): Pod {
    const entry = this.entries.get(podUid(pod));
    return !entry || semanticEqual(entry.given, sizesAsked(pod)) ? pod : withSizes(pod, entry.given);
  }

  stateOf(pod: Pod): ResizeState {
    return this.entries.get(podUid(pod))?.state ?? NOTHING;
  }

  /** Gives a Pod what it asks for, where there is room; answers whether its size is another now. */
  resize(pod: Pod): boolean {
    const entry = this.entries.get(podUid(pod));
    if (!entry) return false;
    entry.pod = pod;
    const asked = sizesAsked(pod);
    const { inProgress } = entry.state;
    if (semanticEqual(asked, entry.given)) {
      entry.state = { ...(inProgress && { inProgress }) };
      return false;
    }
    const rejection = this.parts.admit(pod, entry.source);
    if (rejection) this.defer(entry, rejection.message);
    else this.begin(entry, asked);
    return !rejection;
  }

  /** The containers of a Pod have what it was given. */
  actuated(pod: Pod): void {
    const entry = this.entries.get(podUid(pod));
    if (!entry?.state.inProgress) return;
    const { pending, inProgress } = entry.state;
    entry.state = { ...(pending && { pending }) };
    this.tell(entry, 'Normal', 'ResizeCompleted', 'Pod resize completed', inProgress);
    this.retry();
  }

  /** A container cannot be changed to what it was given. */
  failed(pod: Pod, message: string): void {
    const entry = this.entries.get(podUid(pod));
    const before = entry?.state.inProgress;
    if (!entry || before?.message === message) return;
    const observedGeneration = before?.observedGeneration ?? pod.metadata?.generation;
    const inProgress = { reason: 'Error', message, ...(observedGeneration !== undefined && { observedGeneration }) };
    entry.state = { ...entry.state, inProgress };
    this.tell(entry, 'Warning', 'ResizeError', 'Pod resize error', inProgress);
  }

  /** A Pod takes up no room any more. */
  release(pod: Pod): void {
    const entry = this.entries.get(podUid(pod));
    if (entry) entry.state = NOTHING;
    this.retry();
  }

  forget(pod: Pod): void {
    this.entries.delete(podUid(pod));
    this.retry();
  }

  /** Looks again at those that wait, the most urgent first. */
  private retry(): void {
    const waiting = [...this.entries.values()].filter(({ state }) => state.pending);
    for (const { pod } of waiting.sort(byUrgency)) if (this.resize(pod)) this.parts.changed(podUid(pod));
  }

  private begin(entry: Entry, given: PodSizes): void {
    const { generation } = entry.pod.metadata ?? {};
    const inProgress = { ...(generation !== undefined && { observedGeneration: generation }) };
    entry.given = given;
    entry.state = { inProgress };
    this.tell(entry, 'Normal', 'ResizeStarted', 'Pod resize started', inProgress);
  }

  private defer(entry: Entry, message: string): void {
    const { generation } = entry.pod.metadata ?? {};
    const pending = {
      reason: 'Deferred',
      message,
      ...(generation !== undefined && { observedGeneration: generation }),
    };
    const before = entry.state.pending;
    entry.state = { ...entry.state, pending };
    const isNews = before?.reason !== pending.reason || before.observedGeneration !== generation;
    if (isNews) this.tell(entry, 'Warning', 'ResizeDeferred', 'Pod resize Deferred', pending);
  }

  private tell(
    { pod, given }: Entry,
    type: 'Normal' | 'Warning',
    reason: string,
    title: string,
    { message, observedGeneration: generation }: ResizeCondition = {},
  ): void {
    const { whole: _, initContainers, containers } = reason === 'ResizeDeferred' ? sizesAsked(pod) : given;
    const init = initContainers.length > 0 && { initContainers };
    const summary = { ...init, containers, generation, ...(message && { error: message }) };
    this.parts.events.pod(pod, type, reason, `${title}: ${JSON.stringify(summary)}`);
  }
}

const told = ({ reason, message, observedGeneration }: PodCondition): ResizeCondition => ({
  ...(reason && { reason }),
  ...(message && { message }),
  ...(observedGeneration !== undefined && { observedGeneration }),
});

/** Where a Pod stood before this kubelet began. */
function stateTold({ status }: Pod): ResizeState {
  const find = (wanted: string) => status?.conditions?.find(({ type }) => type === wanted);
  const [pending, inProgress] = [find('PodResizePending'), find('PodResizeInProgress')];
  return { ...(pending && { pending: told(pending) }), ...(inProgress && { inProgress: told(inProgress) }) };
}

/** Who asks for no more than it has goes first, then by priority and by class of service. Maps keep who came first. */
function byUrgency(a: Entry, b: Entry): number {
  const ranks = [a, b].map((entry) => [
    grows(entry) ? 1 : 0,
    -(entry.pod.spec?.priority ?? 0),
    podQosClass(entry.pod) === 'Guaranteed' ? 0 : 1,
  ]);
  const [left = [], right = []] = ranks;
  const at = left.findIndex((rank, index) => rank !== right[index]);
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}

function grows({ pod, given }: Entry): boolean {
  const [asked, has] = [podRequests(pod), podRequests(withSizes(pod, given))];
  return ['cpu', 'memory'].some((name) => (asked[name] ?? 0) > (has[name] ?? 0));
}
