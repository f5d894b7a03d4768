import { keyInScope } from './keys.js';
import type { Change, ChangeType, Scope, StoredObject, WatchItem } from './types.js';

export type ChangeItem = Extract<WatchItem, { kind: 'change' }>;

/** Whether an object lies in a scope, selectors included. */
export function objectInScope(scope: Scope, object: StoredObject): boolean {
  return keyInScope(scope, object.key) && (!scope.matches || scope.matches(object.attributes, object.key, object));
}

/**
 * A change as the watchers of a scope see it, or undefined when they do not. Entering the scope is ADDED; leaving it is
 * DELETED with the last body that matched, at the revision of leaving. What needs no adjustment is passed on as it is,
 * so that all watchers share one item.
 */
export function scopedItem(scope: Scope, item: ChangeItem): ChangeItem | undefined {
  const { change } = item;
  if (!keyInScope(scope, change.object.key)) return undefined;
  if (!scope.matches) return item;
  const type = scopedType(scope.matches, change);
  if (type === undefined) return undefined;
  if (type === change.type) return item;
  return { kind: 'change', change: { ...change, type, object: shownAs(type, change) } };
}

function scopedType(matches: NonNullable<Scope['matches']>, change: Change): ChangeType | undefined {
  const { object, previous } = change;
  const before = previous !== undefined && matches(previous.attributes, object.key, previous);
  if (change.type === 'DELETED') return before || !previous ? deletedType(matches, change) : undefined;
  if (matches(object.attributes, object.key, object)) return before ? 'MODIFIED' : 'ADDED';
  return before ? 'DELETED' : undefined;
}

/** Without a previous object (history that was given up) the last state itself decides. */
function deletedType(matches: NonNullable<Scope['matches']>, change: Change): ChangeType | undefined {
  const last = change.previous ?? change.object;
  return matches(last.attributes, last.key, last) ? 'DELETED' : undefined;
}

function shownAs(type: ChangeType, change: Change): StoredObject {
  if (type !== 'DELETED' || !change.previous) return change.object;
  const { key, body, attributes } = change.previous;
  return { key, body, attributes, revision: change.object.revision };
}

/** The items of one batch that a scope sees; the batch itself when that is all of them, unchanged. */
export function scopedBatch(scope: Scope, batch: readonly ChangeItem[]): readonly ChangeItem[] {
  const seen: ChangeItem[] = [];
  let same = true;
  for (const item of batch) {
    const scoped = scopedItem(scope, item);
    if (scoped !== item) same = false;
    if (scoped) seen.push(scoped);
  }
  return same ? batch : seen;
}
