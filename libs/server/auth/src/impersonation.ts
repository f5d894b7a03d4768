import type { ResourceAct } from './act.js';
import type { IncomingHttpHeaders } from 'node:http';
import { newBadRequest } from '@binnacle/machinery-meta';
import { isDns1123Label, isDns1123Subdomain } from '@binnacle/machinery-validation';
import { withOfferedImpersonation } from './impersonation-fields.js';
import { ANONYMOUS, AUTHENTICATED_GROUP, type UserInfo } from './user-info.js';

export { impersonationHeaders } from './impersonation-fields.js';

/** Something of another user that is put on, and that one must be allowed to `impersonate`. */
export type ImpersonatedPart = ResourceAct;

/** Whom a request wants to be made as. */
export interface Impersonation {
  readonly user: UserInfo;
  readonly parts: readonly ImpersonatedPart[];
}

const PREFIX = 'impersonate-';
const EXTRA = 'impersonate-extra-';
const ACCOUNT = 'system:serviceaccount:';
const UNAUTHENTICATED_GROUP = 'system:unauthenticated';
const AUTHENTICATION = 'authentication.k8s.io';

/** Namespace and name of an account; undefined for a name that none can have, which is a user's. */
function accountOf(user: string): [namespace: string, name: string] | undefined {
  if (!user.startsWith(ACCOUNT)) return undefined;
  const [namespace = '', name = '', ...more] = user.slice(ACCOUNT.length).split(':');
  const isName = isDns1123Label(namespace).length === 0 && isDns1123Subdomain(name).length === 0;
  return isName && more.length === 0 ? [namespace, name] : undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Names come as UTF-8, of which Node makes a character of each byte; what is offered by a page has its characters already. */
function readable(value: string): string {
  if (!/[\x80-\xff]/.test(value) || /[^\0-\xff]/.test(value)) return value;
  try {
    return utf8.decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}

/** A header that is repeated comes joined. */
const valuesOf = (header: string | string[] | undefined): string[] =>
  header === undefined ? [] : [header].flat().flatMap((value) => readable(value).split(', '));

const firstOf = (header: string | string[] | undefined): string => readable([header].flat()[0] ?? '');

function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    // Upstream, too, takes a key that is not well escaped as it is.
    return key;
  }
}

function extraOf(headers: IncomingHttpHeaders): Record<string, string[]> {
  const names = Object.keys(headers)
    .filter((name) => name.startsWith(EXTRA))
    .sort();
  return Object.fromEntries(names.map((name) => [unescaped(name.slice(EXTRA.length)), valuesOf(headers[name])]));
}

function groupsOf(name: string, asked: readonly string[]): string[] {
  const [namespace] = accountOf(name) ?? [];
  const ofAccount = namespace ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] : [];
  const groups = asked.length > 0 ? [...asked] : ofAccount;
  // Nobody in particular is never somebody who has signed in, whatever else they are.
  const general = name === ANONYMOUS.name ? UNAUTHENTICATED_GROUP : AUTHENTICATED_GROUP;
  const settled = groups.includes(general) || groups.includes(UNAUTHENTICATED_GROUP);
  return settled ? groups : [...groups, general];
}

function part(resource: string, name: string, rest: Partial<ImpersonatedPart> = {}): ImpersonatedPart {
  return { group: '', version: 'v1', resource, subresource: '', namespace: '', name, ...rest };
}

function userPart(name: string): ImpersonatedPart {
  const [namespace, account] = accountOf(name) ?? [];
  return namespace && account ? part('serviceaccounts', account, { namespace }) : part('users', name);
}

function partsOf(user: UserInfo, groups: readonly string[]): ImpersonatedPart[] {
  const extra = Object.entries(user.extra ?? {});
  return [
    userPart(user.name),
    ...(user.uid ? [part('uids', user.uid, { group: AUTHENTICATION })] : []),
    ...groups.map((group) => part('groups', group)),
    ...extra.flatMap(([subresource, values]) =>
      values.map((value) => part('userextras', value, { group: AUTHENTICATION, subresource })),
    ),
  ];
}

function isAsked(headers: IncomingHttpHeaders): boolean {
  for (const name in headers) if (name.startsWith(PREFIX)) return true;
  return false;
}

const listOf = (values: readonly string[]): string =>
  `[]string{${values.map((value) => JSON.stringify(value)).join(', ')}}`;

/** Whom upstream says was asked for, as Go writes it. */
function askedText(uid: string, groups: readonly string[], extra: Readonly<Record<string, string[]>>): string {
  const extras = Object.entries(extra).map(([key, values]) => `${JSON.stringify(key)}:${listOf(values)}`);
  const fields = [
    'Name:""',
    `UID:${JSON.stringify(uid)}`,
    `Groups:${groups.length > 0 ? listOf(groups) : '[]string(nil)'}`,
    `Extra:map[string][]string${extras.length > 0 ? `{${extras.join(', ')}}` : '(nil)'}`,
  ];
  return `&user.DefaultInfo{${fields.join(', ')}}`;
}

/**
 * Reads the `Impersonate-*` headers, as `kubectl --as` sends them, or what a page's WebSocket offers in their place; undefined
 * where there are none, or none that says anything. Behaves as kubernetes apiserver pkg/endpoints/filters/impersonation, without
 * constrained impersonation.
 * @throws StatusError BadRequest for groups, a uid or extras without a user.
 */
export function impersonationOf(said: IncomingHttpHeaders): Impersonation | undefined {
  const headers = withOfferedImpersonation(said);
  if (!isAsked(headers)) return undefined;
  const name = firstOf(headers['impersonate-user']);
  const asked = valuesOf(headers['impersonate-group']);
  const uid = firstOf(headers['impersonate-uid']);
  const extra = extraOf(headers);
  const hasExtra = Object.keys(extra).length > 0;
  if (!name) {
    if (!uid && asked.length === 0 && !hasExtra) return undefined;
    throw newBadRequest(`requested ${askedText(uid, asked, extra)} without impersonating a user name`);
  }
  const user: UserInfo = { name, groups: groupsOf(name, asked), ...(uid && { uid }), ...(hasExtra && { extra }) };
  return { user, parts: partsOf(user, asked) };
}
