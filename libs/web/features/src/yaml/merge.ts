import { sameJson } from './document.js';

type Fields = Readonly<Record<string, unknown>>;

/** Stands for a field that is not there. */
const ABSENT = Symbol('absent');
/** Both sides have changed the same field, each in its way. */
const CLASH = Symbol('clash');

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const at = (fields: Fields, key: string): unknown => (Object.hasOwn(fields, key) ? fields[key] : ABSENT);
const isSame = (a: unknown, b: unknown): boolean => (a === ABSENT || b === ABSENT ? a === b : sameJson(a, b));

function mergeFields(base: Fields, mine: Fields, theirs: Fields): Fields | typeof CLASH {
  const merged: [string, unknown][] = [];
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const value = mergeValue(at(base, key), at(mine, key), at(theirs, key));
    if (value === CLASH) return CLASH;
    if (value !== ABSENT) merged.push([key, value]);
  }
  return Object.fromEntries(merged);
}

function mergeValue(base: unknown, mine: unknown, theirs: unknown): unknown {
  if (isSame(mine, theirs) || isSame(base, mine)) return theirs;
  if (isSame(base, theirs)) return mine;
  if (!isFields(mine) || !isFields(theirs)) return CLASH;
  return mergeFields(isFields(base) ? base : {}, mine, theirs);
}

/**
 * Their object with my changes in it: what I have changed since `base` goes on top of what they have. Undefined where both have
 * changed the same field (a list is one field) in different ways.
 */
export function mergeChanges<T extends object>(base: T, mine: T, theirs: T): T | undefined {
  const merged = mergeFields(base as Fields, mine as Fields, theirs as Fields);
  return merged === CLASH ? undefined : (merged as T);
}
