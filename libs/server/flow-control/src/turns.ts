import {
  atPace,
  type Ends,
  isSteps,
  type Pace,
  type Soon,
  type Steps,
  throwIfEnded,
} from '@binnacle/machinery-context';

/** How long one piece of long work keeps everybody else waiting, in milliseconds. */
const SLICE_MILLISECONDS = 4;
/** After a step that took much longer than that others have the loop to themselves for as long, up to so many milliseconds. */
const MOST_FOR_OTHERS = 50;

type Callback = () => void;

/**
 * Long work takes turns: each time the event loop comes round, no more than one slice of all that is under way is done. So
 * what a short request waits for does not grow with the number of long ones. A step that cannot be made shorter is made up for:
 * a short request comes round several times before it is answered, and would wait for such a step each time.
 */
export class Turns {
  private readonly waiting: Callback[] = [];
  private isComing = false;

  /**
   * `later` calls back after whatever has arrived meanwhile has been looked at, one after the other, with promises settled in
   * between; `now` is in milliseconds, and so is what `after` waits.
   */
  constructor(
    private readonly slice = SLICE_MILLISECONDS,
    private readonly later: (callback: Callback) => void = setImmediate,
    private readonly now: () => number = () => performance.now(),
    private readonly after: (callback: Callback, milliseconds: number) => void = setTimeout,
  ) {}

  /** Its rests reject with why who asked for the work has ended. */
  begin(ends?: Ends): Pace {
    const turns = this;
    // Whoever comes while others take turns gets in line before it has done anything.
    let until = this.waiting.length > 0 ? 0 : this.now() + this.slice;
    return {
      get isDue() {
        return turns.now() >= until;
      },
      rest: async () => {
        if (ends) throwIfEnded(ends);
        await turns.next();
        if (ends) throwIfEnded(ends);
        until = turns.now() + turns.slice;
      },
    };
  }

  private next(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.come();
    });
  }

  private come(): void {
    if (this.isComing || this.waiting.length === 0) return;
    this.isComing = true;
    let begun = 0;
    this.later(() => {
      begun = this.now();
      this.waiting.shift()?.();
    });
    // By then its step is done.
    this.later(() => this.pass(this.now() - begun));
  }

  private pass(took: number): void {
    const goOn = (): void => {
      this.isComing = false;
      this.come();
    };
    if (took <= 2 * this.slice) goOn();
    else this.after(goOn, Math.min(took, MOST_FOR_OTHERS));
  }
}

/** Those of this process: there is one event loop. */
export const turns = new Turns();

/** Does work to its end, letting others in between where it takes longer than its slice. Rejects as `Pace` says. */
export function stepsInTurns<T>(work: T | Steps<T>, ends: Ends, among: Turns = turns): Soon<T> {
  return isSteps(work) ? atPace(work, among.begin(ends)) : work;
}

/** Makes one thing of each item, letting others in between. Rejects with the signal's reason when it aborts. */
export async function inTurns<T, R>(
  items: readonly T[],
  signal: AbortSignal | undefined,
  make: (item: T, index: number) => R,
  among: Turns = turns,
): Promise<R[]> {
  const made: R[] = [];
  const pace = among.begin(signal && { signal });
  for (let index = 0; index < items.length; index += 1) {
    if (pace.isDue) await pace.rest();
    made.push(make(items[index] as T, index));
  }
  return made;
}
