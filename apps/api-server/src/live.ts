import type { IncomingMessage } from 'node:http';
import type { Context } from '@binnacle/machinery-context';
import { newUnauthorized } from '@binnacle/machinery-meta';
import { type ApiServerParts, clientCertificate, DEFAULT_CLUSTER } from '@binnacle/server-http';
import { type LiveAttempt, LiveModule } from '@binnacle/server-live';
import type { RequestContext } from '@binnacle/server-registry';
import type { DynamicModule } from '@nestjs/common';

/** Live lists over the parts of the API server, under the same authentication and authorization. */
export function liveModule(ctx: Context, { access, registry }: ApiServerParts): DynamicModule {
  const identify = async (request: IncomingMessage, cluster: string): Promise<RequestContext> => {
    const { headers } = request;
    const certificate = clientCertificate({ raw: request });
    const credentials = { headers, method: 'GET', cluster, ...(certificate && { certificate }) };
    const user = await access.authenticate(ctx, credentials);
    if (user.groups.includes('system:unauthenticated')) throw newUnauthorized('Unauthorized');
    return { ...ctx, cluster, user, client: headers['user-agent'] ?? 'socket.io', warn: () => undefined };
  };
  const authorize = async (caller: RequestContext, { verb, ...target }: LiveAttempt): Promise<void> => {
    const resource = { ...target, subresource: '', rest: '' };
    const info = { cluster: caller.cluster, path: '/socket.io', verb, resource };
    await access.authorize({ ctx: caller, method: 'GET', info, query: new URLSearchParams(), headers: {} });
  };
  return LiveModule.of({ registry, cluster: DEFAULT_CLUSTER, identify, authorize });
}
