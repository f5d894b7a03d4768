import type { TLSSocket } from 'node:tls';
import type { ClientCertificate } from '@binnacle/server-auth';
import type { Peer } from '../request/api-request.js';

/** The object identifier upstream took for the uid of a user. */
const USER_UID = '1.3.6.1.4.1.57683.2';

/** On the connection itself: a map beside it costs more to look into than all the rest of a request's door. */
const PEER = Symbol('peer');

function list(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/** The certificate that a client has shown at the other end of a connection. */
export function certificateOf(socket: TLSSocket): ClientCertificate | undefined {
  const certificate = socket.getPeerCertificate?.();
  if (!certificate?.subject) return undefined;
  // Typed as single strings, but a name that is repeated comes as an array.
  const subject = certificate.subject as unknown as Record<string, string | string[] | undefined>;
  return {
    authorized: socket.authorized,
    commonName: list(subject.CN)[0] ?? '',
    organizations: list(subject.O),
    uids: list(subject[USER_UID]),
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    expiresAt: Date.parse(certificate.valid_to),
    raw: certificate.raw,
  };
}

/** Who is at the other end, read once a connection. */
export function peerOf(request: { readonly raw: unknown }): Peer {
  // Under HTTP/2 each request has its own proxy of the one socket; the session stands for the connection.
  const raw = request.raw as unknown as { stream?: { session?: object }; socket: TLSSocket };
  const connection: { [PEER]?: Peer } = raw.stream?.session ?? raw.socket;
  return (connection[PEER] ??= { address: raw.socket.remoteAddress ?? '', certificate: certificateOf(raw.socket) });
}

/** The client's certificate. */
export function clientCertificate(request: { readonly raw: unknown }): ClientCertificate | undefined {
  return peerOf(request).certificate;
}
