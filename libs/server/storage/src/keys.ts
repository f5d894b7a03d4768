import type { Key, Scope } from './types.js';

/** Sorts before every character a name may hold, so that joined keys sort as (namespace, name). */
export const KEY_SEPARATOR = '\u001f';

/** The position of an object among the objects of its resource. */
export function sortKey(key: Pick<Key, 'namespace' | 'name'>): string {
  return `${key.namespace}${KEY_SEPARATOR}${key.name}`;
}

/** Whether a key lies in a scope, selectors aside. */
export function keyInScope(scope: Scope, key: Key): boolean {
  return (
    key.resource === scope.resource &&
    (scope.namespace === undefined || key.namespace === scope.namespace) &&
    (scope.name === undefined || key.name === scope.name)
  );
}

/** The range of sort keys a scope can hold: `from` inclusive, `to` exclusive, undefined for no bound. */
export function scopeRange(scope: Scope): { from?: string; to?: string } {
  if (scope.namespace === undefined) return {};
  const from = `${scope.namespace}${KEY_SEPARATOR}`;
  return { from, to: `${scope.namespace}${String.fromCharCode(KEY_SEPARATOR.charCodeAt(0) + 1)}` };
}
