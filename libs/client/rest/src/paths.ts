import type { ListQuery, ObjectName, ResourceRef, WatchQuery } from './types.js';

/** `/api/v1` or `/apis/<group>/<version>`. */
export function groupVersionPath(ref: Pick<ResourceRef, 'group' | 'version'>): string {
  return ref.group ? `/apis/${ref.group}/${ref.version}` : `/api/${ref.version}`;
}

/** What stands for a name in a path. A dot or two would lead elsewhere. */
function segment(name: string): string {
  if (name === '.' || name === '..') throw new TypeError(`"${name}" is no name`);
  return encodeURIComponent(name);
}

export function collectionPath(ref: ResourceRef, namespace?: string): string {
  const scope = ref.namespaced && namespace ? `/namespaces/${segment(namespace)}` : '';
  return `${groupVersionPath(ref)}${scope}/${ref.plural}`;
}

export function objectPath(ref: ResourceRef, { name, namespace }: ObjectName, subresource?: string): string {
  if (ref.namespaced && !namespace) throw new TypeError(`${ref.plural} "${name}" needs a namespace`);
  const path = `${collectionPath(ref, namespace)}/${segment(name)}`;
  return subresource ? `${path}/${subresource}` : path;
}

/** The query string of a list or watch, with its question mark, or nothing. */
export function queryString(query: ListQuery | WatchQuery, extra: Readonly<Record<string, string>> = {}): string {
  const { namespace: _, ...parameters } = query;
  const search = new URLSearchParams(extra);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `?${text}` : '';
}
