import { createServer, type Server, type Socket } from 'node:net';
import type { WireAddress } from '@binnacle/machinery-wire';
import { backendKey } from '../plan/endpoints.js';
import type { CarriedBackend } from './carried.js';
import { dial, NoAnswer } from './dial.js';
import type { Gate } from './gate.js';
import type { PortListener, Surroundings } from './port-listener.js';

/**
 * How long each endpoint that does not answer is waited for: longer each time, as a busy machine may be slow. Endpoints that
 * refuse cost no time, so all of them are tried.
 */
const DIAL_TIMEOUTS_MILLISECONDS = [250, 500, 1000, 2000];

/** A local endpoint is one that holds a socket at exactly its address: nobody who listens on all of them is meant. */
async function requireHeld(sockets: Surroundings['sockets'], { place, local }: CarriedBackend): Promise<void> {
  const { host, port } = place;
  if (local && !(await sockets.has('tcp', host, port))) throw new Error(`nobody listens at ${host}:${port} itself`);
}

/** Carries bytes both ways. Each direction ends by itself; a failure of one side resets the other. */
function join(client: Socket, upstream: Socket): void {
  client.on('error', () => upstream.resetAndDestroy());
  upstream.on('error', () => client.resetAndDestroy());
  client.pipe(upstream);
  upstream.pipe(client);
}

interface Reached {
  readonly upstream: Socket;
  readonly backend: CarriedBackend;
}

class TcpListener implements PortListener {
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly server: Server,
    private readonly gate: () => Gate,
    private readonly surroundings: Surroundings,
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
    client.on('error', () => undefined);
    // A socket that has closed tells no port any more.
    const { remoteAddress: address = '', remotePort: port = 0 } = client;
    const leave = this.surroundings.room.enter(address);
    if (!leave) return void client.resetAndDestroy();
    client.once('close', leave);
    this.track(client);
    const gate = this.gate();
    const reached = gate.admits(address) ? await this.reach(gate, address) : undefined;
    if (!reached) return void client.resetAndDestroy();
    const { upstream, backend } = reached;
    this.track(upstream);
    upstream.on('error', () => undefined);
    if (client.destroyed) return void upstream.destroy();
    const counts = () => ({ sent: client.bytesRead, received: upstream.bytesRead });
    client.once('close', gate.open({ address, port }, backend, counts));
    join(client, upstream);
  }

  private async reach(gate: Gate, client: string): Promise<Reached | undefined> {
    const balancer = gate.balancerOf(client);
    const failed = new Set<string>();
    let [timeout, ...longer] = DIAL_TIMEOUTS_MILLISECONDS;
    while (timeout !== undefined) {
      const backend = balancer.pick(client, failed);
      if (!backend) break;
      try {
        return { backend, upstream: await this.connect(backend, gate.sourceOf(client, backend), timeout) };
      } catch (error) {
        gate.failed(backend);
        failed.add(backendKey(backend));
        if (error instanceof NoAnswer) [timeout, ...longer] = longer;
      }
    }
    gate.unanswered();
    return undefined;
  }

  private async connect(backend: CarriedBackend, source: string | undefined, timeout: number): Promise<Socket> {
    const { sockets, sourcePorts } = this.surroundings;
    await requireHeld(sockets, backend);
    return await dial(backend.place, timeout, source, sourcePorts);
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
  }
}

/** Opens a TCP port; rejects with the system's error where it cannot. */
export function openTcp(
  { host, port }: WireAddress,
  gate: () => Gate,
  surroundings: Surroundings,
): Promise<PortListener> {
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve(new TcpListener(server, gate, surroundings));
    });
  });
}
