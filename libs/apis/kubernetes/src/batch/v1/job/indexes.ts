/** Indexes of a Job as its status writes them: `1,3-5,7`. */
interface Interval {
  readonly first: number;
  readonly last: number;
}

/** What is wrong with a text of indexes. */
export class IndexesError extends Error {}

const INTEGER = /^[+-]?\d+$/;

function parseIndex(text: string, completions: number): number {
  if (!INTEGER.test(text))
    throw new IndexesError(`cannot convert string to integer for index: ${JSON.stringify(text)}`);
  if (Number(text) >= completions) throw new IndexesError(`too large index: ${JSON.stringify(text)}`);
  return Number(text);
}

function refuseOrder(previous: number, current: number): void {
  if (previous < current) return;
  throw new IndexesError(`non-increasing order, previous: ${previous}, current: ${current}`);
}

function parseInterval(text: string, completions: number): Interval {
  const [from = '', to, more] = text.split('-');
  if (more !== undefined) {
    const rule = "violates the requirement that an index interval can have at most two parts separated by '-'";
    throw new IndexesError(`the fragment ${JSON.stringify(text)} ${rule}`);
  }
  const first = parseIndex(from, completions);
  if (to === undefined) return { first, last: first };
  const last = parseIndex(to, completions);
  refuseOrder(first, last);
  return { first, last };
}

/**
 * How many indexes a text holds, each below `completions`.
 * @throws IndexesError where it holds none in the right form.
 */
export function countIndexes(text: string, completions: number): number {
  if (text === '') return 0;
  let total = 0;
  let previous: number | undefined;
  for (const part of text.split(',')) {
    const { first, last } = parseInterval(part, completions);
    if (previous !== undefined) refuseOrder(previous, first);
    total += last - first + 1;
    previous = last;
  }
  return total;
}

/** Those that can be read: the others are told of where they stand. */
function intervals(text: string, completions: number): Interval[] {
  return text.split(',').flatMap((part) => {
    try {
      return [parseInterval(part, completions)];
    } catch {
      return [];
    }
  });
}

/** The first index that two texts share. */
export function sharedIndex(one: string, other: string, completions: number): number | undefined {
  const [left, right] = [intervals(one, completions), intervals(other, completions)];
  let [at, beside] = [0, 0];
  for (;;) {
    const [a, b] = [left[at], right[beside]];
    if (!a || !b) return undefined;
    if (a.first <= b.last && b.first <= a.last) return Math.max(a.first, b.first);
    if (a.first <= b.first) at += 1;
    else beside += 1;
  }
}
