import 'reflect-metadata';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Context } from '@binnacle/machinery-context';
import type { FastifyInstance } from 'fastify';
import type { ApiHandler } from '../api-handler.js';
import { ApiController } from './api.controller.js';
import { Connections } from './connections.js';
import { acceptAnyBody, BODY_LIMIT } from './read-body.js';
import { refuseUpgrades } from './refuse-upgrades.js';
import { StatusFilter } from './status.filter.js';
import type { RequestMetrics } from '../request-metrics.js';
import {
  ACCESS_CONTROL,
  type AccessControl,
  API_HANDLER,
  REQUEST_METRICS,
  SERVER_CONTEXT,
  STOPPING,
} from './tokens.js';

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

@Module({})
export class ApiModule {
  static of(
    ctx: Context,
    stopping: AbortSignal,
    options: Pick<ApiServerOptions, 'handler' | 'access' | 'metrics' | 'modules'>,
  ): DynamicModule {
    return {
      module: ApiModule,
      imports: [...(options.modules ?? [])],
      controllers: [ApiController],
      providers: [
        { provide: SERVER_CONTEXT, useFactory: () => ctx },
        { provide: STOPPING, useFactory: () => stopping },
        { provide: API_HANDLER, useFactory: () => options.handler },
        { provide: ACCESS_CONTROL, useFactory: () => options.access },
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
    maxSessionMemory: SESSION_MEGABYTES,
  };
  // A watch may be silent for longer than any idle limit on the session.
  const options = { http2: true as const, https, bodyLimit: BODY_LIMIT, http2SessionTimeout: 0 };
  return new FastifyAdapter(options);
}

/** Serves the API over TLS with HTTP/2 and HTTP/1.1 until closed. */
export async function startApiServer(ctx: Context, options: ApiServerOptions): Promise<RunningApiServer> {
  // Streams end as soon as the server stops; what is being written then is still finished.
  const stopping = new AbortController();
  const abort = new AbortController();
  const serving: Context = { ...ctx, signal: abort.signal };
  const adapter = adapterFor(options);
  const module = ApiModule.of(serving, stopping.signal, options);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  acceptAnyBody(adapter.getInstance() as unknown as FastifyInstance);
  const server = app.getHttpServer() as unknown as Http2SecureServer;
  const connections = new Connections(server);
  refuseUpgrades(server);
  await app.listen(options.port, options.host);
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    port,
    close: async () => {
      stopping.abort(new Error('the server stops'));
      const closed = app.close();
      await connections.drain(serving);
      await closed;
      abort.abort(new Error('the server has stopped'));
    },
  };
}
