import type { YamlStep } from '@binnacle/machinery-yaml';

/** Where in a document somebody writes, read from the indentation alone: the text need not be YAML yet. */
interface CursorPlace {
  /** Of the object the key belongs to. */
  readonly path: readonly YamlStep[];
  /** The key that is being written, or whose value is. */
  readonly key: string;
  /** What of the value is there already; undefined while the key itself is written. */
  readonly value?: string;
}

interface Part {
  readonly column: number;
  /** Undefined for the dash of an item. */
  readonly key: string | undefined;
}

const DASHES = /^(\s*)((?:-\s+|-$)*)/;
const KEY = /^(?:"([^"]*)"|'([^']*)'|([^\s#:'"][^:#]*?))\s*:(?=\s|$)/;
const UNFINISHED_KEY = /^["']?([\w./-]*)$/;

/** The dashes and the key a line begins with, from left to right. */
function partsOf(line: string): { readonly parts: Part[]; readonly rest: string; readonly column: number } {
  const [all = '', indent = ''] = DASHES.exec(line) ?? [];
  const parts: Part[] = [];
  for (let column = indent.length; column < all.length; column += 1) {
    if (line[column] === '-') parts.push({ column, key: undefined });
  }
  return { parts, rest: line.slice(all.length), column: all.length };
}

function keyOf(rest: string): { readonly key: string; readonly length: number } | undefined {
  const found = KEY.exec(rest);
  return found ? { key: found[1] ?? found[2] ?? found[3] ?? '', length: found[0].length } : undefined;
}

/** Goes up from a column, and takes every part that stands further to the left, or an item's parent that stands above it. */
function ancestors(lines: readonly string[], own: readonly Part[], column: number): YamlStep[] {
  const path: YamlStep[] = [];
  let [limit, inItem] = [column, false];
  const take = ({ column: at, key }: Part) => {
    if (at > limit || (at === limit && !(inItem && key !== undefined))) return;
    path.unshift(key ?? 0);
    [limit, inItem] = [at, key === undefined];
  };
  for (const part of [...own].reverse()) take(part);
  for (let index = lines.length - 1; index >= 0 && (limit > 0 || inItem); index -= 1) {
    const line = lines[index] ?? '';
    if (/^\s*(#|$)/.test(line)) continue;
    const { parts, rest, column: at } = partsOf(line);
    const key = keyOf(rest)?.key;
    for (const part of [...parts, ...(key === undefined ? [] : [{ column: at, key }])].reverse()) take(part);
  }
  return path;
}

/** The place of a position: `before` is all text up to it. Undefined where neither a key nor its value is written. */
export function cursorPlace(before: string): CursorPlace | undefined {
  const lines = before.split('\n');
  const { parts, rest, column } = partsOf(lines.pop() ?? '');
  const path = () => ancestors(lines, parts, column);
  const unfinished = UNFINISHED_KEY.exec(rest)?.[1];
  if (unfinished !== undefined) return { path: path(), key: unfinished };
  const found = keyOf(rest);
  return found && { path: path(), key: found.key, value: rest.slice(found.length).trimStart() };
}
