import type { CancelTimer, Clock } from '@binnacle/machinery-context';
import type { PodInfo } from '../pod/pod-info.js';

/** As upstream: no plugin may keep a Pod waiting for longer, in milliseconds. */
const LONGEST_WAIT = 15 * 60 * 1000;

/** How a Pod's wait for permission ended: undefined where every plugin allowed it. */
export interface Refused {
  readonly plugin: string;
  readonly message: string;
  /** It was no fault of the Pod's: it is tried again. */
  readonly preempted: boolean;
}

/** As Go prints a duration. */
function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds}s`;
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return minutes < 60 ? `${minutes}m${rest}s` : `${Math.floor(minutes / 60)}h${minutes % 60}m${rest}s`;
}

/** A Pod that was given a node and waits until plugins allow it to be bound. */
export class WaitingPod {
  /** Ends when all plugins have allowed it, or one did not. */
  readonly settled: Promise<Refused | undefined>;
  private readonly pending = new Map<string, CancelTimer>();
  private settle: (refused: Refused | undefined) => void = () => undefined;
  private done = false;

  /** `waits` says how long each plugin may take, in milliseconds. */
  constructor(
    readonly pod: PodInfo,
    readonly node: string,
    waits: ReadonlyMap<string, number>,
    clock: Clock,
  ) {
    this.settled = new Promise((resolve) => {
      this.settle = resolve;
    });
    for (const [plugin, wait] of waits) {
      const longest = Math.min(wait, LONGEST_WAIT);
      const message = `rejected due to timeout after waiting ${duration(longest)} at plugin ${plugin}`;
      this.pending.set(
        plugin,
        clock.after(longest, () => this.reject(plugin, message)),
      );
    }
  }

  get pendingPlugins(): readonly string[] {
    return [...this.pending.keys()];
  }

  allow(plugin: string): void {
    this.pending.get(plugin)?.();
    this.pending.delete(plugin);
    if (this.pending.size === 0) this.end(undefined);
  }

  /** The Pod is unschedulable. Answers false where its wait had ended. */
  reject(plugin: string, message: string): boolean {
    return this.end({ plugin, message, preempted: false });
  }

  /** Its room is needed for another: it goes back into the queue. */
  preempt(plugin: string, message: string): boolean {
    return this.end({ plugin, message, preempted: true });
  }

  private end(refused: Refused | undefined): boolean {
    if (this.done) return false;
    this.done = true;
    for (const cancel of this.pending.values()) cancel();
    this.settle(refused);
    return true;
  }
}

/** The Pods that wait for permission, by uid. */
export type WaitingPods = Map<string, WaitingPod>;
