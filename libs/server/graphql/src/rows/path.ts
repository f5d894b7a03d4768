import { newBadRequest } from '@binnacle/machinery-meta';

/** Every item of a list. */
export const EVERY = Symbol('every item');

/** Steps into an object: names, list positions, and every item of a list. */
export type Path = readonly (string | number | typeof EVERY)[];

const STEP = /\.?([A-Za-z_$][\w$-]*)|\[(\d{1,9})\]|\[\*\]|\[(?:'([^']*)'|"([^"]*)")\]/y;
const LONGEST = 512;
const MOST_STEPS = 32;
const SHOWN = 100;

/** Text of a client as it may stand in an error. */
export const shown = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

/**
 * Reads `status.phase`, `spec.containers[0].image`, `spec.containers[*].image`, `metadata.labels['app.kubernetes.io/name']`.
 * @throws StatusError BadRequest naming where it stopped understanding.
 */
export function parsePath(text: string): Path {
  if (text.length > LONGEST) throw newBadRequest(`the path "${shown(text)}" is longer than ${LONGEST} characters`);
  const steps: (string | number | typeof EVERY)[] = [];
  STEP.lastIndex = 0;
  let at = 0;
  while (at < text.length) {
    const match = STEP.exec(text);
    if (!match) throw newBadRequest(`invalid path "${shown(text)}": cannot understand "${shown(text.slice(at))}"`);
    const [, name, index, single, double] = match;
    steps.push(name ?? (index === undefined ? (single ?? double ?? EVERY) : Number(index)));
    at = STEP.lastIndex;
  }
  if (steps.length === 0) throw newBadRequest('a path must not be empty');
  if (steps.length > MOST_STEPS) throw newBadRequest(`the path "${shown(text)}" has more than ${MOST_STEPS} steps`);
  return steps;
}

function step(value: unknown, key: Path[number]): readonly unknown[] {
  if (key === EVERY) return Array.isArray(value) ? value : [];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return [];
  return [(value as Record<string | number, unknown>)[key]];
}

/** Every value a path leads to: none where it leads nowhere, several only where it goes through every item of a list. */
export function valuesAt(object: unknown, path: Path): readonly unknown[] {
  return path.reduce<readonly unknown[]>((values, key) => values.flatMap((value) => step(value, key)), [object]);
}
