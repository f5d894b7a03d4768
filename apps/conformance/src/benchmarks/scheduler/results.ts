import { medians, rounded } from '../turns/cost.js';
import type { Turn } from './play.js';

/** Medians over the rounds. */
export interface Result {
  readonly ours?: Turn;
  readonly theirs?: Turn;
  /** How many times as many Pods a second ours binds. */
  readonly times?: number;
}

export function summaryOf(turns: { readonly ours: readonly Turn[]; readonly theirs: readonly Turn[] }): Result {
  const [ours, theirs] = [medians(turns.ours), medians(turns.theirs)];
  const times = ours && theirs && rounded(ours.podsPerSecond / theirs.podsPerSecond, 1);
  return { ...(ours && { ours }), ...(theirs && { theirs }), ...(times !== undefined && { times }) };
}

/** For a table a person reads. */
export function rowOf({ ours, theirs, times }: Result): Record<string, number | undefined> {
  return {
    'Pods/s': ours?.podsPerSecond,
    'CPU ms a Pod': ours?.schedulerMillis,
    'API server ms': ours?.serverMillis,
    'kube-scheduler Pods/s': theirs?.podsPerSecond,
    'its CPU ms': theirs?.schedulerMillis,
    'API server ms then': theirs?.serverMillis,
    times,
  };
}
