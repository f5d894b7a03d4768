import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { systemClock } from '@binnacle/process-lifecycle';
import type { DatagramHandler } from './program.js';
import type { Inhabitant } from '../network/inhabitant.js';
import type { Wire } from '../network/wire.js';
import { LinkedDatagrams } from '../links/linked-datagrams.js';
import type { Path } from '../links/path.js';
import { LinkedSocket } from '../links/linked-socket.js';
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
  /** Connections there were, by which the fates of those over one way differ. */
  private accepted = 0;

  constructor(
    private readonly wire: Pick<Wire, 'place' | 'hold' | 'admits' | 'onChange' | 'path'>,
    private readonly self: Inhabitant,
    private readonly most = MOST,
    private readonly clock = systemClock,
  ) {}

  async tcp({ ip, port, containerPort = port }: ListeningPlace, handler: (socket: Socket) => void): Promise<void> {
    this.refuseMany();
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      if (!this.admits(socket.remoteAddress, containerPort, 'tcp')) return this.unanswered.add(socket);
      const arrived = this.overItsWay(socket);
      if (!arrived) return this.unanswered.add(socket);
      this.connections.set(socket, containerPort);
      socket.once('close', () => this.connections.delete(socket));
      carefully(
        () => handler(arrived),
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
    const linked = new LinkedDatagrams((host) => this.path(host), this.clock);
    this.released.push(() => linked.clear());
    socket.on('message', (message, from) => {
      if (!this.admits(from.address, port, 'udp')) return;
      const send = (answer: Buffer) =>
        void (this.datagrams.includes(socket) && socket.send(answer, from.port, from.address, () => undefined));
      const reply = (answer: Buffer) => linked.carry(from.address, 'out', answer.length, () => send(answer));
      linked.carry(from.address, 'in', message.length, () => carefully(() => handler(message, from, reply)));
    });
  }

  /** The socket as a program has it; undefined where no packet gets through. */
  private overItsWay(socket: Socket): Socket | undefined {
    const host = socket.remoteAddress ?? '';
    const path = this.path(host);
    if (!path) return socket;
    if (path.loss >= 1) return undefined;
    this.accepted += 1;
    // A program asks of a socket what both have.
    return new LinkedSocket(socket, path, `${host}>${this.self.ip}#${this.accepted}`, this.clock) as Duplex as Socket;
  }

  private path(host: string): Path | undefined {
    return this.self.hostNetwork ? undefined : this.wire.path(host, this.self);
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
