import type { Key, Scope } from './types.js';

/** Sorts before every character a name may hold, so that joined keys sort as (namespace, name). */
export const KEY_SEPARATOR = '\u001f';

/** The position of an object among the objects of its resource. */
export function sortKey(key: Pick<Key, 'namespace' | 'name'>): string {
  return `${key.namespace}${KEY_SEPARATOR}${key.name}`;
}

const NAMESPACES = 'namespaces';

/** The namespace an object belongs to: a Namespace to itself. Empty for what is in none. */
export function spaceOf({ resource, namespace, name }: Key): string {
  return resource === NAMESPACES ? name : namespace;
}

/** Whether a key lies in a scope, selectors aside. */
export function keyInScope(scope: Scope, key: Key): boolean {
  return (
    key.resource === scope.resource &&
    (scope.namespace === undefined || key.namespace === scope.namespace) &&
    (scope.name === undefined || key.name === scope.name) &&
    (scope.namespaces === undefined || scope.namespaces.has(spaceOf(key)))
  );
}

/** `from` inclusive, `to` exclusive, undefined for no bound. */
export interface SortKeyRange {
  readonly from?: string;
  readonly to?: string;
}

const AFTER_SEPARATOR = String.fromCharCode(KEY_SEPARATOR.charCodeAt(0) + 1);
/** Appended to a key it gives the smallest text that is greater. */
const LEAST = '\u0000';

const inNamespace = (namespace: string): SortKeyRange => ({
  from: `${namespace}${KEY_SEPARATOR}`,
  to: `${namespace}${AFTER_SEPARATOR}`,
});

function namespaceItself(name: string): SortKeyRange {
  const key = sortKey({ namespace: '', name });
  return { from: key, to: `${key}${LEAST}` };
}

/** Sets of namespaces are shared and never change. */
const inOrder = new WeakMap<ReadonlySet<string>, readonly string[]>();

/** The members of a set that never changes, in the order of keys. */
export function namespacesInOrder(namespaces: ReadonlySet<string>): readonly string[] {
  let sorted = inOrder.get(namespaces);
  if (!sorted) inOrder.set(namespaces, (sorted = [...namespaces].sort()));
  return sorted;
}

/** Where in key order the objects of a scope are, one range after the other. */
export function scopeRanges({ resource, namespace, namespaces }: Scope): readonly SortKeyRange[] {
  if (namespace !== undefined) return !namespaces || namespaces.has(namespace) ? [inNamespace(namespace)] : [];
  if (!namespaces) return [{}];
  return namespacesInOrder(namespaces).map(resource === NAMESPACES ? namespaceItself : inNamespace);
}
