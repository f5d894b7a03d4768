import type { IncomingHttpHeaders } from 'node:http';
import { newForbidden } from '@binnacle/machinery-meta';
import type { Credentials } from '../authenticator.js';

const CSRF_HEADER = 'x-binnacle-csrf';
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/** Every browser says where the page comes from that opens a WebSocket; programs say nothing. */
const isOwnOrigin = ({ origin, host, upgrade }: IncomingHttpHeaders): boolean =>
  upgrade === undefined || origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);

/** A browser sends cookies by itself, so a change must also show that our own page asked for it; so must a connection. */
export function checkOrigin({ headers, method }: Pick<Credentials, 'headers' | 'method'>): void {
  if (SAFE_METHODS.includes(method) && isOwnOrigin(headers)) return;
  if (headers[CSRF_HEADER] === '1' || headers['sec-fetch-site'] === 'same-origin') return;
  throw newForbidden({ group: '', resource: '' }, '', `requests with a session need the header ${CSRF_HEADER}: 1`);
}
