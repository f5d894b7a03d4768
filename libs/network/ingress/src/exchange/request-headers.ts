import type { RoutePolicy } from '../table/policy.js';
import type { Arrival } from './arrival.js';
import { changedHeaders, passedHeaders } from './headers.js';

/** Said by us alone, whatever the client says. `expect` is answered here. */
const OURS = new Set([
  'host',
  'expect',
  'x-request-id',
  'x-real-ip',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-forwarded-scheme',
  'x-scheme',
  'x-original-forwarded-for',
  'forwarded',
]);

/** The id that a client gave its request, where it is one. */
const REQUEST_ID = /^[A-Za-z0-9+/=_.:-]{1,128}$/;

/** The client's own id of the request, or a new one. */
export function requestIdOf(arrival: Arrival, make: () => string): string {
  const said = arrival.header('x-request-id');
  return said !== undefined && REQUEST_ID.test(said) ? said : make();
}

/**
 * The headers that a backend is sent, its host among them. Who asks is told by the connection, never by what the client says of
 * itself. With the names and defaults of ingress-nginx.
 */
export function requestHeaders(arrival: Arrival, policy: RoutePolicy, id: string): string[] {
  const { client, authority, host, door } = arrival;
  const scheme = door.secure ? 'https' : 'http';
  const before = arrival.header('x-forwarded-for');
  const headers = passedHeaders(arrival.headers, OURS);
  headers.push('host', policy.upstreamHost ?? authority, 'x-request-id', id, 'x-real-ip', client);
  headers.push('x-forwarded-for', client, 'x-forwarded-host', host, 'x-forwarded-port', String(door.port));
  headers.push('x-forwarded-proto', scheme, 'x-forwarded-scheme', scheme, 'x-scheme', scheme);
  if (before !== undefined) headers.push('x-original-forwarded-for', before);
  return changedHeaders(headers, policy.requestHeaders);
}
