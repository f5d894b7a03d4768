import type { IncomingHttpHeaders } from 'node:http';
import { newBadRequest } from '@binnacle/machinery-meta';
import type { AuthorizationAttributes } from './authorizer.js';
import { withOfferedImpersonation } from './impersonation-fields.js';
import { ANONYMOUS, AUTHENTICATED_GROUP, type UserInfo } from './user-info.js';

export { IMPERSONATION_PROTOCOL, impersonationHeaders } from './impersonation-fields.js';

/** Something of another user that is put on, and that one must be allowed to `impersonate`. */
export type ImpersonatedPart = NonNullable<AuthorizationAttributes['resource']>;

/** Whom a request wants to be made as. */
export interface Impersonation {
  readonly user: UserInfo;
  readonly parts: readonly ImpersonatedPart[];
}

const PREFIX = 'impersonate-';
const EXTRA = 'impersonate-extra-';
const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;
const UNAUTHENTICATED_GROUP = 'system:unauthenticated';
const AUTHENTICATION = 'authentication.k8s.io';

/** A header that is repeated comes joined. */
const valuesOf = (header: string | string[] | undefined): string[] =>
  header === undefined ? [] : [header].flat().flatMap((value) => value.split(', '));

function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    // Upstream, too, takes a key that is not well escaped as it is.
    return key;
  }
}

function extraOf(headers: IncomingHttpHeaders): Record<string, string[]> {
  const names = Object.keys(headers).filter((name) => name.startsWith(EXTRA));
  return Object.fromEntries(names.map((name) => [unescaped(name.slice(EXTRA.length)), valuesOf(headers[name])]));
}

function groupsOf(name: string, asked: readonly string[]): string[] {
  const [, namespace] = SERVICE_ACCOUNT.exec(name) ?? [];
  const ofAccount = namespace ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] : [];
  const groups = asked.length > 0 ? [...asked] : ofAccount;
  const general = name === ANONYMOUS.name ? UNAUTHENTICATED_GROUP : AUTHENTICATED_GROUP;
  const settled = groups.includes(AUTHENTICATED_GROUP) || groups.includes(UNAUTHENTICATED_GROUP);
  return settled ? groups : [...groups, general];
}

function part(resource: string, name: string, rest: Partial<ImpersonatedPart> = {}): ImpersonatedPart {
  return { group: '', version: 'v1', resource, subresource: '', namespace: '', name, ...rest };
}

function userPart(name: string): ImpersonatedPart {
  const [, namespace, account] = SERVICE_ACCOUNT.exec(name) ?? [];
  return namespace && account ? part('serviceaccounts', account, { namespace }) : part('users', name);
}

function partsOf(user: UserInfo, groups: readonly string[]): ImpersonatedPart[] {
  const extra = Object.entries(user.extra ?? {});
  return [
    userPart(user.name),
    ...groups.map((group) => part('groups', group)),
    ...extra.flatMap(([subresource, values]) =>
      values.map((value) => part('userextras', value, { group: AUTHENTICATION, subresource })),
    ),
    ...(user.uid ? [part('uids', user.uid, { group: AUTHENTICATION })] : []),
  ];
}

function isAsked(headers: IncomingHttpHeaders): boolean {
  for (const name in headers) if (name.startsWith(PREFIX)) return true;
  return false;
}

/**
 * Reads the `Impersonate-*` headers, as `kubectl --as` sends them, or what a page's WebSocket offers in their place; undefined
 * where there are none. Behaves as kubernetes
 * apiserver pkg/endpoints/filters WithImpersonation.
 * @throws StatusError BadRequest for groups, a uid or extras without a user.
 */
export function impersonationOf(said: IncomingHttpHeaders): Impersonation | undefined {
  const headers = withOfferedImpersonation(said);
  if (!isAsked(headers)) return undefined;
  const [name] = [headers['impersonate-user']].flat();
  if (!name) throw newBadRequest('requested impersonation without impersonating a user name');
  const asked = valuesOf(headers['impersonate-group']);
  const [uid] = [headers['impersonate-uid']].flat();
  const extra = extraOf(headers);
  const hasExtra = Object.keys(extra).length > 0;
  const user: UserInfo = { name, groups: groupsOf(name, asked), ...(uid && { uid }), ...(hasExtra && { extra }) };
  return { user, parts: partsOf(user, asked) };
}
