import type { Context } from '@binnacle/machinery-context';
import type { ObjectKey } from '@binnacle/client-informers';

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

/** Told of every reconcile that ended, with its duration in milliseconds. */
export type Observe = (controller: string, outcome: 'done' | 'error', milliseconds: number) => void;

/** One control loop: which keys it is woken for and what reconciles them. */
export interface Controller {
  readonly name: string;
  run(ctx: Context, observe?: Observe): Promise<void>;
}
