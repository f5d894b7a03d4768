import type { Snapshot } from './snapshot.js';

/** What a cluster must be like. */
export interface Rule {
  readonly name: string;
  /** How long, in milliseconds, it may be otherwise: what programs have to converge. 0 is never. */
  readonly tolerance: number;
  /** What is otherwise now, each by a text that stays the same while it is so; after a `|` may stand what does not. */
  find(snapshot: Snapshot): Iterable<string>;
}

export interface Violation {
  readonly rule: string;
  readonly what: string;
  /** RFC 3339, of the simulated day. */
  readonly since: string;
  readonly seen: string;
}

const timeOf = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** Tells what has been otherwise for longer than it may. */
export class Watchdog {
  private readonly since = new Map<string, number>();
  private readonly told = new Set<string>();
  readonly violations: Violation[] = [];

  constructor(private readonly rules: readonly Rule[]) {}

  /** What has been otherwise since that time, or for longer. */
  presentSince(time: number): string[] {
    return [...this.since].flatMap(([key, since]) => (since <= time ? [key] : []));
  }

  look(snapshot: Snapshot): void {
    const present = new Set<string>();
    for (const rule of this.rules) for (const what of rule.find(snapshot)) this.seen(rule, what, snapshot.now, present);
    for (const key of this.since.keys()) {
      if (present.has(key)) continue;
      this.since.delete(key);
      this.told.delete(key);
    }
  }

  private seen({ name, tolerance }: Rule, what: string, now: number, present: Set<string>): void {
    const key = `${name}: ${what.split('|')[0]}`;
    present.add(key);
    const since = this.since.get(key) ?? now;
    this.since.set(key, since);
    if (now - since < tolerance || this.told.has(key)) return;
    this.told.add(key);
    this.violations.push({ rule: name, what, since: timeOf(since), seen: timeOf(now) });
  }
}
