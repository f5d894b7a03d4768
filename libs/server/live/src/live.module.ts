import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { StatusError } from '@binnacle/machinery-meta';
import type { Registry, RequestContext } from '@binnacle/server-registry';
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Server, type Socket } from 'socket.io';
import { type LiveAccess, type LiveAttempt, LiveSession } from './live-session.js';
import type { SubscribeAnswer } from './protocol.js';
import { rawParser } from './raw-json.js';
import { SocketConnection } from './socket-connection.js';

export interface LiveModuleOptions {
  readonly registry: Pick<Registry, 'find'>;
  /** The cluster whose sign-in lets a connection be made at all. */
  readonly cluster: string;
  /** Reads who makes a request. Rejects with Unauthorized. */
  readonly identify: (request: IncomingMessage, cluster: string) => Promise<RequestContext>;
  readonly authorize: (ctx: RequestContext, attempt: LiveAttempt) => Promise<void>;
}

const OPTIONS = Symbol('LiveModuleOptions');
/** Clients only subscribe; nothing they send is long. */
const LARGEST_MESSAGE = 64 * 1024;

function accessOf({ identify, authorize }: LiveModuleOptions, { request }: Socket): LiveAccess {
  return { identify: (cluster) => identify(request, cluster), authorize };
}

function serve(options: LiveModuleOptions, socket: Socket): void {
  const session = new LiveSession(options.registry, accessOf(options, socket), new SocketConnection(socket));
  void session.guard(options.cluster);
  socket.on('subscribe', (message: unknown, acknowledge?: unknown) => {
    const answer =
      typeof acknowledge === 'function' ? (acknowledge as (answer: SubscribeAnswer) => void) : () => undefined;
    void session.subscribe(message, answer);
  });
  socket.on('unsubscribe', (message: unknown) => session.unsubscribe(message));
  socket.on('disconnect', () => session.close());
}

/** A page of another site must not speak with the cookie of ours. Programs send no Origin. */
function isOwnOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}

function refusal(error: unknown): Error {
  const status = error instanceof StatusError ? error.toStatus() : undefined;
  return Object.assign(new Error(status?.message ?? 'internal error'), { data: status ?? { code: 500 } });
}

/** The Socket.IO gateway: a part of the API server, at `/socket.io` of the same port. */
@Module({})
export class LiveModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private server: Server | undefined;

  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(OPTIONS) private readonly options: LiveModuleOptions,
  ) {}

  static of(options: LiveModuleOptions): DynamicModule {
    return { module: LiveModule, providers: [{ provide: OPTIONS, useFactory: () => options }] };
  }

  onApplicationBootstrap(): void {
    const { options } = this;
    const server = new Server(this.host.httpAdapter.getHttpServer() as HttpServer, {
      // Other protocols upgrade on this port as well.
      destroyUpgrade: false,
      perMessageDeflate: false,
      serveClient: false,
      maxHttpBufferSize: LARGEST_MESSAGE,
      parser: rawParser,
      allowRequest: (request, decide) => decide(null, isOwnOrigin(request)),
    });
    server.use((socket, next) => {
      options.identify(socket.request, options.cluster).then(
        () => next(),
        (error: unknown) => next(refusal(error)),
      );
    });
    server.on('connection', (socket) => serve(options, socket));
    this.server = server;
  }

  /** Before the port is closed: an upgraded connection is no longer the HTTP server's and would keep it open for ever. */
  beforeApplicationShutdown(): void {
    this.server?.disconnectSockets(true);
    this.server?.engine.close();
  }
}
