import type { Case } from './case.js';
import { type Difference, type DifferenceKind, differencesOf } from './differences.js';
import { explanationOf } from './explained.js';
import type { Explanation } from './explanations.js';
import type { Played } from './replay.js';

/** Differences that are alike. */
export interface Group {
  readonly kind: DifferenceKind;
  readonly at: string;
  count: number;
  readonly resources: Set<string>;
  /** The first one, whole. */
  readonly example: { readonly case: Case; readonly difference: Difference };
}

const masked = (text: string): string =>
  text
    .replace(/"[^"]*"/g, '"…"')
    .replace(/\d+/g, 'N')
    .slice(0, 90);

function placeOf(one: Case, { kind, at, theirs }: Difference): string {
  if (kind === 'message') return masked(String(theirs));
  if (kind === 'status code') return `${at}: ${one.section}`;
  return at || one.section;
}

/** Counts what differs, as answers come in. */
export class Tally {
  requests = 0;
  /** Answers that differ in nothing that is not explained. */
  alike = 0;
  /** Answers of another status code: in all, and those nobody has explained. */
  readonly codes = { all: 0, unexplained: 0 };
  readonly sections = new Map<string, { requests: number; codes: number; others: number }>();
  readonly groups = new Map<string, Group>();
  readonly explained = new Map<Explanation, number>();

  /** `now`: milliseconds since the epoch. */
  add(played: Played, now: number): void {
    const found = differencesOf(played, now);
    const unexplained = found.filter((difference) => !this.explain(played.case, difference));
    const isCode = ({ kind }: Difference) => kind === 'status code' || kind === 'no answer';
    this.requests += 1;
    if (unexplained.length === 0) this.alike += 1;
    if (found.some(isCode)) this.codes.all += 1;
    if (unexplained.some(isCode)) this.codes.unexplained += 1;
    this.count(played.case.section, unexplained, isCode);
    for (const difference of unexplained) this.group(played.case, difference);
  }

  /** The largest first. */
  largest(): Group[] {
    return [...this.groups.values()].sort((a, b) => b.count - a.count);
  }

  private explain(one: Case, difference: Difference): boolean {
    const explanation = explanationOf(one, difference);
    if (explanation) this.explained.set(explanation, (this.explained.get(explanation) ?? 0) + 1);
    return explanation !== undefined;
  }

  private count(section: string, found: readonly Difference[], isCode: (one: Difference) => boolean): void {
    const counts = this.sections.get(section) ?? { requests: 0, codes: 0, others: 0 };
    this.sections.set(section, counts);
    counts.requests += 1;
    if (found.some(isCode)) counts.codes += 1;
    else if (found.length > 0) counts.others += 1;
  }

  private group(one: Case, difference: Difference): void {
    const at = placeOf(one, difference);
    const key = `${difference.kind} ${at}`;
    const known = this.groups.get(key);
    if (known) {
      known.count += 1;
      known.resources.add(one.resource);
      return;
    }
    const example = { case: one, difference };
    this.groups.set(key, { kind: difference.kind, at, count: 1, resources: new Set([one.resource]), example });
  }
}
