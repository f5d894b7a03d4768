import { own } from '@binnacle/machinery-meta';

/** The values of one node label as small numbers by row; -1 for a node without the label. */
export interface Topology {
  readonly domains: Int32Array;
  /** How many different values there are. */
  readonly size: number;
}

export function topology(
  labelsByRow: readonly (Readonly<Record<string, string>> | undefined)[],
  key: string,
): Topology {
  const numbers = new Map<string, number>();
  const domains = new Int32Array(labelsByRow.length).fill(-1);
  labelsByRow.forEach((labels, row) => {
    const value = own(labels, key);
    if (value === undefined) return;
    const number = numbers.get(value) ?? numbers.size;
    numbers.set(value, number);
    domains[row] = number;
  });
  return { domains, size: numbers.size };
}
