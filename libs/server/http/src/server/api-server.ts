import 'reflect-metadata';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Context } from '@binnacle/machinery-context';
import { newBadRequest } from '@binnacle/machinery-meta';
import {
  calmSessions,
  ConnectionDoor,
  connectionLimits,
  guardArrivals,
  guardConnections,
} from '@binnacle/process-connections';
import type { Auditor } from '@binnacle/server-audit';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ApiHandler } from '../paths/api-handler.js';
import type { FlowGate } from '../access/flow-gate.js';
import { allowStreams, STREAMS_OF_ANYBODY } from './allowed-streams.js';
import { ApiController } from './api.controller.js';
import { Connections } from './connections.js';
import { acceptAnyBody, BodyReader } from './read-body.js';
import { refuseEarly, refuseMalformed } from './refuse-early.js';
import { auditingBy } from './request-auditing.js';
import { guardDoor, RequestDoor } from './request-door.js';
import { answerStatus } from './status-answer.js';
import { routeUpgrades } from './upgrades.js';
import { StatusFilter } from './status.filter.js';
import { BODY_LIMIT, type BodyBudget } from '../request/body-budget.js';
import type { RequestLives } from '../request/request-life.js';
import type { RequestMetrics } from './request-metrics.js';
import type { UnsentAnswers } from '../answer/unsent-answers.js';
import type { AccessControl } from '../access/access-control.js';
import { API_HANDLER, FLOW_GATE, REQUEST_METRICS, SERVER_CONTEXT, UNSENT_ANSWERS } from './tokens.js';

export interface TlsFiles {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
  /** The authority whose client certificates are believed. */
  readonly clientCa: string | Buffer;
}

export interface ApiServerOptions {
  readonly tls: TlsFiles;
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly handler: ApiHandler;
  readonly access: AccessControl;
  readonly metrics: RequestMetrics;
  readonly lives: RequestLives;
  readonly bodies: BodyBudget;
  readonly gate: FlowGate;
  readonly unsent: UnsentAnswers;
  /** Notes who asks for what; nobody does without it. */
  readonly auditor?: Auditor | undefined;
  /** Further Nest modules of the same server, such as GraphQL and the live gateway. */
  readonly modules?: readonly DynamicModule[];
}

export interface RunningApiServer {
  readonly port: number;
  /** Ends watches, lets requests in flight finish, and closes. */
  close(): Promise<void>;
}

/** One HTTP/2 session may carry hundreds of watches; with node's 10 MB they are cut off as soon as many are written. */
const SESSION_MEGABYTES = 256;

/** Who takes longer to say hello has no wish to. */
const HANDSHAKE_MILLISECONDS = 10_000;

@Module({})
export class ApiModule {
  static of(
    ctx: Context,
    options: Pick<ApiServerOptions, 'handler' | 'metrics' | 'gate' | 'unsent' | 'modules'>,
  ): DynamicModule {
    return {
      module: ApiModule,
      imports: [...(options.modules ?? [])],
      controllers: [ApiController],
      providers: [
        { provide: SERVER_CONTEXT, useFactory: () => ctx },
        { provide: FLOW_GATE, useFactory: () => options.gate },
        { provide: UNSENT_ANSWERS, useFactory: () => options.unsent },
        { provide: API_HANDLER, useFactory: () => options.handler },
        { provide: REQUEST_METRICS, useFactory: () => options.metrics },
        { provide: APP_FILTER, useClass: StatusFilter },
      ],
    };
  }
}

function adapterFor({ tls }: ApiServerOptions): FastifyAdapter {
  const https = {
    allowHTTP1: true,
    requestCert: true,
    // A client without a certificate may still have a token; the guard decides.
    rejectUnauthorized: false,
    cert: tls.cert,
    key: tls.key,
    ca: tls.clientCa,
    minVersion: 'TLSv1.2' as const,
    handshakeTimeout: HANDSHAKE_MILLISECONDS,
    maxSessionMemory: SESSION_MEGABYTES,
    settings: { maxConcurrentStreams: STREAMS_OF_ANYBODY },
  };
  // A watch may be silent for longer than any idle limit on the session.
  const options = {
    http2: true as const,
    https,
    bodyLimit: BODY_LIMIT,
    http2SessionTimeout: 0,
    clientErrorHandler: refuseMalformed,
    frameworkErrors: (error: Error, _request: unknown, reply: unknown) =>
      answerStatus(reply as FastifyReply, newBadRequest(error.message)),
  };
  return new FastifyAdapter(options);
}

/** Serves the API over TLS with HTTP/2 and HTTP/1.1 until closed. */
export async function startApiServer(ctx: Context, options: ApiServerOptions): Promise<RunningApiServer> {
  const { lives } = options;
  const abort = new AbortController();
  const serving: Context = { ...ctx, signal: abort.signal };
  const adapter = adapterFor(options);
  const module = ApiModule.of(serving, options);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  guardDoor(fastify, new RequestDoor(serving, options.access, lives, options.gate, auditingBy(options.auditor)));
  acceptAnyBody(fastify, new BodyReader(options.bodies, ctx.clock));
  const server = app.getHttpServer() as unknown as Http2SecureServer;
  calmSessions(server);
  const connections = new Connections(server, lives);
  refuseEarly(server);
  routeUpgrades(server, fastify);
  guardArrivals(server);
  allowStreams(server);
  guardConnections(server, new ConnectionDoor(connectionLimits(), ctx.clock));
  await app.listen(options.port, options.host);
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    port,
    close: async () => {
      // Streams end as soon as the server stops; what is being written then is still finished.
      lives.stopStreams();
      const closed = app.close();
      await connections.drain(serving);
      await closed;
      lives.stop();
      abort.abort(new Error('the server has stopped'));
    },
  };
}
