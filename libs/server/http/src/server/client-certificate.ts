import type { TLSSocket } from 'node:tls';
import type { ClientCertificate } from '@binnacle/server-auth';

const known = new WeakMap<object, ClientCertificate | 'none'>();

function list(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

function read(socket: TLSSocket): ClientCertificate | 'none' {
  const certificate = socket.getPeerCertificate?.();
  if (!certificate?.subject) return 'none';
  // Typed as single strings, but a name that is repeated comes as an array.
  const subject = certificate.subject as unknown as Record<string, string | string[] | undefined>;
  return {
    authorized: socket.authorized,
    commonName: list(subject.CN)[0] ?? '',
    organizations: list(subject.O),
  };
}

/** The client's certificate, read once a connection. */
export function clientCertificate(request: { readonly raw: unknown }): ClientCertificate | undefined {
  // Under HTTP/2 each request has its own proxy of the one socket; the session stands for the connection.
  const raw = request.raw as unknown as { stream?: { session?: object }; socket: TLSSocket };
  const connection = raw.stream?.session ?? raw.socket;
  let certificate = known.get(connection);
  if (certificate === undefined) {
    certificate = read(raw.socket);
    known.set(connection, certificate);
  }
  return certificate === 'none' ? undefined : certificate;
}
