import type { IncomingHttpHeaders } from 'node:http';
import { newBadRequest } from '@binnacle/machinery-meta';
import { headerText, headerTexts, keyInName } from '../header-text.js';
import { withOfferedImpersonation } from './impersonation-fields.js';

/** Whom a request wants to be made as, as it says it. */
export interface WantedUser {
  readonly name: string;
  /** Empty where none is said. */
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

const PREFIX = 'impersonate-';
const EXTRA = 'impersonate-extra-';

function extraOf(headers: IncomingHttpHeaders): Record<string, string[]> {
  const names = Object.keys(headers)
    .filter((name) => name.startsWith(EXTRA))
    .sort();
  return Object.fromEntries(names.map((name) => [keyInName(name.slice(EXTRA.length)), headerTexts(headers[name])]));
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
 * where there are none, or none that says anything. Behaves as kubernetes apiserver pkg/endpoints/filters/impersonation
 * processImpersonationHeaders.
 * @throws StatusError BadRequest for groups, a uid or extras without a user.
 */
export function wantedUserOf(said: IncomingHttpHeaders): WantedUser | undefined {
  const headers = withOfferedImpersonation(said);
  if (!isAsked(headers)) return undefined;
  const name = headerText(headers['impersonate-user']);
  const groups = headerTexts(headers['impersonate-group']);
  const uid = headerText(headers['impersonate-uid']);
  const extra = extraOf(headers);
  if (name) return { name, uid, groups, extra };
  if (!uid && groups.length === 0 && Object.keys(extra).length === 0) return undefined;
  throw newBadRequest(`requested ${askedText(uid, groups, extra)} without impersonating a user name`);
}
