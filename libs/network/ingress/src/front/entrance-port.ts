import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import {
  createServer as createTlsServer,
  type SecureContext,
  type Server as TlsServer,
  type TLSSocket,
} from 'node:tls';
import type { Clock } from '@binnacle/machinery-context';
import type { WireAddress } from '@binnacle/machinery-wire';
import { type ConnectionDoor, guardConnections } from '@binnacle/process-connections';
import type { CertificateTable } from './certificates.js';
import type { FrontServers } from './front-servers.js';
import { HELLO_MILLISECONDS, whenNamed } from './hello.js';

const OLDEST = 'TLSv1.2' as const;
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

function plainServer({ servers }: PortOptions): EntranceServer {
  const server = createServer({ noDelay: true }, (socket) => {
    servers.speak(socket, beginsHttp2(socket) ? 'h2' : 'http/1.1');
  });
  return { server, show: () => undefined };
}

const SECURE = {
  ALPNProtocols: ['h2', 'http/1.1'],
  handshakeTimeout: HELLO_MILLISECONDS,
  minVersion: OLDEST,
  noDelay: true,
};

/** Speaks with whoever has shaken hands, and tells the server whose door they came by. */
function speakSecurely(tls: TlsServer, door: Server, servers: FrontServers): TlsServer {
  tls.on('secureConnection', (socket: TLSSocket) => {
    door.emit('secureConnection', socket);
    socket.on('error', () => undefined);
    servers.speak(socket, socket.alpnProtocol === 'h2' ? 'h2' : 'http/1.1');
  });
  return tls.on('tlsClientError', () => undefined);
}

/**
 * Who says a name is shown that certificate and no other. OpenSSL keeps one of each kind of key: beside a certificate for all, one of
 * another kind that belongs to the name would not always be chosen. So those who say none have a server of their own.
 */
function secureServer({ servers, clock }: PortOptions, certificates: () => CertificateTable): EntranceServer {
  const choose = (name: string, done: (error: Error | null, context?: SecureContext) => void) =>
    done(null, certificates().find(name)?.context);
  const server = createServer({ noDelay: true });
  const named = speakSecurely(createTlsServer({ ...SECURE, SNICallback: choose }), server, servers);
  const unnamed = speakSecurely(createTlsServer(SECURE), server, servers);
  server.on('connection', (socket) =>
    whenNamed(socket, clock, (isNamed) => void (isNamed ? named : unnamed).emit('connection', socket)),
  );
  return { server, show: (table) => showUnnamed(unnamed, table) };
}

/** Shown to who does not say whom they ask for. */
function showUnnamed(server: TlsServer, certificates: CertificateTable): void {
  const { cert, key } = certificates.unnamed ?? {};
  if (cert && key) server.setSecureContext({ cert, key, minVersion: OLDEST });
}

/** A server, and how it comes to show others by default. */
interface EntranceServer {
  readonly server: Server;
  readonly show: (certificates: CertificateTable) => void;
}

export interface PortOptions {
  readonly place: WireAddress;
  readonly servers: FrontServers;
  /** What is shown to whom, at this moment; plain where there is none. */
  readonly certificates?: () => CertificateTable;
  readonly door: ConnectionDoor;
  readonly clock: Clock;
}

/** A socket that waits for clients. */
export class EntrancePort {
  private constructor(
    private readonly opened: EntranceServer,
    private readonly servers: FrontServers,
  ) {}

  /** Rejects with the system's error where it cannot be opened. */
  static async open(options: PortOptions): Promise<EntrancePort> {
    const { place, servers, certificates, door } = options;
    const opened = certificates ? secureServer(options, certificates) : plainServer(options);
    const { server } = opened;
    if (certificates) opened.show(certificates());
    guardConnections(server, door);
    server.listen({ host: place.host, port: place.port, backlog: BACKLOG });
    await once(server, 'listening');
    // A listening socket only fails to accept (out of descriptors, say); the clients it has are not concerned.
    server.on('error', () => undefined);
    return new EntrancePort(opened, servers);
  }

  /** Other certificates are shown from now on. */
  certificatesChanged(certificates: CertificateTable): void {
    this.opened.show(certificates);
  }

  /** Takes no new clients, and no new requests of those there are. */
  close(): void {
    this.opened.server.close();
    this.servers.drain();
  }

  destroy(): void {
    this.opened.server.close();
    this.servers.destroy();
  }
}
