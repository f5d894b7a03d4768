import { parseBody, type StoredObject } from '@binnacle/server-storage';

const decoded = new WeakMap<StoredObject, unknown>();

/** A stored object, parsed once: what every Pod refers to hardly ever changes. It is shared, and not to be changed. */
export function decodeOnce<T>(stored: StoredObject): T {
  const known = decoded.get(stored) as T | undefined;
  if (known) return known;
  const made = parseBody(stored) as unknown as T;
  decoded.set(stored, made);
  return made;
}
