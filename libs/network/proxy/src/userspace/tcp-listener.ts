import { connect, createServer, type Server, type Socket } from 'node:net';
import type { WireAddress } from '@binnacle/machinery-wire';
import type { ExactListeners } from '@binnacle/process-lifecycle';
import { backendKey } from '../plan/endpoints.js';
import type { Balancer } from './balancer.js';
import type { CarriedBackend } from './carried.js';

/** A socket the proxy holds open. */
export interface PortListener {
  /** Takes no new clients. Connections that stand go on, as they do under kube-proxy. */
  close(): void;
  /** Ends the connections too. */
  shutdown(): void;
  /** Calls back when the port is closed and its last connection is over. */
  onDrained(callback: () => void): void;
}

/**
 * How long each endpoint that does not answer is waited for: longer each time, as a busy machine may be slow. Endpoints that
 * refuse cost no time, so all of them are tried.
 */
const DIAL_TIMEOUTS_MILLISECONDS = [250, 500, 1000, 2000];

class NoAnswer extends Error {}

/** A local endpoint is one that holds a socket at exactly its address: nobody who listens on all of them is meant. */
async function requireHeld(sockets: Pick<ExactListeners, 'has'>, { place, local }: CarriedBackend): Promise<void> {
  const { host, port } = place;
  if (local && !(await sockets.has('tcp', host, port))) throw new Error(`nobody listens at ${host}:${port} itself`);
}

function dial({ place }: CarriedBackend, timeout: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...place, allowHalfOpen: true, noDelay: true });
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(timeout, () => fail(new NoAnswer(`no answer in ${timeout} ms`)));
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.setTimeout(0).removeAllListeners('timeout').off('error', fail);
      resolve(socket);
    });
  });
}

/** Carries bytes both ways. Each direction ends by itself; a failure of one side resets the other. */
function join(client: Socket, upstream: Socket): void {
  client.on('error', () => upstream.resetAndDestroy());
  upstream.on('error', () => client.resetAndDestroy());
  client.pipe(upstream);
  upstream.pipe(client);
}

class TcpListener implements PortListener {
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly server: Server,
    private readonly balancer: () => Balancer | undefined,
    private readonly held: Pick<ExactListeners, 'has'>,
  ) {
    server.on('connection', (client) => void this.carry(client));
    // A listening socket only fails to accept (out of descriptors, say); the clients it has are not concerned.
    server.on('error', () => undefined);
  }

  close(): void {
    this.server.close();
  }

  shutdown(): void {
    this.close();
    for (const socket of this.sockets) socket.destroy();
  }

  onDrained(callback: () => void): void {
    this.server.once('close', callback);
  }

  private async carry(client: Socket): Promise<void> {
    this.track(client);
    client.on('error', () => undefined);
    const upstream = await this.reach(client);
    if (!upstream) return void client.resetAndDestroy();
    this.track(upstream);
    upstream.on('error', () => undefined);
    if (client.destroyed) return void upstream.destroy();
    join(client, upstream);
  }

  private async reach(client: Socket): Promise<Socket | undefined> {
    const failed = new Set<string>();
    let [timeout, ...longer] = DIAL_TIMEOUTS_MILLISECONDS;
    while (timeout !== undefined) {
      const backend = this.balancer()?.pick(client.remoteAddress ?? '', failed);
      if (!backend) return undefined;
      try {
        await requireHeld(this.held, backend);
        return await dial(backend, timeout);
      } catch (error) {
        failed.add(backendKey(backend));
        if (error instanceof NoAnswer) [timeout, ...longer] = longer;
      }
    }
    return undefined;
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
  }
}

/** Opens a TCP port; rejects with the system's error where it cannot. */
export function openTcp(
  { host, port }: WireAddress,
  balancer: () => Balancer | undefined,
  sockets: Pick<ExactListeners, 'has'>,
): Promise<PortListener> {
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve(new TcpListener(server, balancer, sockets));
    });
  });
}
