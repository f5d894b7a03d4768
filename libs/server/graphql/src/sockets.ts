import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RequestContext } from '@binnacle/server-registry';
import { StatusError } from '@binnacle/machinery-meta';
import { GraphQLError } from 'graphql';
import { CloseCode } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { GraphqlService } from './service.js';

/** Who is on the other end of a connection: read from its upgrade request, or from the token it sends first. */
export type IdentifySocket = (request: IncomingMessage, token: string | undefined) => Promise<RequestContext>;

const LARGEST_MESSAGE = 1024 * 1024;

type ConnectionExtra = { identity?: RequestContext };

function bearerToken(parameters: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const value = parameters?.authorization ?? parameters?.Authorization;
  return typeof value === 'string' ? value.replace(/^Bearer /i, '') : undefined;
}

function withStatus(error: GraphQLError): GraphQLError {
  const cause = error.originalError;
  if (!(cause instanceof StatusError)) return error;
  return new GraphQLError(error.message, { ...error, extensions: { code: cause.reason, status: cause.toStatus() } });
}

/** Subscriptions over WebSocket, protocol graphql-transport-ws. */
export class GraphqlSockets {
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    handleProtocols: () => 'graphql-transport-ws',
  });
  private readonly stopServing: { dispose(): void | Promise<void> };

  constructor(service: GraphqlService, identify: IdentifySocket) {
    this.stopServing = useServer<Record<string, unknown>, ConnectionExtra>(
      {
        schema: service.schema,
        onConnect: async (connection) => {
          const { extra, connectionParams } = connection;
          try {
            extra.identity = await identify(extra.request, bearerToken(connectionParams));
            return true;
          } catch (error) {
            if (!(error instanceof StatusError)) throw error;
            extra.socket.close(CloseCode.Forbidden, error.message);
            return false;
          }
        },
        context: ({ extra }) => {
          if (!extra.identity) throw new Error('an operation on a connection that was not acknowledged');
          return service.open(extra.identity);
        },
        onError: (_connection, _id, _payload, errors) =>
          errors.map((error) => (error instanceof GraphQLError ? withStatus(error) : error)),
      },
      this.server,
    );
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.server.handleUpgrade(request, socket, head, (websocket) => this.server.emit('connection', websocket, request));
  }

  async close(): Promise<void> {
    await this.stopServing.dispose();
    this.server.close();
  }
}
