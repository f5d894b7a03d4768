import type { IncomingHttpHeaders } from 'node:http';
import type { Context } from '@binnacle/machinery-context';
import { newUnauthorized } from '@binnacle/machinery-meta';
import type { UserInfo } from '@binnacle/server-auth';
import { type AccessControl, type Peer, requestIdOf, sourceAddresses } from '@binnacle/server-http';
import type { CallerContext } from '@binnacle/server-registry';

/** A request to one of the doors beside REST. */
export interface Call {
  /** As in a path, of the past with its moment. */
  readonly cluster: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Set where the server has already found out. */
  readonly user?: UserInfo | undefined;
  /** Where it came from. */
  readonly peer?: Peer | undefined;
  /** Whether somebody may ask who has not said who they are. */
  readonly byAnybody?: boolean;
  /** What a client is called that does not say what it is. */
  readonly door: string;
}

/**
 * Authenticates as the API itself does; nobody asks anonymously at these doors but where it is said, and nobody reads their warnings.
 * Rejects with Unauthorized.
 */
export async function callerContext(
  ctx: Context,
  access: Pick<AccessControl, 'authenticate'>,
  { cluster, method, headers, peer, user: known, door, byAnybody = false }: Call,
): Promise<CallerContext> {
  const { certificate } = peer ?? {};
  const credentials = { headers, method, cluster, ...(certificate && { certificate }) };
  const user = known ?? (await access.authenticate(ctx, credentials));
  if (!byAnybody && user.groups.includes('system:unauthenticated')) throw newUnauthorized('Unauthorized');
  const requestId = requestIdOf(method.toLowerCase(), headers);
  const client = headers['user-agent'] ?? door;
  const warn = () => undefined;
  const noted = {
    ...(requestId !== undefined && { requestId }),
    ...(peer && { addresses: sourceAddresses(headers, peer) }),
  };
  return { ...ctx, signal: ctx.signal, cluster, user, client, warn, ...noted };
}
