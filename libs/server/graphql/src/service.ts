import { ApolloServer, type ApolloServerPlugin, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { Registry, RequestContext } from '@binnacle/server-registry';
import type { GraphQLError, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { limitOperations } from './limits.js';
import { isInternal, presentError } from './operation.js';
import { RelatedObjects } from './related-objects.js';
import type { Authorize, GraphqlRequest } from './request.js';
import { buildGraphqlSchema } from './schema/build-schema.js';

export interface GraphqlServiceOptions {
  readonly registry: Registry;
  readonly authorize: Authorize;
  /** Hears of faults that are answered only as an internal error. */
  readonly onInternalError?: (error: unknown) => void;
}

export interface HttpOperation {
  readonly method: string;
  /** Those that say what is sent, what is taken, and that no form of another site sent it. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The query string, with its question mark. */
  readonly search: string;
  readonly body: Buffer;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Somebody who loops over a page must not get the same refusal for each of its rows. */
const MOST_ERRORS = 100;

const HEADERS = ['content-type', 'accept', 'apollo-require-preflight', 'x-apollo-operation-name'];

function headersOf({ headers }: HttpOperation): HeaderMap {
  const map = new HeaderMap();
  for (const name of HEADERS) {
    const value = headers[name];
    if (typeof value === 'string') map.set(name, value);
  }
  // Our own proof that a page of ours asks is as good as Apollo's.
  if (headers['x-binnacle-csrf']) map.set('apollo-require-preflight', 'true');
  return map;
}

/** Keeps an answer's errors to a number somebody can read. */
const shortenErrors: ApolloServerPlugin<GraphqlRequest> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response: { body } }) => {
      if (body.kind !== 'single' || (body.singleResult.errors?.length ?? 0) <= MOST_ERRORS) return;
      body.singleResult.errors = body.singleResult.errors?.slice(0, MOST_ERRORS);
    },
  }),
};

function parseBody(operation: HttpOperation): unknown {
  if (operation.body.length === 0) return undefined;
  return JSON.parse(operation.body.toString());
}

/** GraphQL over the registry: one schema, run under the rights of whoever asks. */
export class GraphqlService {
  readonly schema: GraphQLSchema;
  private readonly apollo: ApolloServer<GraphqlRequest>;

  constructor(private readonly options: GraphqlServiceOptions) {
    this.schema = buildGraphqlSchema(options.registry);
    this.apollo = new ApolloServer<GraphqlRequest>({
      schema: this.schema,
      validationRules: [limitOperations],
      introspection: true,
      includeStacktraceInErrorResponses: false,
      stopOnTerminationSignals: false,
      csrfPrevention: true,
      plugins: [ApolloServerPluginLandingPageDisabled(), shortenErrors],
      formatError: (formatted, error) => this.format(formatted, error),
    });
  }

  start(): Promise<void> {
    return this.apollo.start();
  }

  stop(): Promise<void> {
    return this.apollo.stop();
  }

  /** What the resolvers of one operation are given. */
  open(ctx: RequestContext, renew: () => Promise<RequestContext> = () => Promise.resolve(ctx)): GraphqlRequest {
    const { registry, authorize } = this.options;
    return { ctx, registry, authorize, renew, related: new RelatedObjects() };
  }

  /** Errors as a client is shown them. */
  present(errors: readonly GraphQLError[]): GraphQLFormattedError[] {
    return errors.slice(0, MOST_ERRORS).map((error) => this.format(error.toJSON(), error));
  }

  private format(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
    if (isInternal(error)) this.options.onInternalError?.(error);
    return presentError(formatted, error);
  }

  async execute(ctx: RequestContext, operation: HttpOperation): Promise<HttpAnswer> {
    let body: unknown;
    try {
      body = parseBody(operation);
    } catch {
      return {
        status: 400,
        headers: { 'content-type': 'application/json' },
        body: '{"errors":[{"message":"the body is not JSON"}]}',
      };
    }
    const { method, search } = operation;
    const answer = await this.apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: method.toUpperCase(), headers: headersOf(operation), search, body },
      context: () => Promise.resolve(this.open(ctx)),
    });
    return { status: answer.status ?? 200, headers: Object.fromEntries(answer.headers), body: await textOf(answer) };
  }
}

async function textOf({ body }: HTTPGraphQLResponse): Promise<string> {
  if (body.kind === 'complete') return body.string;
  let text = '';
  for await (const chunk of body.asyncIterator) text += chunk;
  return text;
}
