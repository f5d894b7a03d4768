import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Context } from '@binnacle/machinery-context';
import { newUnauthorized } from '@binnacle/machinery-meta';
import type { ClientCertificate } from '@binnacle/server-auth';
import {
  type Attempt,
  type Authorize,
  GraphqlModule,
  type Identify,
  type IdentifySocket,
} from '@binnacle/server-graphql';
import { type ApiServerParts, clientCertificate, DEFAULT_CLUSTER } from '@binnacle/server-http';
import type { RequestContext } from '@binnacle/server-registry';
import type { DynamicModule } from '@nestjs/common';

interface Caller {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly certificate: ClientCertificate | undefined;
}

const CLUSTER_PREFIX = /^\/clusters\/([^/?]+)\//;

function clusterOf(url: string): string {
  const name = CLUSTER_PREFIX.exec(url)?.[1];
  return name ? decodeURIComponent(name) : DEFAULT_CLUSTER;
}

/** Authenticates as the API itself does; nobody asks anything anonymously here. */
async function identifyCaller(ctx: Context, { access }: ApiServerParts, caller: Caller): Promise<RequestContext> {
  const { headers, method, certificate } = caller;
  const cluster = clusterOf(caller.url);
  const user = await access.authenticate(ctx, { headers, method, cluster, ...(certificate && { certificate }) });
  if (user.groups.includes('system:unauthenticated')) throw newUnauthorized('Unauthorized');
  return { ...ctx, cluster, user, client: headers['user-agent'] ?? 'graphql', warn: () => undefined };
}

/** Asks the API's own authorizer about what a resolver is going to do. */
function authorizeWith({ access }: ApiServerParts): Authorize {
  return async (ctx: RequestContext, { verb, definition, subresource = '', namespace = '', name = '' }: Attempt) => {
    const { group, version, names } = definition;
    const resource = { group, version, resource: names.plural, subresource, namespace, name, rest: '' };
    const info = { cluster: ctx.cluster, path: '/graphql', verb, resource };
    await access.authorize({ ctx, method: 'POST', info, query: new URLSearchParams(), headers: {} });
  };
}

/** GraphQL over the parts of the API server, under the same authentication and authorization. */
export function graphqlModule(ctx: Context, parts: ApiServerParts): DynamicModule {
  const identify: Identify = (request) =>
    identifyCaller(ctx, parts, {
      method: request.method,
      url: request.url,
      headers: request.headers,
      certificate: clientCertificate(request),
    });
  const identifySocket: IdentifySocket = (request: IncomingMessage, token) =>
    identifyCaller(ctx, parts, {
      // A subscription reads; what a mutation over a socket may do is decided by the authorizer.
      method: 'GET',
      url: request.url ?? '/',
      headers: token ? { ...request.headers, authorization: `Bearer ${token}` } : request.headers,
      certificate: clientCertificate({ raw: request }),
    });
  const onInternalError = (error: unknown) =>
    ctx.logger.error('a GraphQL operation failed', { error: error instanceof Error ? error.stack : String(error) });
  const authorize = authorizeWith(parts);
  return GraphqlModule.of({ registry: parts.registry, authorize, identify, identifySocket, onInternalError });
}
