import { newBadRequest } from '@binnacle/machinery-meta';
import type { StoredObject } from '@binnacle/server-storage';
import type { Columns, Values } from './columns.js';
import { compareKeys, type Key, keyOf } from './keys.js';
import { shown } from './path.js';

export interface SortKey {
  readonly path: string;
  readonly direction?: 'ASC' | 'DESC' | null;
}

/** A row with what it is sorted by. */
export interface SortableRow {
  readonly stored: StoredObject;
  readonly keys: readonly (Key | undefined)[];
}

export interface CompiledSort {
  keysOf(values: Values): readonly (Key | undefined)[];
  compare(left: SortableRow, right: SortableRow): number;
}

const MOST_KEYS = 20;
/** Texts are put in order by so many characters; what is longer is no name. */
const CHARACTERS = 1_024;
const RUN = 256;

function shortened(key: Key): Key {
  const { value } = key;
  return typeof value === 'string' && value.length > CHARACTERS ? { ...key, value: value.slice(0, CHARACTERS) } : key;
}

const byText = (left: string, right: string): number => (left < right ? -1 : Number(left > right));

const byName = ({ stored: { key: left } }: SortableRow, { stored: { key: right } }: SortableRow): number =>
  byText(left.namespace, right.namespace) || byText(left.name, right.name);

/**
 * The order of rows: by each key in turn, then by namespace and name, so that it is always the same.
 * @throws StatusError BadRequest for paths the kind does not have and for too many keys.
 */
export function compileSort(keys: readonly SortKey[], columns: Columns): CompiledSort {
  if (keys.length > MOST_KEYS) throw newBadRequest(`a list may be sorted by at most ${MOST_KEYS} keys`);
  const paths = keys.map(({ path, direction }) => {
    const typed = columns.add(path);
    if (typed.type.kind !== 'scalar')
      throw newBadRequest(`the sort by "${shown(path)}": lists and objects have no order`);
    return { ...typed, sign: direction === 'DESC' ? -1 : 1 };
  });
  const keyAt = (values: Values, { column, type }: (typeof paths)[number]): Key | undefined => {
    const [first] = values[column] ?? [];
    return first == null ? undefined : shortened(keyOf(type, first));
  };
  return {
    keysOf: (values) => paths.map((path) => keyAt(values, path)),
    compare(left, right) {
      for (let at = 0; at < paths.length; at += 1) {
        const [a, b] = [left.keys[at], right.keys[at]];
        // What is absent comes last in both directions.
        const order = compareKeys(a, b) * (a && b ? (paths[at]?.sign ?? 1) : 1);
        if (order !== 0) return order;
      }
      return byName(left, right);
    },
  };
}

/** Lets others go on after so many points of work; nothing where there is no need to. */
export type Step = (points: number) => Promise<void> | undefined;

/** Sorts as `Array.sort` does, but a few hundred comparisons at a time. */
export async function sortInSteps<T>(
  rows: readonly T[],
  compare: (left: T, right: T) => number,
  step: Step,
): Promise<T[]> {
  let runs: T[][] = [];
  for (let at = 0; at < rows.length; at += RUN) {
    await step(RUN * Math.log2(RUN));
    runs.push(rows.slice(at, at + RUN).sort(compare));
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let at = 0; at < runs.length; at += 2)
      merged.push(await merge(runs[at] as T[], runs[at + 1] ?? [], compare, step));
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge<T>(left: T[], right: T[], compare: (left: T, right: T) => number, step: Step): Promise<T[]> {
  const merged: T[] = [];
  let [l, r] = [0, 0];
  while (l < left.length || r < right.length) {
    if (merged.length % RUN === 0) await step(RUN);
    const takeLeft = r >= right.length || (l < left.length && compare(left[l] as T, right[r] as T) <= 0);
    merged.push(takeLeft ? (left[l++] as T) : (right[r++] as T));
  }
  return merged;
}
