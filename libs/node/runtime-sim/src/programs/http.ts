import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { sleep } from '@binnacle/machinery-context';
import type { Process, RunningProgram } from './program.js';

export type HttpHandler = (process: Process, request: IncomingMessage, response: ServerResponse) => void;

/**
 * Serves HTTP for many containers with one server object: what listens is one plain socket each, and a connection is
 * handed over together with the container it came to.
 */
export class SharedHttpServer {
  private readonly owners = new WeakMap<Socket, Process>();
  private readonly server;

  constructor(handler: HttpHandler) {
    this.server = createServer((request, response) => {
      const owner = this.owners.get(request.socket);
      try {
        if (owner) handler(owner, request, response);
        else response.destroy();
      } catch {
        // What one container is asked must not end the process that carries them all.
        response.destroy();
      }
    });
    this.server.on('clientError', (_, socket) => socket.destroy());
  }

  accept(owner: Process, socket: Socket): void {
    this.owners.set(socket, owner);
    this.server.emit('connection', socket);
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
