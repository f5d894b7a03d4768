import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { DatagramHandler } from './program.js';
import type { Inhabitant } from '../network/inhabitant.js';
import type { Wire } from '../network/wire.js';
import { Unanswered } from './unanswered.js';

/** Ports of one container: all containers share what one process may open. */
const MOST = 256;

/** What listens: where on the wire, and which port of the container it is by another name where it is a host port. */
export interface ListeningPlace {
  readonly ip: string;
  readonly port: number;
  readonly containerPort?: number;
}

/** The sockets one container holds open. */
export class Listeners {
  private readonly servers: Server[] = [];
  private readonly datagrams: DatagramSocket[] = [];
  /** By the port of the container that they came to. */
  private readonly connections = new Map<Socket, number>();
  private readonly unanswered = new Unanswered();

  private readonly released: Array<() => void> = [];

  constructor(
    private readonly wire: Pick<Wire, 'place' | 'hold' | 'admits' | 'onChange'>,
    private readonly self: Inhabitant,
    private readonly most = MOST,
  ) {}

  async tcp({ ip, port, containerPort = port }: ListeningPlace, handler: (socket: Socket) => void): Promise<void> {
    this.refuseMany();
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      if (!this.admits(socket.remoteAddress, containerPort, 'tcp')) return this.unanswered.add(socket);
      this.connections.set(socket, containerPort);
      socket.once('close', () => this.connections.delete(socket));
      carefully(
        () => handler(socket),
        () => socket.destroy(),
      );
    });
    this.follow();
    this.servers.push(server);
    const address = this.wire.place(ip, port);
    server.listen({ ...address, exclusive: true });
    await once(server, 'listening');
    if (this.servers.includes(server)) this.released.push(this.wire.hold(address, 'tcp'));
    server.on('error', () => undefined);
  }

  async udp(ip: string, port: number, handler: DatagramHandler): Promise<void> {
    this.refuseMany();
    const socket = createSocket('udp4');
    this.datagrams.push(socket);
    const place = this.wire.place(ip, port);
    socket.bind({ address: place.host, port: place.port, exclusive: true });
    await once(socket, 'listening');
    if (this.datagrams.includes(socket)) this.released.push(this.wire.hold(place, 'udp'));
    socket.on('error', () => undefined);
    socket.on('message', (message, from) => {
      if (!this.admits(from.address, port, 'udp')) return;
      const reply = (answer: Buffer) => socket.send(answer, from.port, from.address, () => undefined);
      carefully(() => handler(message, from, reply));
    });
  }

  private admits(host: string | undefined, port: number, transport: 'tcp' | 'udp'): boolean {
    return this.self.hostNetwork || this.wire.admits(host ?? '', this.self, { port, transport });
  }

  /** What stands ends when it may no longer be. */
  private follow(): void {
    if (this.servers.length > 0 || this.self.hostNetwork) return;
    const recheck = () => {
      for (const [socket, port] of this.connections)
        if (!this.admits(socket.remoteAddress, port, 'tcp')) socket.resetAndDestroy();
    };
    this.released.push(this.wire.onChange(recheck));
  }

  private refuseMany(): void {
    if (this.servers.length + this.datagrams.length >= this.most) throw new Error('listen: too many open files');
  }

  /** As when a process ends: nothing listens any more and connections are cut. */
  close(): void {
    for (const release of this.released.splice(0)) release();
    for (const server of this.servers.splice(0)) server.close(() => undefined);
    for (const socket of this.datagrams.splice(0)) closeQuietly(socket);
    for (const connection of this.connections.keys()) connection.destroy();
    this.unanswered.close();
  }
}

/** What one container does must not end the process that carries them all. */
function carefully(act: () => void, failed: () => void = () => undefined): void {
  try {
    act();
  } catch {
    failed();
  }
}

function closeQuietly(socket: DatagramSocket): void {
  try {
    socket.close();
  } catch {
    // It never came to listen.
  }
}
