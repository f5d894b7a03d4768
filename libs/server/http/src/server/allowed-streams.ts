import type { Http2SecureServer, ServerHttp2Session } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { ClientCertificate } from '@binnacle/server-auth';
import { certificateOf } from './client-certificate.js';

/** Of one HTTP/2 connection, as upstream's: who wants more waits, or opens another. */
export const STREAMS_OF_ANYBODY = 100;
/** Of all clusters' and all nodes' watches a component may have hundreds. */
const STREAMS_OF_COMPONENTS = 1_000;
const MASTERS = 'system:masters';
const COMPONENTS = 'system:';

export const isComponent = (certificate: ClientCertificate | undefined): boolean =>
  certificate?.authorized === true &&
  (certificate.commonName.startsWith(COMPONENTS) || certificate.organizations.includes(MASTERS));

/** Lets the cluster's own components do more at a time over a connection than whoever reaches the port. */
export function allowStreams(server: Http2SecureServer): void {
  server.on('session', (session: ServerHttp2Session) => {
    if (isComponent(certificateOf(session.socket as TLSSocket)))
      session.settings({ maxConcurrentStreams: STREAMS_OF_COMPONENTS });
  });
}
