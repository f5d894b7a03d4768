import { countCharacters } from './characters.js';

/** Thrown where an evaluation has cost or done more than it may. */
export class BudgetExceeded extends Error {
  override readonly name = 'BudgetExceeded';

  constructor() {
    super('operation cancelled: actual cost limit exceeded');
  }
}

/**
 * Counts what one evaluation costs, and beside it what it really does: the cost model charges one for comparing two lists
 * however deep they are. `work` keeps the time within what the budget promises, and the memory too.
 */
export class Meter {
  /** Steps that every evaluation may take. */
  private static readonly WORK_FLOOR = 1_000_000;
  private static readonly WORK_PER_COST = 2;
  private static readonly LONG_TEXT = 128;

  cost = 0;
  private done = 0;
  private readonly counts = new WeakMap<object, number>();
  private readonly lengths = new Map<string, number>();

  /** `most`: steps of work; without it as many as a budget of that size stands for. */
  constructor(
    private readonly budget: number,
    private readonly most = Meter.WORK_FLOOR + budget * Meter.WORK_PER_COST,
  ) {}

  get spent(): { readonly cost: number; readonly work: number } {
    return { cost: this.cost, work: this.done };
  }

  charge(cost: number): void {
    this.cost += cost;
    if (this.cost > this.budget) throw new BudgetExceeded();
  }

  /** Counts steps of about 50 ns (elements compared, characters written by the dozen) before they are done. */
  work(steps: number): void {
    this.done += steps;
    if (this.done > this.most) throw new BudgetExceeded();
  }

  /** Characters (code points) in a text; those of long ones are counted once. */
  charactersIn(text: string): number {
    if (text.length < Meter.LONG_TEXT) return countCharacters(text);
    const known = this.lengths.get(text);
    if (known !== undefined) return known;
    this.work(text.length / 64);
    const count = countCharacters(text);
    this.lengths.set(text, count);
    return count;
  }

  /** How many entries an object has, counted once. */
  entriesIn(object: object): number {
    const known = this.counts.get(object);
    if (known !== undefined) return known;
    const count = Object.keys(object).length;
    this.work(count / 4);
    this.counts.set(object, count);
    return count;
  }
}
