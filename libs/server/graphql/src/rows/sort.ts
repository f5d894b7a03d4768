import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { compareValues } from './compare.js';
import { parsePath, valuesAt } from './path.js';

export interface SortKey {
  readonly path: string;
  readonly direction?: 'ASC' | 'DESC' | null;
}

export type Comparison = (left: UnstructuredObject, right: UnstructuredObject) => number;

const byText = (left = '', right = ''): number => (left < right ? -1 : Number(left > right));

const byName: Comparison = (left, right) =>
  byText(left.metadata.namespace, right.metadata.namespace) || byText(left.metadata.name, right.metadata.name);

function comparison({ path, direction }: SortKey): Comparison {
  const steps = parsePath(path);
  const sign = direction === 'DESC' ? -1 : 1;
  const first = (object: UnstructuredObject) => valuesAt(object, steps)[0];
  return (left, right) => {
    const [a, b] = [first(left), first(right)];
    // What is absent comes last in both directions.
    if (a == null || b == null) return compareValues(a, b);
    return sign * compareValues(a, b);
  };
}

/** The order of rows: by each key in turn, then by namespace and name, so that it is always the same. */
export function compileSort(keys: readonly SortKey[]): Comparison {
  const comparisons = [...keys.map(comparison), byName];
  return (left, right) => {
    for (const compare of comparisons) {
      const order = compare(left, right);
      if (order !== 0) return order;
    }
    return 0;
  };
}
