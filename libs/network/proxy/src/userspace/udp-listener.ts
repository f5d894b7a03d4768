import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { WireAddress } from '@binnacle/machinery-wire';
import type { CarriedBackend } from './carried.js';
import type { Gate } from './gate.js';
import type { PortListener, Surroundings } from './port-listener.js';

/** What a client's datagrams and their answers share until neither has come for a while. */
interface Session {
  readonly backend: CarriedBackend;
  readonly socket: Socket;
  lastUsed: number;
  sent: number;
  received: number;
  /** Tells that it is over, where it has stood. */
  over?: () => void;
  /** Datagrams that came before the socket was bound to its endpoint; undefined from then on. */
  waiting: Buffer[] | undefined;
}

/** As the kernel's connection tracking keeps an answered UDP flow. */
export const UDP_IDLE_MILLISECONDS = 120_000;
const SESSIONS_PER_LISTENER = 8192;
/** Datagrams of a session kept until it is known where they go; more are lost, as datagrams are. */
const MOST_WAITING = 64;

const socketFor = (host: string): Socket => createSocket(isIPv6(host) ? 'udp6' : 'udp4');

class UdpListener implements PortListener {
  private readonly sessions = new Map<string, Session>();

  constructor(
    private readonly socket: Socket,
    private readonly gate: () => Gate,
    private readonly surroundings: Surroundings,
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
    const session = this.current(client, from) ?? this.begin(client, from);
    if (!session) return;
    session.lastUsed = this.surroundings.clock.now();
    session.sent += data.length;
    if (!session.waiting) session.socket.send(data);
    else if (session.waiting.length < MOST_WAITING) session.waiting.push(data);
  }

  /** The client's session, unless its endpoint has gone: a datagram may always go elsewhere. */
  private current(client: string, { address }: RemoteInfo): Session | undefined {
    const session = this.sessions.get(client);
    if (!session || this.gate().balancerOf(address).has(session.backend)) return session;
    this.end(client);
    return undefined;
  }

  private begin(client: string, from: RemoteInfo): Session | undefined {
    const gate = this.gate();
    if (!gate.admits(from.address)) return undefined;
    const backend = gate.balancerOf(from.address).pick(from.address);
    if (!backend) return void gate.unanswered();
    this.makeRoom();
    const socket = socketFor(backend.place.host);
    const lastUsed = this.surroundings.clock.now();
    const session: Session = { backend, socket, lastUsed, sent: 0, received: 0, waiting: [] };
    this.sessions.set(client, session);
    void this.reach(client, session, from);
    this.endWhenIdle(client, session, UDP_IDLE_MILLISECONDS);
    return session;
  }

  private async reach(client: string, session: Session, from: RemoteInfo): Promise<void> {
    const { place, local } = session.backend;
    const held = !local || (await this.surroundings.sockets.has('udp', place.host, place.port).catch(() => false));
    if (this.sessions.get(client) !== session) return;
    if (!held) {
      this.gate().failed(session.backend);
      return this.end(client);
    }
    const source = this.gate().sourceOf(from.address, session.backend);
    if (source === undefined) return this.connect(session, from);
    session.socket.once('error', () => this.end(client));
    session.socket.bind({ address: source, exclusive: true }, () => this.connect(session, from));
  }

  /** A connected socket hears only its endpoint, and is told when nothing listens there. */
  private connect(session: Session, client: RemoteInfo): void {
    const { socket, backend } = session;
    socket.on('error', () => this.end(`${client.address}:${client.port}`));
    socket.on('message', (answer) => {
      session.lastUsed = this.surroundings.clock.now();
      session.received += answer.length;
      this.socket.send(answer, client.port, client.address, () => undefined);
    });
    session.over = this.gate().open(client, backend, () => ({ sent: session.sent, received: session.received }));
    socket.connect(backend.place.port, backend.place.host, () => {
      for (const data of session.waiting ?? []) socket.send(data);
      session.waiting = undefined;
    });
  }

  /** One timer a session, moved on lazily rather than at every datagram. */
  private endWhenIdle(client: string, session: Session, delay: number): void {
    const { clock } = this.surroundings;
    clock.after(delay, () => {
      if (this.sessions.get(client) !== session) return;
      const left = session.lastUsed + UDP_IDLE_MILLISECONDS - clock.now();
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
    session.over?.();
    session.socket.close();
  }
}

/** Opens a UDP port; rejects with the system's error where it cannot. */
export function openUdp(
  { host, port }: WireAddress,
  gate: () => Gate,
  surroundings: Surroundings,
): Promise<PortListener> {
  return new Promise((resolve, reject) => {
    const socket = socketFor(host);
    const fail = (error: Error) => {
      socket.close();
      reject(error);
    };
    socket.once('error', fail);
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.off('error', fail);
      resolve(new UdpListener(socket, gate, surroundings));
    });
  });
}
