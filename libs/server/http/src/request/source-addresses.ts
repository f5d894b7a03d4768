import type { IncomingHttpHeaders } from 'node:http';
import { isFrontDoor } from '@binnacle/server-auth';
import type { Peer } from './api-request.js';

/** Addresses of a request that are noted, of who passed it on and of who sent it. */
const MOST_ADDRESSES = 10;
const LONGEST_ADDRESS = 64;

/** Where a request came from, whoever sent it first: what a proxy says of that is believed of our own front door alone. */
export function sourceAddresses(headers: IncomingHttpHeaders, { address, certificate }: Peer): string[] {
  const forwarded = isFrontDoor(certificate) ? [headers['x-forwarded-for'] ?? []].flat().join(',').split(',') : [];
  const named = forwarded.map((one) => one.trim().slice(0, LONGEST_ADDRESS)).filter(Boolean);
  return [...named.slice(-MOST_ADDRESSES), address];
}
