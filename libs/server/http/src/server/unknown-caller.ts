import type { ServerHttp2Stream } from 'node:http2';
import type { Soon } from '@binnacle/machinery-context';
import { isFrontDoor, type UserInfo } from '@binnacle/server-auth';
import { peerOf } from './client-certificate.js';

const UNAUTHENTICATED = 'system:unauthenticated';

/**
 * Many streams cost their sender next to nothing, so of an HTTP/2 connection nobody in particular gets one answer. The
 * front door's is that of many, and stays. Behaves as kubernetes apiserver UnauthenticatedHTTP2DOSMitigation.
 */
function endConnection(request: { readonly raw: unknown }): void {
  const { stream } = request.raw as { stream?: ServerHttp2Stream };
  const session = stream?.session;
  if (!session || session.destroyed || isFrontDoor(peerOf(request).certificate)) return;
  session.close();
}

/** Ends the connection of a request whose caller turns out to be nobody, or not who they say. */
export function endUnlessKnown(request: { readonly raw: unknown }, identify: () => Soon<UserInfo>): Soon<UserInfo> {
  const known = (user: UserInfo): UserInfo => {
    if (user.groups.includes(UNAUTHENTICATED)) endConnection(request);
    return user;
  };
  const unknown = (error: unknown): never => {
    endConnection(request);
    throw error;
  };
  try {
    const found = identify();
    return found instanceof Promise ? found.then(known, unknown) : known(found);
  } catch (error) {
    return unknown(error);
  }
}
