import type { IncomingHttpHeaders } from 'node:http';
import type { Context } from '@binnacle/machinery-context';
import { newUnauthorized } from '@binnacle/machinery-meta';
import type { ClientCertificate, UserInfo } from '@binnacle/server-auth';
import { type AccessControl, requestIdOf } from '@binnacle/server-http';
import type { CallerContext } from '@binnacle/server-registry';

/** A request to one of the doors beside REST. */
export interface Call {
  /** As in a path, of the past with its moment. */
  readonly cluster: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly certificate?: ClientCertificate | undefined;
  /** Set where the server has already found out. */
  readonly user?: UserInfo | undefined;
  /** What a client is called that does not say what it is. */
  readonly door: string;
}

/**
 * Authenticates as the API itself does; nobody asks anything anonymously at these doors, and nobody reads their warnings. Rejects
 * with Unauthorized.
 */
export async function callerContext(
  ctx: Context,
  access: Pick<AccessControl, 'authenticate'>,
  { cluster, method, headers, certificate, user: known, door }: Call,
): Promise<CallerContext> {
  const credentials = { headers, method, cluster, ...(certificate && { certificate }) };
  const user = known ?? (await access.authenticate(ctx, credentials));
  if (user.groups.includes('system:unauthenticated')) throw newUnauthorized('Unauthorized');
  const requestId = requestIdOf(method.toLowerCase(), headers);
  const client = headers['user-agent'] ?? door;
  const warn = () => undefined;
  return { ...ctx, signal: ctx.signal, cluster, user, client, warn, ...(requestId !== undefined && { requestId }) };
}
