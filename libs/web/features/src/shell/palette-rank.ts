const EXACT = 1;
const BEGINS = 0.8;
const PART_BEGINS = 0.6;
const WITHIN = 0.4;
/** What only describes an entry finds it too, behind everything that is called so. */
const DESCRIBED = 0.3;

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[\s/]+/)
    .filter(Boolean);

function fitOf(name: string, word: string): number {
  if (name === word) return EXACT;
  if (name.startsWith(word)) return BEGINS;
  if (name.split(/[-.]/).some((part) => part.startsWith(word))) return PART_BEGINS;
  return name.includes(word) ? WITHIN : 0;
}

/** The mean of how well each word is met; 0 where one is not. */
function fit(names: readonly string[], words: readonly string[]): number {
  const fits = words.map((word) => Math.max(0, ...names.map((name) => fitOf(name, word))));
  return fits.includes(0) ? 0 : fits.reduce((sum, each) => sum + each, 0) / fits.length;
}

/** What can be found. */
export interface Findable {
  /** What it is called. */
  readonly names: readonly string[];
  /** What else is said of it. */
  readonly description?: string;
}

/** How well it answers a query, from 0 (not at all) to 1: by its names first, then by what describes it. */
export function rank(query: string, { names, description = '' }: Findable): number {
  const words = wordsOf(query);
  if (words.length === 0) return EXACT;
  const own = names.flatMap(wordsOf);
  return Math.max(fit(own, words), DESCRIBED * fit([...own, ...wordsOf(description)], words));
}

/** What answers the query, the best first; what answers equally well keeps its order. */
export function find<T extends Findable>(query: string, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, score: rank(query, item) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}

export interface Findables<T extends Findable> {
  readonly heading: string;
  readonly entries: readonly T[];
}

/** The groups that have an answer, the one with the best answer first. */
export function findGroups<T extends Findable>(query: string, groups: readonly Findables<T>[]): Findables<T>[] {
  const best = ([first]: readonly T[]) => (first ? rank(query, first) : 0);
  return groups
    .map(({ heading, entries }) => ({ heading, entries: find(query, entries) }))
    .filter(({ entries }) => entries.length > 0)
    .sort((a, b) => best(b.entries) - best(a.entries));
}
