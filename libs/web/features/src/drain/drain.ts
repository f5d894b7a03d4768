import type { Clock } from '@binnacle/machinery-context';
import { isNotFound, isTooManyRequests, isUnauthorized, StatusError } from '@binnacle/machinery-meta';
import { type KubeObject, Store, UnreachableError } from '@binnacle/web-data';

/** How far one Pod has come. `refused`: its budget let it not go; it is asked for again. `leaving`: its deletion is under way. */
export type EvictionState = 'waiting' | 'asked' | 'refused' | 'leaving' | 'gone' | 'failed';

export interface Eviction {
  readonly pod: KubeObject;
  readonly state: EvictionState;
  /** What the server said last, in its own words. */
  readonly message: string;
}

export interface DrainState {
  readonly phase: 'running' | 'done' | 'stopped' | 'failed';
  readonly evictions: readonly Eviction[];
  /** Why it has failed. */
  readonly message: string;
}

/** What a drain does to the cluster. */
export interface DrainDoor {
  cordon(): Promise<unknown>;
  /** Rejects with TooManyRequests where a budget does not let the Pod go now. */
  evict(pod: KubeObject, signal: AbortSignal): Promise<unknown>;
}

/** As long as kubectl drain pauses before it asks again. */
const AGAIN_MILLISECONDS = 5_000;
/** Requests under way at a time. */
const MOST_AT_ONCE = 6;

const ENDED: ReadonlySet<EvictionState> = new Set<EvictionState>(['gone', 'failed']);

/** It may pass: a budget that is spent, a server that is away or busy, a session that has ended. */
function mayPass(error: unknown): boolean {
  if (isTooManyRequests(error) || isUnauthorized(error) || error instanceof UnreachableError) return true;
  return error instanceof StatusError && (error.code === 503 || error.code === 504);
}

function wordsOf(error: unknown): string {
  if (!(error instanceof StatusError)) return error instanceof Error ? error.message : String(error);
  const causes = (error.details?.causes ?? []).map(({ message }) => message);
  return [error.message, ...causes].filter(Boolean).join(' ');
}

/**
 * Moves Pods from a node, as far as their budgets let them go: cordons it, evicts each, and asks again for those that are refused.
 * Behaves as kubectl drain; it goes on as long as the page lives, or until it is stopped.
 */
export class Drain {
  readonly store: Store<DrainState>;
  private readonly aborter = new AbortController();
  private readonly timers = new Set<() => void>();
  private underWay = 0;

  constructor(
    readonly node: string,
    readonly cluster: string,
    pods: readonly KubeObject[],
    private readonly door: DrainDoor,
    private readonly clock: Clock,
  ) {
    const evictions = pods.map((pod) => ({ pod, state: 'waiting' as const, message: '' }));
    this.store = new Store<DrainState>({ phase: 'running', evictions, message: '' });
  }

  get isRunning(): boolean {
    return this.store.get().phase === 'running';
  }

  async start(): Promise<void> {
    try {
      await this.door.cordon();
    } catch (error) {
      if (this.isRunning) this.end('failed', wordsOf(error));
      return;
    }
    this.pump();
  }

  /** What has been asked for goes on; nothing more is. */
  stop(): void {
    if (this.isRunning) this.end('stopped', '');
  }

  /** Tells which of the node's Pods there still are. */
  seen(uids: ReadonlySet<string>): void {
    for (const { pod, state } of this.store.get().evictions) {
      if (!ENDED.has(state) && !uids.has(pod.metadata.uid ?? '')) this.set(pod, 'gone');
    }
    this.finish();
  }

  private pump(): void {
    while (this.isRunning && this.underWay < MOST_AT_ONCE) {
      const next = this.store.get().evictions.find(({ state }) => state === 'waiting');
      if (!next) break;
      this.underWay += 1;
      this.set(next.pod, 'asked');
      void this.evict(next.pod);
    }
    this.finish();
  }

  private async evict(pod: KubeObject): Promise<void> {
    try {
      await this.door.evict(pod, this.aborter.signal);
      this.settle(pod, 'leaving', '');
    } catch (error) {
      this.refused(pod, error);
    }
    this.underWay -= 1;
    this.pump();
  }

  private refused(pod: KubeObject, error: unknown): void {
    if (!this.isRunning) return;
    if (isNotFound(error)) return this.settle(pod, 'gone', '');
    if (!mayPass(error)) return this.settle(pod, 'failed', wordsOf(error));
    this.settle(pod, 'refused', wordsOf(error));
    const cancel = this.clock.after(AGAIN_MILLISECONDS, () => {
      this.timers.delete(cancel);
      this.settle(pod, 'waiting', wordsOf(error));
      this.pump();
    });
    this.timers.add(cancel);
  }

  /** One that has been seen to be gone stays so, whatever is answered later. */
  private settle(pod: KubeObject, state: EvictionState, message: string): void {
    const known = this.store.get().evictions.find((each) => each.pod === pod);
    if (known && !ENDED.has(known.state)) this.set(pod, state, message);
  }

  private set(pod: KubeObject, state: EvictionState, message = ''): void {
    const now = this.store.get();
    const evictions = now.evictions.map((each) => (each.pod === pod ? { pod, state, message } : each));
    this.store.set({ ...now, evictions });
  }

  private finish(): void {
    const { evictions } = this.store.get();
    if (!this.isRunning || evictions.some(({ state }) => !ENDED.has(state))) return;
    const failed = evictions.find(({ state }) => state === 'failed');
    this.end(failed ? 'failed' : 'done', failed?.message ?? '');
  }

  private end(phase: DrainState['phase'], message: string): void {
    for (const cancel of this.timers) cancel();
    this.timers.clear();
    this.aborter.abort();
    this.store.set({ ...this.store.get(), phase, message });
  }
}
