import { newForbidden } from '@binnacle/machinery-meta';
import { isFrontDoor } from '@binnacle/server-auth';
import type { KnownRequest } from '../request/api-request.js';

const LONGEST_ADDRESS = 64;

/** Where a request comes from, and what it says of that. */
export type RequestOrigin = Pick<KnownRequest, 'peer' | 'headers'>;

/** Headers of a proxy hold a list, to which each proxy adds at the end. */
export const listed = (header: string | string[] | undefined): string[] =>
  [header ?? []]
    .flat()
    .join(',')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** The address of the browser: only our own front door is believed when it says whom it speaks for. */
export function addressOf({ peer, headers }: RequestOrigin): string {
  const forwarded = isFrontDoor(peer?.certificate) ? listed(headers['x-forwarded-for']).at(-1) : undefined;
  return (forwarded ?? peer?.address ?? '').slice(0, LONGEST_ADDRESS);
}

/** This server speaks HTTPS only, its front door plain HTTP, unless there is a proxy before it that says otherwise. */
export function isSecure({ peer, headers }: RequestOrigin): boolean {
  const isOurs = isFrontDoor(peer?.certificate) || headers['x-forwarded-proto'] !== undefined;
  return isOurs ? listed(headers['x-forwarded-proto'])[0] === 'https' : true;
}

/** Of an origin; empty for none, such as that of a page in a sandbox. */
const hostOf = (origin: string): string => (URL.canParse(origin) ? new URL(origin).host : '');

/**
 * A page of another site, or of another port of this one, is not to sign anybody in or out. Browsers say what page asks:
 * in Sec-Fetch-Site where they trust the connection, in Origin everywhere. Programs say neither.
 */
export function checkSite({ headers, peer }: RequestOrigin): void {
  const { origin, host, ':authority': authority, 'sec-fetch-site': site } = headers;
  // Our own front door says where a page is; from anybody else that is a claim.
  const forwarded = isFrontDoor(peer?.certificate) ? listed(headers['x-forwarded-host']) : [];
  const hosts = [...listed(host), ...listed(authority), ...forwarded];
  const isOwn = site !== undefined ? site === 'same-origin' : origin === undefined || hosts.includes(hostOf(origin));
  if (!isOwn) throw newForbidden({ group: '', resource: '' }, '', 'only pages of this address may sign in or out');
}
