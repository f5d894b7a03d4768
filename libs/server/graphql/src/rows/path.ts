import { newBadRequest } from '@binnacle/machinery-meta';

/** Steps into an object: names, list positions, and `*` for every item of a list. */
export type Path = readonly (string | number)[];

const STEP = /\.?([A-Za-z_$][\w$-]*)|\[(\d+)\]|\[\*\]|\[(?:'([^']*)'|"([^"]*)")\]/y;

/**
 * Reads `status.phase`, `spec.containers[0].image`, `spec.containers[*].image`, `metadata.labels['app.kubernetes.io/name']`.
 * @throws StatusError BadRequest naming where it stopped understanding.
 */
export function parsePath(text: string): Path {
  const steps: Array<string | number> = [];
  STEP.lastIndex = 0;
  let at = 0;
  while (at < text.length) {
    const match = STEP.exec(text);
    if (!match) throw newBadRequest(`invalid path "${text}": cannot understand "${text.slice(at)}"`);
    const [, name, index, single, double] = match;
    steps.push(name ?? (index === undefined ? (single ?? double ?? '*') : Number(index)));
    at = STEP.lastIndex;
  }
  if (steps.length === 0) throw newBadRequest('a path must not be empty');
  return steps;
}

function step(value: unknown, key: string | number): unknown[] {
  if (key === '*') return Array.isArray(value) ? value : [];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return [];
  return [(value as Record<string | number, unknown>)[key]];
}

/** Every value a path leads to: none where it leads nowhere, several only with `*`. */
export function valuesAt(object: unknown, path: Path): unknown[] {
  return path.reduce<unknown[]>((values, key) => values.flatMap((value) => step(value, key)), [object]);
}
