import { createSocket, type Socket as DatagramSocket, type SocketOptions } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '@binnacle/machinery-context';
import type { WireAddress } from '@binnacle/machinery-wire';
import type { ClientBounds } from './client-bounds.js';
import { type Respond, TcpSession } from './tcp-session.js';

/** Of what comes while this process is busy. */
const RECEIVE_BUFFER_BYTES = 1024 * 1024;
/** Bytes of answers that the system has not taken yet; more are lost, as datagrams are. */
const MOST_UNSENT = 4 * 1024 * 1024;
/** Of all clients together. */
const MOST_CONNECTIONS = 1024;

/** What answers at an address. */
export interface DnsSockets {
  /** The port that both transports have. */
  readonly port: number;
  /** Ends connections, too. */
  close(): void;
}

/** Answers go to addresses as they came, of which none has to be found. */
const lookup: NonNullable<SocketOptions['lookup']> = (address, _, found) => found(null, address, 4);

type Bounds = Pick<ClientBounds, 'admits' | 'connects'>;

/** Answers until the signal aborts; the socket is closed by then. */
function serveDatagrams(socket: DatagramSocket, respond: Respond, bounds: Bounds, open: AbortSignal): void {
  const send = (answer: Buffer | undefined, port: number, address: string) => {
    if (!answer || open.aborted || socket.getSendQueueSize() > MOST_UNSENT) return;
    socket.send(answer, port, address);
  };
  socket.on('message', (bytes, { address, port }) => {
    if (port === 0 || !bounds.admits(address)) return;
    const answer = respond(bytes, { address, transport: 'udp' });
    if (answer instanceof Promise) void answer.then((late) => send(late, port, address));
    else send(answer, port, address);
  });
  socket.on('error', () => undefined);
}

function openDatagrams({ host, port }: WireAddress): Promise<DatagramSocket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES, lookup });
    const fail = (error: Error) => {
      socket.close();
      reject(error);
    };
    socket.once('error', fail);
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

function openConnections({ host, port }: WireAddress): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.maxConnections = MOST_CONNECTIONS;
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      // It only fails to accept (out of descriptors, say); the clients it has are not concerned.
      server.on('error', () => undefined);
      resolve(server);
    });
  });
}

function serveConnections(server: Server, respond: Respond, bounds: Bounds, clock: Clock): Set<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    const leave = bounds.connects(socket.remoteAddress ?? '');
    if (!leave) return void socket.resetAndDestroy();
    sockets.add(socket);
    socket.once('close', () => {
      leave();
      sockets.delete(socket);
    });
    new TcpSession(
      socket,
      (bytes, client) => (bounds.admits(client.address) ? respond(bytes, client) : undefined),
      clock,
    );
  });
  return sockets;
}

/** Opens the sockets of an address, both or none; rejects with the system's error. Port 0 is any that both can have. */
export async function openSockets(
  place: WireAddress,
  respond: Respond,
  bounds: Bounds,
  clock: Clock,
): Promise<DnsSockets> {
  const datagrams = await openDatagrams(place);
  const { port } = datagrams.address();
  const server = await openConnections({ ...place, port }).catch((error: unknown) => {
    datagrams.close();
    throw error;
  });
  const sockets = serveConnections(server, respond, bounds, clock);
  const open = new AbortController();
  serveDatagrams(datagrams, respond, bounds, open.signal);
  const close = () => {
    if (open.signal.aborted) return;
    open.abort();
    datagrams.close();
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port, close };
}
