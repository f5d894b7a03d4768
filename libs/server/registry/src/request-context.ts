import type { Context } from '@binnacle/machinery-context';
import type { UserInfo } from '@binnacle/server-auth';
import type { Actor } from '@binnacle/server-storage';

/** What every operation of the registry is given first: how it ends, the time, who asks, and in which logical cluster. */
export interface RequestContext extends Context {
  readonly cluster: string;
  readonly user: UserInfo;
  /** The client's user agent, or the component's name. */
  readonly client: string;
  /** Adds a `Warning` header to the answer. */
  warn(text: string): void;
}

export function actorOf(ctx: RequestContext): Actor {
  return { user: ctx.user.name, client: ctx.client };
}

/** The API server acting on its own behalf, inside one logical cluster. */
export function systemContext(ctx: Context, cluster: string): RequestContext {
  const user = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] };
  return { ...ctx, cluster, user, client: 'binnacle-api-server', warn: () => undefined };
}
