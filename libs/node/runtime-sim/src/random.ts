/** A number in [0, 1) that follows from the given words alone, so that a simulation can be run again. */
export function chance(...words: ReadonlyArray<string | number>): number {
  let hash = 0x811c9dc5;
  for (const character of words.join('\u0000')) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  // One round of mixing: FNV alone leaves the high bits of short words alike.
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

export type Range = readonly [least: number, most: number];

export function within([least, most]: Range, ...words: ReadonlyArray<string | number>): number {
  return least + (most - least) * chance(...words);
}
