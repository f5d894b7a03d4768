import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { Clock } from '@binnacle/machinery-context';
import type { WireAddress } from '@binnacle/machinery-wire';
import type { ExactListeners } from '@binnacle/process-lifecycle';
import type { Balancer } from './balancer.js';
import type { CarriedBackend } from './carried.js';
import type { PortListener } from './tcp-listener.js';

/** What a client's datagrams and their answers share until neither has come for a while. */
interface Session {
  readonly backend: CarriedBackend;
  readonly socket: Socket;
  lastUsed: number;
  /** Datagrams that came before the socket was bound to its endpoint; undefined from then on. */
  waiting: Buffer[] | undefined;
}

/** As the kernel's connection tracking keeps an answered UDP flow. */
export const UDP_IDLE_MILLISECONDS = 120_000;
const SESSIONS_PER_LISTENER = 8192;
/** Datagrams of a session kept until it is known where they go; more are lost, as datagrams are. */
const MOST_WAITING = 64;

class UdpListener implements PortListener {
  private readonly sessions = new Map<string, Session>();

  constructor(
    private readonly socket: Socket,
    private readonly balancer: () => Balancer | undefined,
    private readonly sockets: Pick<ExactListeners, 'has'>,
    private readonly clock: Clock,
  ) {
    socket.on('message', (data, from) => this.forward(data, from));
    socket.on('error', () => undefined);
  }

  /** Datagrams have no connections to keep: the sessions end with the port. */
  close(): void {
    this.shutdown();
  }

  shutdown(): void {
    for (const client of this.sessions.keys()) this.end(client);
    this.socket.close();
  }

  onDrained(callback: () => void): void {
    this.socket.once('close', callback);
  }

  private forward(data: Buffer, from: RemoteInfo): void {
    const client = `${from.address}:${from.port}`;
    const session = this.current(client) ?? this.begin(client, from);
    if (!session) return;
    session.lastUsed = this.clock.now();
    if (!session.waiting) session.socket.send(data);
    else if (session.waiting.length < MOST_WAITING) session.waiting.push(data);
  }

  /** The client's session, unless its endpoint has gone: a datagram may always go elsewhere. */
  private current(client: string): Session | undefined {
    const session = this.sessions.get(client);
    if (!session || this.balancer()?.has(session.backend)) return session;
    this.end(client);
    return undefined;
  }

  private begin(client: string, from: RemoteInfo): Session | undefined {
    const backend = this.balancer()?.pick(from.address);
    if (!backend) return undefined;
    this.makeRoom();
    const session: Session = { backend, socket: createSocket('udp4'), lastUsed: this.clock.now(), waiting: [] };
    this.sessions.set(client, session);
    void this.reach(client, session, from);
    this.endWhenIdle(client, session, UDP_IDLE_MILLISECONDS);
    return session;
  }

  private async reach(client: string, session: Session, from: RemoteInfo): Promise<void> {
    const { place, local } = session.backend;
    const held = !local || (await this.sockets.has('udp', place.host, place.port).catch(() => false));
    if (this.sessions.get(client) !== session) return;
    if (held) this.connect(session, from);
    else this.end(client);
  }

  /** A connected socket hears only its endpoint, and is told when nothing listens there. */
  private connect(session: Session, client: RemoteInfo): void {
    const { socket, backend } = session;
    socket.on('error', () => this.end(`${client.address}:${client.port}`));
    socket.on('message', (answer) => {
      session.lastUsed = this.clock.now();
      this.socket.send(answer, client.port, client.address, () => undefined);
    });
    socket.connect(backend.place.port, backend.place.host, () => {
      for (const data of session.waiting ?? []) socket.send(data);
      session.waiting = undefined;
    });
  }

  /** One timer a session, moved on lazily rather than at every datagram. */
  private endWhenIdle(client: string, session: Session, delay: number): void {
    this.clock.after(delay, () => {
      if (this.sessions.get(client) !== session) return;
      const left = session.lastUsed + UDP_IDLE_MILLISECONDS - this.clock.now();
      if (left > 0) this.endWhenIdle(client, session, left);
      else this.end(client);
    });
  }

  private makeRoom(): void {
    const [oldest] = this.sessions.keys();
    if (this.sessions.size >= SESSIONS_PER_LISTENER && oldest !== undefined) this.end(oldest);
  }

  private end(client: string): void {
    const session = this.sessions.get(client);
    if (!session) return;
    this.sessions.delete(client);
    session.socket.close();
  }
}

/** Opens a UDP port; rejects with the system's error where it cannot. */
export function openUdp(
  { host, port }: WireAddress,
  balancer: () => Balancer | undefined,
  sockets: Pick<ExactListeners, 'has'>,
  clock: Clock,
): Promise<PortListener> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    const fail = (error: Error) => {
      socket.close();
      reject(error);
    };
    socket.once('error', fail);
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.off('error', fail);
      resolve(new UdpListener(socket, balancer, sockets, clock));
    });
  });
}
