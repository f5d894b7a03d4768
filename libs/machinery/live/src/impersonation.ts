/** As whom a page wants to be seen, where it can set no headers: a field of the handshake, or a protocol it offers. */
export interface ImpersonationField {
  readonly user: string;
  readonly groups: readonly string[];
}

/** What a WebSocket of a page offers as a protocol in place of headers: the field as JSON, in base64url. */
export const IMPERSONATION_PROTOCOL = 'base64url.impersonate.binnacle.dev.';

/** Of the user and of each group, in UTF-16 units. */
export const LONGEST_IMPERSONATED_NAME = 256;
export const MOST_IMPERSONATED_GROUPS = 64;

/** Whether it may name somebody: headers tell values of a list apart by a comma and a blank, so no name has them. */
export const isImpersonatedName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST_IMPERSONATED_NAME && !value.includes(', ');
