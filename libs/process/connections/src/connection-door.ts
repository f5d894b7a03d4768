import { readFileSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import type { Clock } from '@binnacle/machinery-context';
import { type ConnectionLimits, ConnectionRoom } from './connection-room.js';
import { FairRounds } from './fair-rounds.js';
import { Handshakes } from './handshakes.js';

/** More than a large cluster's nodes, components and people have. */
const MOST_CONNECTIONS = 10_000;
/** What this process needs its other open files for: the database, kubelets, its log. */
const PART_FOR_CONNECTIONS = 0.75;
/** A handshake takes a millisecond or two of the one thread. */
const HANDSHAKES_A_ROUND = 4;

/** Who takes longer to begin has no wish to. */
const SILENCE_MILLISECONDS = 10_000;

function mostFiles(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  } catch {
    // Where there is no /proc.
    return Number.POSITIVE_INFINITY;
  }
}

/** As many connections as this process may have files for, of which each takes some; nobody takes more than half of them. */
export function connectionLimits(files = mostFiles(), filesEach = 1): ConnectionLimits {
  const inAll = Math.min(MOST_CONNECTIONS, Math.floor((files * PART_FOR_CONNECTIONS) / filesEach));
  return { inAll, each: Math.floor(inAll / 2) };
}

/** Of both ends of one connection, the plain one and the encrypted one. */
const nameOf = ({ remoteAddress = '', remotePort = 0 }: Socket): string => `${remoteAddress} ${remotePort}`;

/**
 * Lets connections in before it is known who they are: no more than there is room for, and of those that have begun to speak a few
 * at a time, by turns of the addresses they come from.
 */
export class ConnectionDoor {
  private readonly room: ConnectionRoom;
  private readonly rounds = new FairRounds<string>({ most: HANDSHAKES_A_ROUND, slice: Number.POSITIVE_INFINITY });
  private readonly handshakes: Handshakes;
  private readonly greeted = new Map<string, () => void>();

  constructor(
    limits: ConnectionLimits,
    private readonly clock: Clock,
  ) {
    this.room = new ConnectionRoom(limits);
    this.handshakes = new Handshakes(clock);
  }

  get count(): number {
    return this.room.count;
  }

  /** What is done with a new connection is done when its turn has come, and never with one there is no room for. */
  enter(socket: Socket, greet: () => void): void {
    // Nobody else listens before its turn.
    socket.on('error', () => undefined);
    const address = socket.remoteAddress ?? '';
    const leave = this.room.enter(address);
    if (!leave) return void socket.destroy();
    socket.once('close', leave);
    this.whenHeard(socket, () =>
      this.handshakes.begin(address, (done) => this.rounds.begin(address, () => this.greet(socket, greet, done))),
    );
  }

  /** The handshake of this connection is over. */
  settle(socket: Socket): void {
    this.greeted.get(nameOf(socket))?.();
  }

  /** Silence costs nothing, and is not to take anybody's turn. */
  private whenHeard(socket: Socket, then: () => void): void {
    const forget = this.clock.after(SILENCE_MILLISECONDS, () => socket.destroy());
    socket.once('close', forget);
    socket.once('readable', () => {
      forget();
      // It may be the end already.
      if (socket.readableLength > 0) then();
      else socket.destroy();
    });
  }

  private greet(socket: Socket, greet: () => void, done: () => void): void {
    if (socket.destroyed) return done();
    const name = nameOf(socket);
    const over = (): void => {
      this.greeted.delete(name);
      done();
    };
    this.greeted.set(name, over);
    socket.once('close', over);
    greet();
  }
}

/** Puts the door in front of whatever a server does with its connections. To be called before it listens. */
export function guardConnections(server: Server, door: ConnectionDoor): void {
  const greetings = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('secureConnection', (socket: Socket) => door.settle(socket));
  server.on('connection', (socket: Socket) => {
    door.enter(socket, () => {
      for (const greet of greetings) greet.call(server, socket);
    });
  });
}
