/** A line that both texts have, or one of them. */
export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Longer texts are told as wholly replaced: what they share takes too long to find. */
const MOST_LINES = 1_500;

const all = (kind: DiffLine['kind'], lines: readonly string[]): DiffLine[] => lines.map((text) => ({ kind, text }));

/** How long the longest common sequence of the rest of both is, for each pair of places. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint16Array[] {
  const rows = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    const [row, below] = [rows[i] as Uint16Array, rows[i + 1] as Uint16Array];
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const [right = 0, down = 0, across = 0] = [row[j + 1], below[j], below[j + 1]];
      row[j] = before[i] === after[j] ? across + 1 : Math.max(right, down);
    }
  }
  return rows;
}

/** Walks both texts along their longest common sequence, up to the end of one of them. */
function walk(before: readonly string[], after: readonly string[], lengths: readonly Uint16Array[]) {
  const lines: DiffLine[] = [];
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  let [i, j] = [0, 0];
  while (i < before.length && j < after.length) {
    const [text = '', other = ''] = [before[i], after[j]];
    const kind = text === other ? 'same' : at(i + 1, j) >= at(i, j + 1) ? 'removed' : 'added';
    lines.push({ kind, text: kind === 'added' ? other : text });
    if (kind !== 'added') i += 1;
    if (kind !== 'removed') j += 1;
  }
  return { lines, i, j };
}

/** What has to be taken out of one text and put in, to have the other, by lines. */
export function lineDiff(before: readonly string[], after: readonly string[]): DiffLine[] {
  if (Math.max(before.length, after.length) > MOST_LINES) return [...all('removed', before), ...all('added', after)];
  const { lines, i, j } = walk(before, after, commonLengths(before, after));
  return [...lines, ...all('removed', before.slice(i)), ...all('added', after.slice(j))];
}

/** Lines that are the same and far from what is not are left out; undefined stands for those. */
export function withContext(lines: readonly DiffLine[], context: number): (DiffLine | undefined)[] {
  const isNear = (index: number) =>
    lines.slice(Math.max(0, index - context), index + context + 1).some(({ kind }) => kind !== 'same');
  const shown = lines.map((line, index) => (isNear(index) ? line : undefined));
  return shown.filter((line, index) => line !== undefined || (index > 0 && shown[index - 1] !== undefined));
}
