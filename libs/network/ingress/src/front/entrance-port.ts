import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import {
  createServer as createTlsServer,
  type SecureContext,
  type Server as TlsServer,
  type TLSSocket,
} from 'node:tls';
import type { WireAddress } from '@binnacle/machinery-wire';
import { type ConnectionDoor, guardConnections } from '@binnacle/process-connections';
import type { CertificateTable } from './certificates.js';
import type { FrontServers } from './front-servers.js';

/** Who takes longer to say hello has no wish to. */
const HANDSHAKE_MILLISECONDS = 10_000;
const OLDEST = 'TLSv1.2';
const BACKLOG = 1_024;
/** How HTTP/2 begins where both sides know of it. */
const PREFACE = 'PRI * HTTP/2.0';

/** Whether a connection begins with HTTP/2. */
function beginsHttp2(socket: Socket): boolean {
  const first = socket.read() as Buffer | null;
  if (!first) return false;
  socket.unshift(first);
  return first.subarray(0, PREFACE.length).toString('latin1') === PREFACE.slice(0, first.length) && first.length >= 3;
}

function plainServer(servers: FrontServers): Server {
  return createServer({ noDelay: true }, (socket) => {
    servers.speak(socket, beginsHttp2(socket) ? 'h2' : 'http/1.1');
  });
}

function secureServer(servers: FrontServers, certificates: () => CertificateTable): Server {
  const choose = (name: string, done: (error: Error | null, context?: SecureContext) => void) =>
    done(null, certificates().find(name)?.context);
  const server = createTlsServer({
    ALPNProtocols: ['h2', 'http/1.1'],
    SNICallback: choose,
    handshakeTimeout: HANDSHAKE_MILLISECONDS,
    minVersion: OLDEST,
    noDelay: true,
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    socket.on('error', () => undefined);
    servers.speak(socket, socket.alpnProtocol === 'h2' ? 'h2' : 'http/1.1');
  });
  server.on('tlsClientError', () => undefined);
  return server;
}

/** Shown to who does not say whom they ask for. */
function showUnnamed(server: Server, certificates: CertificateTable): void {
  const { cert, key } = certificates.unnamed ?? {};
  if (cert && key) (server as TlsServer).setSecureContext({ cert, key, minVersion: OLDEST });
}

export interface PortOptions {
  readonly place: WireAddress;
  readonly servers: FrontServers;
  /** What is shown to whom, at this moment; plain where there is none. */
  readonly certificates?: () => CertificateTable;
  readonly door: ConnectionDoor;
}

/** A socket that waits for clients. */
export class EntrancePort {
  private constructor(
    private readonly server: Server,
    private readonly servers: FrontServers,
  ) {}

  /** Rejects with the system's error where it cannot be opened. */
  static async open({ place, servers, certificates, door }: PortOptions): Promise<EntrancePort> {
    const server = certificates ? secureServer(servers, certificates) : plainServer(servers);
    if (certificates) showUnnamed(server, certificates());
    guardConnections(server, door);
    server.listen({ host: place.host, port: place.port, backlog: BACKLOG });
    await once(server, 'listening');
    // A listening socket only fails to accept (out of descriptors, say); the clients it has are not concerned.
    server.on('error', () => undefined);
    return new EntrancePort(server, servers);
  }

  /** Other certificates are shown from now on. */
  certificatesChanged(certificates: CertificateTable): void {
    showUnnamed(this.server, certificates);
  }

  /** Takes no new clients, and no new requests of those there are. */
  close(): void {
    this.server.close();
    this.servers.drain();
  }

  destroy(): void {
    this.server.close();
    this.servers.destroy();
  }
}
