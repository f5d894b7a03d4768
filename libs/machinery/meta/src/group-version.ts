import { newBadRequest } from './errors.js';
import { quote } from './quote.js';
import type { GroupVersionKind, TypeMeta } from './types.js';

export interface GroupVersion {
  group: string;
  version: string;
}

/**
 * Splits an apiVersion: `v1` is version v1 of the legacy group, whose name is empty.
 * @throws StatusError BadRequest where there is more than one slash.
 */
export function parseApiVersion(apiVersion: string): GroupVersion {
  const parts = apiVersion.split('/');
  const [first = '', second] = parts;
  if (parts.length > 2) throw newBadRequest(`unexpected GroupVersion string: ${apiVersion}`);
  return second === undefined ? { group: '', version: first } : { group: first, version: second };
}

/** `apps/v1`, or `v1` for the legacy group. */
export function formatApiVersion({ group, version }: GroupVersion): string {
  return group ? `${group}/${version}` : version;
}

export function gvkOf(object: TypeMeta): GroupVersionKind {
  return { ...parseApiVersion(object.apiVersion), kind: object.kind };
}

/** As upstream prints a kind in full: `apps/v1, Kind=Deployment`. */
export function formatGvk(gvk: GroupVersionKind): string {
  return `${gvk.group}/${gvk.version}, Kind=${gvk.kind}`;
}

/** As upstream says that a server does not know a kind: `no kind "Foo" is registered for version "v1"`. */
export function unknownKindMessage(gvk: GroupVersionKind): string {
  return `no kind ${quote(gvk.kind)} is registered for version ${quote(formatApiVersion(gvk))}`;
}
