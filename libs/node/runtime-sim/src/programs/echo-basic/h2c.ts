import { createServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import type { Process } from '../program.js';

type Handler = (process: Process, request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** Not while something is read of the connection: Node 20 frees there what it goes on to read. */
const destroyLater = (what: { destroy(): unknown }): void => void setImmediate(() => what.destroy());

/** HTTP/2 in the clear for many containers with one server object. */
export class SharedH2cServer {
  private readonly owners = new WeakMap<object, Process>();
  private readonly server = createServer();

  constructor(handler: Handler) {
    this.server.on('sessionError', () => undefined);
    this.server.on('session', (session) => session.on('error', () => destroyLater(session)));
    this.server.on('request', (request, response) => {
      const owner = request.stream.session && this.owners.get(request.stream.session);
      request.on('error', () => destroyLater(request));
      response.on('error', () => destroyLater(response));
      if (!owner) return destroyLater(request);
      owner.worked?.();
      handler(owner, request, response);
    });
  }

  accept(owner: Process, socket: Socket): void {
    this.server.once('session', (session) => this.owners.set(session, owner));
    this.server.emit('connection', socket);
  }
}
