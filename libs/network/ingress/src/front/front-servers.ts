import {
  createServer as createHttp1,
  type IncomingMessage,
  type Server as Http1Server,
  ServerResponse,
} from 'node:http';
import { createServer as createHttp2, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { Duplex } from 'node:stream';
import { calmSessions, guardArrivals } from '@binnacle/process-connections';
import type { AnyResponse } from '../exchange/answer.js';
import type { AnyRequest } from '../exchange/arrival.js';
import type { Upgrade } from '../exchange/send-upgrade.js';

/** Bytes of a request's line and headers. */
const HEADER_BYTES = 32 << 10;
/** Who takes longer to say what they want has no wish to. */
const HEADERS_MILLISECONDS = 60_000;
/** As nginx. */
const KEEP_ALIVE_MILLISECONDS = 75_000;
const CHECK_MILLISECONDS = 5_000;
const MOST_HEADERS = 200;
/** Of one HTTP/2 connection. */
const MOST_STREAMS = 128;
const SESSION_MEGABYTES = 32;

export type Handle = (request: AnyRequest, response: AnyResponse, upgrade?: Upgrade) => void;

const SWITCHED = ['websocket'];

/** The protocol a request wants to go on with, where we carry it. */
function upgradeOf({ headers }: IncomingMessage): string | undefined {
  const protocol = headers.upgrade?.trim().toLowerCase();
  return protocol !== undefined && SWITCHED.includes(protocol) ? protocol : undefined;
}

/** A response on a connection that node has let go of, because its client asked for another protocol. */
function responseOn(request: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as never);
  response.once('finish', () => socket.end());
  return response;
}

function http1Server(handle: Handle): Http1Server {
  const server = createHttp1({
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: HEADERS_MILLISECONDS,
    // Bodies may take as long as something of them comes.
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
    connectionsCheckingInterval: CHECK_MILLISECONDS,
    insecureHTTPParser: false,
    // A request without a host is answered as every other mistake.
    requireHostHeader: false,
    noDelay: true,
  });
  server.maxHeadersCount = MOST_HEADERS;
  server.on('request', handle);
  // A body is asked for when it is known that somebody wants it.
  server.on('checkContinue', handle);
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const protocol = upgradeOf(request);
    socket.on('error', () => undefined);
    handle(request, responseOn(request, socket), protocol === undefined ? undefined : { socket, head, protocol });
  });
  // There is no proxy here.
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => undefined);
    handle(request, responseOn(request, socket));
  });
  // It never listens itself, but is to look after its connections as if it did.
  server.emit('listening');
  return server;
}

function http2Server(handle: Handle): Http2Server {
  const server = createHttp2({
    maxSessionMemory: SESSION_MEGABYTES,
    maxHeaderListPairs: MOST_HEADERS,
    settings: { maxConcurrentStreams: MOST_STREAMS, maxHeaderListSize: HEADER_BYTES },
  });
  calmSessions(server);
  server.on('request', handle);
  server.on('checkContinue', handle);
  guardArrivals(server);
  return server;
}

/** What speaks HTTP over connections that somebody else has opened. */
export class FrontServers {
  private readonly http1: Http1Server;
  private readonly http2: Http2Server;
  private readonly sessions = new Set<ServerHttp2Session>();
  private readonly sockets = new Set<Duplex>();

  constructor(handle: Handle) {
    this.http1 = http1Server(handle);
    this.http2 = http2Server(handle);
    this.http2.on('session', (session) => {
      this.sessions.add(session);
      session.once('close', () => this.sessions.delete(session));
    });
  }

  /** Connections that are open. */
  get count(): number {
    return this.sockets.size;
  }

  speak(socket: Duplex, protocol: 'h2' | 'http/1.1'): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    (protocol === 'h2' ? this.http2 : this.http1).emit('connection', socket);
  }

  /** Takes no more requests over connections that stand; what is under way goes on. */
  drain(): void {
    for (const session of this.sessions) session.close();
    this.http1.closeIdleConnections();
  }

  destroy(): void {
    for (const session of this.sessions) session.destroy();
    for (const socket of this.sockets) socket.destroy();
    this.http1.close();
  }
}
