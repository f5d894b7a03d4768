import { type FieldError, type FieldPath, tooMany } from '@binnacle/machinery-validation';
import { each, repeated, type Rule } from '@binnacle/apis-registry';

/** A list of at most so many items; of one that is too long nothing else is looked at. */
export function validateList<T>(items: readonly T[] = [], path: FieldPath, most: number, rule: Rule<T>): FieldError[] {
  return items.length > most ? [tooMany(path, items.length, most)] : each(items, path, rule);
}

/** The same where no two items may have the same key. */
export function validateSet<T>(
  items: readonly T[] = [],
  path: FieldPath,
  most: number,
  rule: Rule<T>,
  keyOf: (item: T) => string = String,
): FieldError[] {
  if (items.length > most) return [tooMany(path, items.length, most)];
  return [...each(items, path, rule), ...repeated(items, path, keyOf)];
}

/** Entries of a map of at most so many; keys are judged under the map, values under their key. */
export function validateMap<T>(
  entries: Readonly<Record<string, T>> = {},
  path: FieldPath,
  most: number,
  ruleOfKey: Rule<string>,
  ruleOfValue: Rule<T>,
): FieldError[] {
  const pairs = Object.entries(entries);
  if (pairs.length > most) return [tooMany(path, pairs.length, most)];
  return pairs.flatMap(([key, value]) => [...ruleOfKey(key, path), ...ruleOfValue(value, path.key(shortened(key)))]);
}

const LONGEST_KEY = 96;

/** The ends of a key that is too long to be printed. */
function shortened(key: string): string {
  if (key.length <= LONGEST_KEY) return key;
  const left = LONGEST_KEY - 3;
  return `${key.slice(0, Math.ceil(left / 2))}...${key.slice(-Math.floor(left / 2))}`;
}
