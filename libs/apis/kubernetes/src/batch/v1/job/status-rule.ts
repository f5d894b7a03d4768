import { type FieldError, semanticEqual } from '@binnacle/machinery-validation';
import type { Job } from '../index.js';

/** A thing that may not be, and what of the Job it is about. */
export interface Rule {
  /** It is judged where one of these changed; always where there are none. */
  readonly of?: readonly ((job: Job) => unknown)[];
  readonly when: (job: Job) => boolean;
  readonly error: (job: Job) => FieldError;
}

/** Whether one of these is another now. */
export function changed(parts: readonly ((job: Job) => unknown)[], next: Job, old: Job): boolean {
  return parts.some((part) => !semanticEqual(part(next), part(old)));
}

/** What is wrong with a status, leaving alone what was wrong before and nobody touched. */
export function judge(rules: readonly Rule[], next: Job, old: Job): FieldError[] {
  return rules.filter(({ of, when }) => (!of || changed(of, next, old)) && when(next)).map(({ error }) => error(next));
}
