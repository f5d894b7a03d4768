import type { EventEmitter } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, Server as HttpServer } from 'node:http';
import type { SubscribeAnswer } from '@binnacle/machinery-live';
import { StatusError } from '@binnacle/machinery-meta';
import { HeldSocketServer } from '@binnacle/process-streams';
import { HeldConnection, impersonationHeaders, type OpenRights } from '@binnacle/server-auth';
import type { Registry, CallerContext } from '@binnacle/server-registry';
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Server, type Socket } from 'socket.io';
import { type LiveAccess, type LiveAdmit, LiveSession } from './live-session.js';
import { rawParser } from './raw-json.js';
import { SocketConnection } from './socket-connection.js';
import { OpenByIdentity } from './open-by-identity.js';

export interface LiveModuleOptions {
  readonly registry: Pick<Registry, 'of'>;
  /** The cluster whose sign-in lets a connection be made at all. */
  readonly cluster: string;
  /**
   * Takes what a request says of who makes it, which must be at once: its connection may be gone when it is asked again.
   * What comes back rejects with Unauthorized where nobody is believed.
   */
  readonly identify: (request: IncomingMessage) => Identify;
  readonly authorize: LiveAccess['authorize'];
  readonly followRights: LiveAccess['followRights'];
  readonly admit?: LiveAdmit;
  /** Tells when who has connected is not believed any more. */
  readonly openRights: Pick<OpenRights, 'hold' | 'sequence'>;
}

/** `more`: headers that the handshake says in a field, because its request could not. */
export type Identify = (cluster: string, more?: IncomingHttpHeaders) => Promise<CallerContext>;

const OPTIONS = Symbol('LiveModuleOptions');
/** Clients only subscribe; nothing they send is long. */
const LARGEST_MESSAGE = 64 * 1024;
/** So often a client hears from us at least: one that hears nothing for longer knows that its line has been cut. */
const HEARTBEAT_MILLISECONDS = 2_000;

/** Of one identity, over all of its connections. */
const MOST_LISTS = 1_000;
const MOST_CONNECTIONS = 200;
/** Connections nobody is believed on: they are told so, and are few. */
const MOST_STRANGERS = 100;
/** Until then a connection must have said that it wants to be one of Socket.IO's. */
const HANDSHAKE_MILLISECONDS = 5_000;

function serve(options: LiveModuleOptions, access: LiveAccess, socket: Socket): void {
  const connection = new SocketConnection(socket);
  const session = new LiveSession(options.registry, access, connection);
  const asked = (event: string, open: LiveSession['subscribe']) =>
    socket.on(event, (message: unknown, acknowledge?: unknown) => {
      if (!connection.listens()) return connection.drop();
      const answer =
        typeof acknowledge === 'function' ? (acknowledge as (answer: SubscribeAnswer) => void) : () => undefined;
      void open(message, answer);
    });
  asked('subscribe', (...args) => session.subscribe(...args));
  asked('followRights', (...args) => session.followRights(...args));
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
  private readonly identities = new WeakMap<IncomingMessage, Identify>();
  private readonly strangers = new Set<IncomingMessage>();
  private readonly share = new OpenByIdentity(MOST_LISTS, 'live lists');
  private readonly connections = new OpenByIdentity(MOST_CONNECTIONS, 'live connections');

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
      pingInterval: HEARTBEAT_MILLISECONDS,
      connectTimeout: HANDSHAKE_MILLISECONDS,
      parser: rawParser,
      wsEngine: HeldSocketServer,
      allowRequest: (request, decide) => void this.allow(request).then((allowed) => decide(null, allowed)),
    });
    server.engine.on('connection', (connection: EventEmitter & { readonly request: IncomingMessage }) => {
      connection.once('close', () => this.strangers.delete(connection.request));
    });
    server.use((socket, next) => {
      this.enter(socket).then(
        () => next(),
        (error: unknown) => next(refusal(error)),
      );
    });
    server.on('connection', (socket) => serve(options, this.accessOf(socket), socket));
    this.server = server;
  }

  /** Before the port is closed: an upgraded connection is no longer the HTTP server's and would keep it open for ever. */
  beforeApplicationShutdown(): void {
    this.server?.disconnectSockets(true);
    this.server?.engine.close();
  }

  /** Whether a request may begin a connection. One that goes on with a connection has been let in with it. */
  private async allow(request: IncomingMessage): Promise<boolean> {
    if (!isOwnOrigin(request)) return false;
    if (this.identities.has(request)) return true;
    const identify = this.options.identify(request);
    this.identities.set(request, identify);
    const isKnown = await identify(this.options.cluster).then(
      () => true,
      () => false,
    );
    if (isKnown) return true;
    if (this.strangers.size >= MOST_STRANGERS) return false;
    this.strangers.add(request);
    // Where no connection comes of it, nobody would take it out again.
    request.socket.once('close', () => this.strangers.delete(request));
    return true;
  }

  /** Rejects with Unauthorized, or TooManyRequests where the identity has as many connections as it may. */
  private async enter(socket: Socket): Promise<void> {
    const { conn } = socket;
    const { openRights, cluster } = this.options;
    const identify = this.identityOf(socket);
    const since = openRights.sequence;
    const ctx = await identify(cluster);
    // The transport and not the session is closed: to the client it is a lost connection, after which it says who it is.
    const held = new HeldConnection(
      openRights,
      () => identify(cluster),
      () => conn.close(),
    );
    const leave = this.connections.enter(ctx);
    conn.once('close', () => {
      leave();
      held.close();
    });
    held.begin(ctx, since);
  }

  /** Who is on the other end, or as whom they look: a page cannot set headers of the request that begins its socket. */
  private identityOf({ request, handshake }: Pick<Socket, 'request' | 'handshake'>): Identify {
    const known = this.identities.get(request) ?? this.options.identify(request);
    this.identities.set(request, known);
    const said = impersonationHeaders(handshake.auth.impersonate);
    return (cluster) => known(cluster, said);
  }

  private accessOf(socket: Socket): LiveAccess {
    const { authorize, followRights, admit } = this.options;
    const identify = this.identityOf(socket);
    return { identify, authorize, followRights, share: this.share, ...(admit && { admit }) };
  }
}
