import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import { sleep } from '@binnacle/machinery-context';
import type { Upgrade } from '@binnacle/process-streams';
import type { Process, RunningProgram } from './program.js';

const BAD_REQUEST =
  'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request';

/** They have been read: what is none would be thrown at every connection. */
export interface ServerCredentials {
  readonly secureContext: SecureContext;
}

export type HttpHandler = (process: Process, request: IncomingMessage, response: ServerResponse) => void;

/**
 * Serves HTTP for many containers with one server object: what listens is one plain socket each, and a connection is
 * handed over together with the container it came to.
 */
export class SharedHttpServer {
  private readonly owners = new WeakMap<Socket, Process>();
  private readonly server;

  /** `upgrade` has the requests for another protocol; without it they are answered as all others. */
  constructor(handler: HttpHandler, upgrade?: (process: Process, upgrade: Upgrade) => void) {
    this.server = createServer((request, response) => {
      const owner = this.owners.get(request.socket);
      try {
        if (!owner) return void response.destroy();
        owner.worked?.();
        handler(owner, request, response);
      } catch {
        // What one container is asked must not end the process that carries them all.
        response.destroy();
      }
    });
    if (upgrade) this.upgradeTo(upgrade);
    // As Go's servers answer what is no HTTP.
    this.server.on('clientError', (_, socket) => {
      if (socket.writable) socket.end(BAD_REQUEST);
      else socket.destroy();
    });
  }

  private upgradeTo(upgrade: (process: Process, upgrade: Upgrade) => void): void {
    this.server.on('upgrade', (request, socket, head) => {
      const owner = this.owners.get(request.socket);
      if (!owner) return void socket.destroy();
      owner.worked?.();
      upgrade(owner, { request, socket, head });
    });
  }

  /** `credentials` where it is TLS that is spoken. */
  accept(owner: Process, socket: Socket, credentials?: ServerCredentials): void {
    const carried = credentials ? new TLSSocket(socket, { isServer: true, ...credentials }) : socket;
    if (credentials) carried.on('error', () => carried.destroy());
    this.owners.set(carried, owner);
    this.server.emit('connection', carried);
  }
}

const LAST_CALLS_MILLISECONDS = 100;

/** Told to end, a server goes on for a moment: who calls it hears of its end a little later than it does. */
export const endsAfterLastCalls = (process: Process): RunningProgram => ({
  signalled: () =>
    void sleep(process.ctx, LAST_CALLS_MILLISECONDS).then(
      () => process.exit(0),
      () => undefined,
    ),
});

/** A port that is both declared and the image's own is opened once. */
export function tcpPorts({ config }: Process, own: readonly number[] = []): number[] {
  const declared = config.ports.filter(({ protocol }) => protocol === 'TCP').map(({ containerPort }) => containerPort);
  return [...new Set([...declared, ...own])];
}

export function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}
