import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import type { OpenRights } from '@binnacle/server-auth';
import { HttpAdapterHost } from '@nestjs/core';
import { GraphqlController } from './graphql.controller.js';
import { GraphqlService, type GraphqlServiceOptions } from './service.js';
import { GraphqlSockets, type IdentifySocket } from './sockets.js';
import {
  type BrowserOf,
  GRAPHQL_BROWSER,
  GRAPHQL_HAND_OVER,
  GRAPHQL_IDENTIFY,
  GRAPHQL_SERVICE,
  GRAPHQL_SOCKETS,
  type HandOver,
  type Identify,
} from './tokens.js';

export interface GraphqlModuleOptions extends GraphqlServiceOptions {
  readonly identify: Identify;
  readonly identifySocket: IdentifySocket;
  /** Nobody is signed in by an answer without it. */
  readonly browserOf?: BrowserOf;
  /** Tells when who has connected is not believed any more. */
  readonly openRights: Pick<OpenRights, 'hold' | 'sequence'>;
  readonly handOver?: HandOver;
}

const PATH = /^(\/clusters\/[^/]+)?\/graphql(\?|$)/;

/** GraphQL as a part of the API server: HTTP by a controller, subscriptions by upgrades of the same server. */
@Module({})
export class GraphqlModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(GRAPHQL_SOCKETS) private readonly sockets: GraphqlSockets,
    @Inject(GRAPHQL_SERVICE) private readonly service: GraphqlService,
  ) {}

  static of(options: GraphqlModuleOptions): DynamicModule {
    return {
      module: GraphqlModule,
      controllers: [GraphqlController],
      providers: [
        { provide: GRAPHQL_SERVICE, useFactory: () => new GraphqlService(options) },
        { provide: GRAPHQL_IDENTIFY, useFactory: () => options.identify },
        { provide: GRAPHQL_BROWSER, useFactory: () => options.browserOf ?? (() => undefined) },
        { provide: GRAPHQL_HAND_OVER, useFactory: () => options.handOver ?? (() => undefined) },
        {
          provide: GRAPHQL_SOCKETS,
          inject: [GRAPHQL_SERVICE],
          useFactory: (service: GraphqlService) =>
            new GraphqlSockets(service, options.identifySocket, options.openRights),
        },
      ],
    };
  }

  onApplicationBootstrap(): void {
    const server = this.host.httpAdapter.getHttpServer() as Server;
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (PATH.test(request.url ?? '')) this.sockets.upgrade(request, socket, head);
    });
  }

  /** Before the HTTP server closes, which waits for connections that were upgraded. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.sockets.close();
    await this.service.stop();
  }
}
