import { refuseManyValues } from '@binnacle/apis-schema';
import { StatusError } from '@binnacle/machinery-meta';
import type { Registry, CallerContext } from '@binnacle/server-registry';
import { GraphQLError } from 'graphql';
import { Operations, type OperationsOptions } from './execution/operations.js';
import { Schemas } from './execution/schemas.js';
import { type HttpOperation, readHttpOperation, refuseChangeByGet } from './http-operation.js';
import type { Browser } from './request.js';

export interface GraphqlServiceOptions extends OperationsOptions {
  readonly registry: Registry;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

const CONTENT = { 'content-type': 'application/json; charset=utf-8' };

/** What a refused operation is answered with: an answer of GraphQL's own, under the status HTTP has for it. */
function refusalStatus(error: unknown): { status: number; headers: Readonly<Record<string, string>> } {
  if (error instanceof GraphQLError || error instanceof AggregateError) return { status: 400, headers: {} };
  if (!(error instanceof StatusError)) return { status: 500, headers: {} };
  const seconds = error.details?.retryAfterSeconds;
  return {
    status: error.code,
    headers: { ...(seconds && { 'retry-after': String(seconds) }), ...(error.code === 405 && { allow: 'POST' }) },
  };
}

/** GraphQL over the registry: the schema of what a cluster serves, run under the rights of whoever asks. */
export class GraphqlService {
  readonly schemas: Schemas;
  readonly operations: Operations;

  constructor({ registry, ...options }: GraphqlServiceOptions) {
    this.schemas = new Schemas(registry, options.onInternalError);
    this.operations = new Operations(this.schemas, options);
  }

  stop(): Promise<void> {
    return this.schemas.stop();
  }

  /** Answers an operation that came by HTTP, whatever is wrong with it. */
  async execute(ctx: CallerContext, operation: HttpOperation): Promise<HttpAnswer> {
    try {
      await this.operations.roomFor(operation.body.length);
      refuseManyValues(operation.body);
      const read = await this.operations.read(ctx, readHttpOperation(operation));
      const type = read.definition.operation;
      if (type === 'subscription') throw subscriptionByHttp();
      refuseChangeByGet(operation, type);
      const cookies: string[] = [];
      const pieces = await this.operations.run({ ctx, browser: keeping(operation.browser, cookies) }, read);
      const headers = { ...CONTENT, ...(cookies.length > 0 && { 'set-cookie': cookies }) };
      return { status: 200, headers, body: Buffer.from(pieces.join('')) };
    } catch (error) {
      return this.refused(error);
    }
  }

  /** The answer to an operation that is not run, or whose result is not handed over. */
  refused(error: unknown): HttpAnswer {
    const { status, headers } = refusalStatus(error);
    const body = Buffer.from(this.operations.refusal(error).join(''));
    return { status, headers: { ...CONTENT, ...headers }, body };
  }
}

/** The browser, whose cookies stand in the answer's headers. */
const keeping = (browser: HttpOperation['browser'], cookies: string[]): (() => Browser) | undefined =>
  browser && (() => ({ ...browser(), keep: (set) => void cookies.push(...set) }));

const subscriptionByHttp = (): StatusError =>
  new StatusError(400, 'BadRequest', 'subscriptions are served over WebSocket, by the protocol graphql-transport-ws');
