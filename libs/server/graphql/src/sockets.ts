import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { newTooManyRequests, StatusError } from '@binnacle/machinery-meta';
import { HeldConnection, type OpenRights } from '@binnacle/server-auth';
import type { CallerContext } from '@binnacle/server-registry';
import type { ExecutionArgs, GraphQLError } from 'graphql';
import { CloseCode, type Context, type OperationResult, type SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { type Server as SocketServer, WebSocketServer } from 'ws';
import { AnswerSocket } from './answer-socket.js';
import type { Asking, RunnableOperation } from './execution/operations.js';
import { errorsOf } from './execution/present-error.js';
import { operationText } from './http-operation.js';
import type { GraphqlService } from './service.js';

/** Who is on the other end of a connection: read from its upgrade request, or from the token it sends first. */
export type IdentifySocket = (request: IncomingMessage, token: string | undefined) => Promise<CallerContext>;

const LARGEST_MESSAGE = 1024 * 1024;
/** Of who says only in the first message who it is. */
const LARGEST_OF_STRANGERS = 64 * 1024;
const MOST_STRANGERS = 100;
const MOST_OPERATIONS = 200;
const INIT_MILLISECONDS = 3_000;

type Parameters = Record<string, unknown>;
/** `request` is set by the library when the connection is made. */
type Connection = Context<Parameters, { readonly request: IncomingMessage }>;
type AnswerServer = SocketServer<typeof AnswerSocket>;

/** What is handed from the reading of an operation to its running. */
interface Prepared {
  readonly asking: Asking;
  readonly operation: RunnableOperation;
  readonly socket: AnswerSocket;
}

type Answers = AsyncIterableIterator<{ readonly data: string }>;

/** Both servers make their sockets of this class. */
const socketOf = ({ extra }: Connection): AnswerSocket =>
  (extra as unknown as { readonly socket: AnswerSocket }).socket;

function bearerToken(parameters: Readonly<Parameters> | undefined): string | undefined {
  const value = parameters?.authorization ?? parameters?.Authorization;
  return typeof value === 'string' ? value.replace(/^Bearer /i, '') : undefined;
}

/** A page of another site, or of another port of this one, must not speak with the cookie of ours. Programs send no Origin. */
function isOwnOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}

const REASONS: Readonly<Record<number, string>> = { 400: 'Bad Request', 403: 'Forbidden', 429: 'Too Many Requests' };

function refuse(socket: Duplex, code: number): void {
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${code} ${REASONS[code] ?? 'Service Unavailable'}\r\nconnection: close\r\n\r\n`);
}

const DONE = { done: true, value: undefined } as const;

function answersOf(next: Answers['next'], stop: () => unknown = () => undefined): Answers {
  const answers: Answers = {
    next,
    return: () => Promise.resolve(stop()).then(() => DONE),
    [Symbol.asyncIterator]: () => answers,
  };
  return answers;
}

/** Answers that are told as an error; the library closes the connection where something throws before. */
const failing = (error: unknown): Answers => answersOf(() => Promise.reject(error));

const errorsIn = (error: GraphQLError): readonly GraphQLError[] =>
  error.originalError instanceof AggregateError ? errorsOf(error.originalError) : [error];

const contextOf = ({ contextValue }: ExecutionArgs): Prepared => contextValue as Prepared;

/** Operations over WebSocket, protocol graphql-transport-ws. Each is authenticated anew and limited as over HTTP. */
export class GraphqlSockets {
  private readonly known = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    WebSocket: AnswerSocket,
  });
  private readonly strangers = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_OF_STRANGERS,
    WebSocket: AnswerSocket,
  });
  private readonly unnamed = new Set<AnswerSocket>();
  private readonly stopServing: readonly { dispose(): void | Promise<void> }[];

  constructor(
    private readonly service: GraphqlService,
    private readonly identify: IdentifySocket,
    private readonly openRights: Pick<OpenRights, 'hold' | 'sequence'>,
  ) {
    this.stopServing = [this.serve(this.known), this.serve(this.strangers)];
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!isOwnOrigin(request)) return refuse(socket, 403);
    const gone = () => socket.destroy();
    socket.on('error', gone);
    this.admit(request, socket).then(
      (server) => {
        socket.off('error', gone);
        server.handleUpgrade(request, socket, head, (websocket) => this.connected(server, websocket, request));
      },
      (error: unknown) => refuse(socket, error instanceof StatusError ? error.code : 503),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.stopServing.map((server) => server.dispose()));
  }

  /** Who does not say with the request who it is may say so once connected; of those there may be only some. */
  private async admit(request: IncomingMessage, socket: Duplex): Promise<AnswerServer> {
    try {
      const leave = this.service.operations.identities.enter(await this.identify(request, undefined), 'connections');
      if (socket.destroyed) leave();
      else socket.once('close', leave);
      return this.known;
    } catch (error) {
      if (!(error instanceof StatusError) || error.code !== 401) throw error;
    }
    if (this.unnamed.size >= MOST_STRANGERS) throw newTooManyRequests('too many connections wait for a token', 1);
    return this.strangers;
  }

  private connected(server: AnswerServer, socket: AnswerSocket, request: IncomingMessage): void {
    if (server === this.strangers) {
      this.unnamed.add(socket);
      socket.once('close', () => this.unnamed.delete(socket));
    }
    server.emit('connection', socket, request);
  }

  private serve(server: AnswerServer): { dispose(): void | Promise<void> } {
    const { errors } = this.service.operations;
    return useServer<Parameters>(
      {
        connectionInitWaitTimeout: INIT_MILLISECONDS,
        onConnect: (connection) => this.greet(connection),
        onSubscribe: (connection, _id, payload) => this.prepare(connection, payload),
        // What is passed on as a result is text that stands for one.
        execute: (args: ExecutionArgs) => this.execute(contextOf(args)) as OperationResult,
        subscribe: (args: ExecutionArgs) => this.subscribe(contextOf(args)) as OperationResult,
        onError: (_connection, _id, _payload, failed) => errors.present(failed.flatMap(errorsIn)),
      },
      server as unknown as WebSocketServer,
    );
  }

  private async greet(connection: Connection): Promise<boolean> {
    const socket = socketOf(connection);
    try {
      await this.hold(connection, socket);
      this.unnamed.delete(socket);
      return true;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      socket.close(CloseCode.Forbidden, error.message.slice(0, 100));
      return false;
    }
  }

  /** Hangs up on who is not believed any more. */
  private async hold(connection: Connection, socket: AnswerSocket): Promise<void> {
    const { openRights } = this;
    const since = openRights.sequence;
    const ctx = await this.whoIs(connection);
    const held = new HeldConnection(
      openRights,
      () => this.whoIs(connection),
      // To a client it is something to try again: whoever is still believed comes back.
      () => socket.close(CloseCode.Forbidden, 'Unauthorized'),
    );
    socket.once('close', () => held.close());
    if (socket.readyState === AnswerSocket.OPEN) held.begin(ctx, since);
  }

  private whoIs({ extra, connectionParams }: Connection): Promise<CallerContext> {
    return this.identify(extra.request, bearerToken(connectionParams));
  }

  private async prepare(
    connection: Connection,
    payload: SubscribePayload,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const { service } = this;
    const socket = socketOf(connection);
    try {
      if (Object.keys(connection.subscriptions).length > MOST_OPERATIONS)
        throw newTooManyRequests(`more than ${MOST_OPERATIONS} operations on one connection`, 1);
      const asking: Asking = { ctx: await this.whoIs(connection), room: () => socket.room() };
      const operation = await service.operations.read(asking.ctx, operationText({ ...payload }));
      const contextValue: Prepared = { asking, operation, socket };
      return {
        schema: operation.kinds.schema,
        document: operation.document,
        operationName: operation.operationName,
        contextValue,
      };
    } catch (error) {
      return errorsOf(error);
    }
  }

  private async execute({ asking, operation, socket }: Prepared): Promise<{ data: string } | Answers> {
    try {
      const answer = await this.service.operations.run(asking, operation);
      await socket.room();
      return socket.hold(answer);
    } catch (error) {
      return failing(error);
    }
  }

  private async subscribe({ asking, operation, socket }: Prepared): Promise<Answers> {
    try {
      const answers = await this.service.operations.subscribe(asking, operation);
      const next = async () => {
        const { value, done } = await answers.next();
        return done ? DONE : { done: false as const, value: socket.hold(value) };
      };
      return answersOf(next, () => answers.return());
    } catch (error) {
      return failing(error);
    }
  }
}
