import { ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { StatusError } from '@binnacle/machinery-meta';
import type { Registry, RequestContext } from '@binnacle/server-registry';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { limitOperations } from './limits.js';
import { RelatedObjects } from './related-objects.js';
import type { Authorize, GraphqlRequest } from './request.js';
import { buildGraphqlSchema } from './schema/build-schema.js';

export interface GraphqlServiceOptions {
  readonly registry: Registry;
  readonly authorize: Authorize;
}

export interface HttpOperation {
  readonly method: string;
  readonly contentType: string;
  /** The query string, with its question mark. */
  readonly search: string;
  readonly body: Buffer;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function statusOf(error: unknown): StatusError | undefined {
  const cause = error instanceof GraphQLError ? error.originalError : error;
  return cause instanceof StatusError ? cause : undefined;
}

/** Errors carry the API's own reason and causes, so that a form can show each at its field. */
function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const status = statusOf(error);
  if (status) return { ...formatted, extensions: { code: status.reason, status: status.toStatus() } };
  if (formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR') return formatted;
  return {
    message: 'internal error',
    ...(formatted.path && { path: formatted.path }),
    extensions: { code: 'InternalError' },
  };
}

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
      plugins: [ApolloServerPluginLandingPageDisabled()],
      formatError,
    });
  }

  start(): Promise<void> {
    return this.apollo.start();
  }

  stop(): Promise<void> {
    return this.apollo.stop();
  }

  /** What the resolvers of one operation are given. */
  open(ctx: RequestContext): GraphqlRequest {
    return { ctx, registry: this.options.registry, authorize: this.options.authorize, related: new RelatedObjects() };
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
    const headers = new HeaderMap([['content-type', operation.contentType]]);
    const answer = await this.apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: operation.method.toUpperCase(), headers, search: operation.search, body },
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
