import type { Marks } from '@binnacle/web-data';

/** What is wrong with a text of labels or annotations, and where. */
export class MarksProblem {
  constructor(
    readonly problem: 'form' | 'twice' | 'quote',
    readonly text: string,
  ) {}
}

/** It is typed by hand; what is longer was not. */
const MOST_LETTERS = 10_000;
const TOKEN = /(?:"[^"]*"|[^\s"])+/g;
const SET = /^([^=\s"]+)=(.*)$/s;
const REMOVE = /^([^=\s"]+)-$/;

const unquote = (text: string): string => text.replaceAll('"', '');

/** One mark; undefined where it is in neither form. */
function readMark(token: string): readonly [key: string, value: string | null] | undefined {
  const [, key, value = ''] = SET.exec(token) ?? [];
  if (key !== undefined) return [key, unquote(value)];
  const removed = REMOVE.exec(token)?.[1];
  return removed === undefined ? undefined : [removed, null];
}

/**
 * Reads labels or annotations as kubectl takes them: `key=value` sets one, `key-` takes it away; a value with spaces stands in
 * quotes.
 */
export function parseMarks(text: string): Marks | MarksProblem {
  const given = text.slice(0, MOST_LETTERS);
  if ((given.match(/"/g)?.length ?? 0) % 2 === 1) return new MarksProblem('quote', given);
  const marks = new Map<string, string | null>();
  for (const token of given.match(TOKEN) ?? []) {
    const read = readMark(token);
    if (!read) return new MarksProblem('form', token);
    if (marks.has(read[0])) return new MarksProblem('twice', read[0]);
    marks.set(...read);
  }
  return Object.fromEntries(marks);
}

/** Those of the marks that would change what is there. */
export function changesIn(marks: Marks, present: Readonly<Record<string, string>> = {}): Marks {
  return Object.fromEntries(Object.entries(marks).filter(([key, value]) => (present[key] ?? null) !== value));
}
