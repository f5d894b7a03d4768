import type { Change, ChangeFilter, ChangePage, ChangeRange, Revision } from './types.js';

/** Revisions one page of changes is looked for in. */
export const CHANGES_A_PAGE = 10_000;
/** Bytes of bodies, the replaced ones included, after which a page ends. */
export const CHANGE_PAGE_BYTES = 8 << 20;

/** The revisions one page looks at: after `after`, up to `upTo`. */
export function pageWindow({ after, upTo, order }: ChangeRange): { after: Revision; upTo: Revision } {
  return order === 'newestFirst'
    ? { after: Math.max(after, upTo - CHANGES_A_PAGE), upTo }
    : { after, upTo: Math.min(upTo, after + CHANGES_A_PAGE) };
}

/** The page made of what was found in a window; `isCut` where the window holds more than that. */
export function changePage(range: ChangeRange, found: readonly Change[], isCut: boolean): ChangePage {
  const window = pageWindow(range);
  const last = found[found.length - 1];
  const isNewestFirst = range.order === 'newestFirst';
  const end = isNewestFirst ? window.after + 1 : window.upTo;
  const reached = isCut && last ? last.object.revision : end;
  const more = isNewestFirst ? reached > range.after + 1 : reached < range.upTo;
  return { changes: found, reached, more };
}

/** Group and plural name of a resource as keys hold it. */
export function splitResource(resource: string): { readonly group: string; readonly resource: string } {
  const at = resource.indexOf('/');
  return { group: resource.slice(0, Math.max(0, at)), resource: resource.slice(at + 1) };
}

const passes = <T>(wanted: T | undefined, value: T): boolean => wanted === undefined || wanted === value;

function matchesChange(filter: ChangeFilter, { type, object: { key }, actor }: Change): boolean {
  const { group, resource } = splitResource(key.resource);
  return (
    passes(filter.group, group) &&
    passes(filter.resource, resource) &&
    (filter.namespaces?.includes(key.namespace) ?? true) &&
    passes(filter.name, key.name) &&
    passes(filter.user, actor.user) &&
    passes(filter.type, type)
  );
}

/** The page that stands at the beginning of some changes, which lie in the window and come in the order asked for. */
export function cutPage(range: ChangeRange, changes: Iterable<Change>): ChangePage {
  const { filter = {}, limit } = range;
  const found: Change[] = [];
  let bytes = 0;
  for (const change of changes) {
    if (!matchesChange(filter, change)) continue;
    if (found.length === limit || bytes >= CHANGE_PAGE_BYTES) return changePage(range, found, true);
    found.push(change);
    bytes += change.object.body.length + (change.previous?.body.length ?? 0);
  }
  return changePage(range, found, false);
}
