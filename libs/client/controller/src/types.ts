import type { Context } from '@binnacle/machinery-context';
import type { ObjectKey } from '@binnacle/client-informers';
import type { QueueObserver } from '@binnacle/client-workqueue';

/** A reconcile ends in one of three ways: done, look again at a time, or it throws (and is tried again with back-off). */
export type Outcome = { readonly kind: 'done' } | { readonly kind: 'againAt'; readonly time: number };

export const done: Outcome = { kind: 'done' };
export const againAt = (time: number): Outcome => ({ kind: 'againAt', time });

/** Level-triggered: gets a key, reads what is there now, makes it so. */
export interface Reconciler {
  reconcile(ctx: Context, key: ObjectKey): Promise<Outcome>;
}

/** A failure that a retry cannot mend; it is logged and dropped until the object changes. */
export class TerminalError extends Error {}

/** Records an Event about an object; repeated ones are counted, not multiplied. `at`: when it happened, if not just now. */
export interface EventRecorder {
  event(about: EventSubject, type: 'Normal' | 'Warning', reason: string, message: string, at?: number): void;
}

export interface EventSubject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
  };
  /** The part of the object that is meant, for example `spec.containers{web}`. */
  readonly fieldPath?: string;
}

/** Is told what loops do, whose controllers are told by name. */
export interface LoopObserver {
  /** A reconcile ended, after so many milliseconds. */
  reconciled(controller: string, outcome: 'done' | 'error', milliseconds: number): void;
  queue(controller: string): QueueObserver;
}

/** What somebody still has to do: whether now, and when next by themselves. */
export interface Pending {
  readonly busy: boolean;
  /** Milliseconds of the clock. */
  readonly nextAt?: number;
}

/** One reconcile that ended. */
export interface Turn {
  readonly key: ObjectKey;
  readonly milliseconds: number;
  /** There where it failed; the key waits for another try then, unless it failed for good. */
  readonly error?: unknown;
}

/** A loop that is woken from now on, and reconciles when it is told to. */
export interface BegunLoop {
  /** How many keys are due. */
  readonly waiting: number;
  readonly pending: Pending;
  /** Resolves when its sources have told what there is. */
  synced(): Promise<void>;
  /** Reconciles the key that has been due the longest, or the next to come; undefined once the context has aborted. */
  turn(): Promise<Turn | undefined>;
  /** Resolves when what its sources follow has ended, after the context aborted. */
  ended(): Promise<void>;
}

/** One control loop: which keys it is woken for and what reconciles them. */
export interface Controller {
  readonly name: string;
  /** Begins without workers: who calls it says when a key is reconciled. */
  begin(ctx: Context, queue?: QueueObserver): BegunLoop;
  /** Works until the context aborts; `begun` is given the loop that is worked at. */
  run(ctx: Context, observer?: LoopObserver, begun?: (loop: BegunLoop) => void): Promise<void>;
}
