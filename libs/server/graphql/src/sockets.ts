import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RequestContext } from '@binnacle/server-registry';
import { newTooManyRequests, StatusError } from '@binnacle/machinery-meta';
import type { ExecutionArgs, GraphQLError } from 'graphql';
import { CloseCode, type Context, type SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { asGraphqlError, readOperation } from './operation.js';
import type { GraphqlService } from './service.js';

/** Who is on the other end of a connection: read from its upgrade request, or from the token it sends first. */
export type IdentifySocket = (request: IncomingMessage, token: string | undefined) => Promise<RequestContext>;

const LARGEST_MESSAGE = 1024 * 1024;
const MOST_OPERATIONS = 200;

type Parameters = Record<string, unknown>;
/** `request` is set by the library when the connection is made. */
type Connection = Context<Parameters, { readonly request: IncomingMessage }>;

function bearerToken(parameters: Readonly<Parameters> | undefined): string | undefined {
  const value = parameters?.authorization ?? parameters?.Authorization;
  return typeof value === 'string' ? value.replace(/^Bearer /i, '') : undefined;
}

/** A page of another site, or of another port of this one, must not speak with the cookie of ours. Programs send no Origin. */
function isOwnOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}

/** Operations over WebSocket, protocol graphql-transport-ws. Each is authenticated anew and limited as over HTTP. */
export class GraphqlSockets {
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE });
  private readonly stopServing: { dispose(): void | Promise<void> };

  constructor(
    private readonly service: GraphqlService,
    private readonly identify: IdentifySocket,
  ) {
    this.stopServing = useServer<Parameters>(
      {
        onConnect: async (connection) => {
          try {
            await this.whoIs(connection);
            return true;
          } catch (error) {
            if (!(error instanceof StatusError)) throw error;
            connection.extra.socket.close(CloseCode.Forbidden, error.message);
            return false;
          }
        },
        onSubscribe: (connection, _id, payload) => this.prepare(connection, payload),
        onNext: (_connection, _id, _payload, _args, { errors, ...result }) =>
          errors ? { ...result, errors: service.present(errors) } : undefined,
        onError: (_connection, _id, _payload, errors) => service.present(errors),
      },
      this.server,
    );
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!isOwnOrigin(request)) return void socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
    this.server.handleUpgrade(request, socket, head, (websocket) => this.server.emit('connection', websocket, request));
  }

  async close(): Promise<void> {
    await this.stopServing.dispose();
    this.server.close();
  }

  private whoIs({ extra, connectionParams }: Connection): Promise<RequestContext> {
    return this.identify(extra.request, bearerToken(connectionParams));
  }

  private async prepare(
    connection: Connection,
    { query, operationName, variables }: SubscribePayload,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const { service } = this;
    try {
      if (Object.keys(connection.subscriptions).length > MOST_OPERATIONS)
        throw newTooManyRequests(`more than ${MOST_OPERATIONS} operations on one connection`, 1);
      const document = readOperation(service.schema, query);
      if (!('kind' in document)) return document;
      const renew = () => this.whoIs(connection);
      const contextValue = service.open(await renew(), renew);
      return { schema: service.schema, document, operationName, variableValues: variables, contextValue };
    } catch (error) {
      return [asGraphqlError(error)];
    }
  }
}
