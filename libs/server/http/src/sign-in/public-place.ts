import { newBadRequest } from '@binnacle/machinery-meta';
import { isFrontDoor } from '@binnacle/server-auth';
import { type CeremonyPlace, namedOrigin, type PublicAddresses, relyingPartyOf } from '@binnacle/server-sign-in';
import type { ApiRequest } from '../request/api-request.js';
import { isSecure, listed } from './request-origin.js';

/** The host a browser asked: our own front door says which; from anybody else that is a claim. */
function hostOf({ headers, peer }: ApiRequest): string | undefined {
  const authority = headers[':authority'];
  const own = headers.host ?? (typeof authority === 'string' ? authority : undefined);
  return isFrontDoor(peer?.certificate) ? (listed(headers['x-forwarded-host'])[0] ?? own) : own;
}

/** Where a page stands that asks; undefined where nobody said that we are there. */
export function originOf(request: ApiRequest, addresses: PublicAddresses): string | undefined {
  return addresses.originOf(hostOf(request), isSecure(request));
}

/** Whether there can be passkeys where a page is, and where there can be if not, as pages are told. */
export interface PasskeyAvailability {
  readonly available: boolean;
  readonly address?: string;
}

export function passkeyAvailability(request: ApiRequest, addresses: PublicAddresses): PasskeyAvailability {
  const origin = originOf(request, addresses);
  if (origin !== undefined && relyingPartyOf(origin) !== undefined) return { available: true };
  const address = elsewhere(origin, addresses);
  return { available: false, ...(address !== undefined && { address }) };
}

function elsewhere(origin: string | undefined, { preferred }: PublicAddresses): string | undefined {
  const named = origin && namedOrigin(origin);
  if (named) return named;
  return preferred !== undefined && relyingPartyOf(preferred) ? preferred : undefined;
}

/** @throws BadRequest where there can be no passkeys */
export function ceremonyPlace(request: ApiRequest, addresses: PublicAddresses): CeremonyPlace {
  const origin = originOf(request, addresses);
  const relyingParty = origin && relyingPartyOf(origin);
  if (origin !== undefined && relyingParty !== undefined) return { origin, relyingParty };
  const { address } = passkeyAvailability(request, addresses);
  throw newBadRequest(`there are no passkeys at this address${address ? `; open ${address}` : ''}`);
}
