/** Long work that others may be let in between of, wherever it yields. What it comes to is what it returns. */
export type Steps<T> = Generator<unknown, T, void>;

export const isSteps = <T>(work: T | Steps<T>): work is Steps<T> =>
  typeof work === 'object' && work !== null && Symbol.iterator in work && 'next' in work;

/** What work comes to, done to its end without a pause. */
export function finished<T>(work: T | Steps<T>): T {
  if (!isSteps(work)) return work;
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** Where one long work stands. */
export interface Pace {
  /** Whether it is time to let others in between; cheap enough to ask after each step. */
  readonly isDue: boolean;
  /** Rejects where the work is to end. */
  rest(): Promise<void>;
}

/** The same at a pace: at once where nothing is due before it ends. */
export function atPace<T>(work: Steps<T>, pace: Pace): T | Promise<T> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (pace.isDue) return rested(work, pace);
  }
}

async function rested<T>(work: Steps<T>, pace: Pace): Promise<T> {
  await pace.rest();
  return atPace(work, pace);
}
