import { newRequestEntityTooLarge, type StatusError } from '@binnacle/machinery-meta';
import { LIMITS, POINTS, parsing } from './limits.js';
import type { Lane } from './pacer.js';

/** What an operation has cost so far, as `extensions.cost` shows it. */
export interface CostReport {
  readonly estimated: number;
  readonly actual: number;
  readonly limit: number;
  readonly rows: number;
  readonly objects: number;
  readonly fields: number;
  readonly bytes: number;
}

export interface BudgetOptions {
  readonly lane: Lane;
  readonly estimated: number;
  readonly limit?: number;
  /** Hears once that the operation must end. */
  readonly onExhausted?: (why: StatusError) => void;
}

/**
 * What one operation may still use. Everything is charged when it is about to be done; what goes beyond ends the operation,
 * whichever of its parts it was.
 */
export class Budget {
  readonly lane: Lane;
  private readonly limit: number;
  private points = 0;
  private rows = 0;
  private objects = 0;
  private fields = 0;
  private bytes = 0;
  private end: unknown;

  constructor(private readonly options: BudgetOptions) {
    this.lane = options.lane;
    this.limit = options.limit ?? LIMITS.points;
  }

  report(): CostReport {
    const { points, limit, rows, objects, fields, bytes } = this;
    return { estimated: this.options.estimated, actual: points, limit, rows, objects, fields, bytes };
  }

  /** The operation is over, for whatever reason: nothing more is done for it. */
  stop(why: unknown): void {
    this.end ??= why;
    this.lane.close();
  }

  /** Throws what ended the operation, where something did. */
  check(): void {
    if (this.end !== undefined) throw this.end;
  }

  /** Throws RequestEntityTooLarge where it is more than the operation may cost. */
  charge(points: number): void {
    this.check();
    this.points += points;
    if (this.points > this.limit)
      this.exhaust(`the operation costs more than ${this.limit} points; ask for fewer fields, rows or relations`);
  }

  field(): void {
    this.fields += 1;
    this.charge(POINTS.field);
    this.lane.spend(POINTS.field);
  }

  /** A field that leads to other objects, whatever it finds. */
  relation(): void {
    this.field();
    this.charge(POINTS.relation);
    this.lane.spend(POINTS.relation);
  }

  /** Rows that a list or a relation looks at. */
  scan(count: number): void {
    this.rows += count;
    this.charge(count * POINTS.row);
  }

  /** Objects the operation reaches. Throws RequestEntityTooLarge above what one may reach. */
  reach(count: number): void {
    this.check();
    this.objects += count;
    if (this.objects > LIMITS.objects)
      this.exhaust(
        `the operation reaches more than ${LIMITS.objects} objects; ask for smaller pages or follow fewer relations`,
      );
  }

  /** A body that is parsed; answers what it costs. */
  parse(bytes: number): number {
    const points = parsing(bytes);
    this.charge(points);
    return points;
  }

  /** Bytes of the answer; answers what they cost. */
  answer(bytes: number): number {
    const points = Math.ceil((bytes * POINTS.answerKib) / 1024);
    this.bytes += bytes;
    this.charge(points);
    if (this.bytes > LIMITS.answerBytes) this.exhaust(`the answer is larger than ${LIMITS.answerBytes} bytes`);
    return points;
  }

  /** Lets as much be used again as at first: another change is told to a subscriber. */
  refill(): void {
    [this.points, this.rows, this.objects, this.fields, this.bytes] = [0, 0, 0, 0, 0];
  }

  private exhaust(text: string): never {
    const why = newRequestEntityTooLarge(text);
    this.stop(why);
    this.options.onExhausted?.(why);
    throw why;
  }
}
