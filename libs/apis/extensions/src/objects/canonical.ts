import { isJsonObject, setMember } from '@binnacle/machinery-patch';

/** A copy with the members of every object in order of name, as Go prints maps. */
export function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (!isJsonObject(value)) return value;
  const sorted = {};
  for (const key of Object.keys(value).sort()) setMember(sorted, key, sortedKeys(value[key]));
  return sorted;
}

/** A text that is the same for equal values only. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(sortedKeys(value)) ?? 'null';
}
