import type { Context } from '@binnacle/machinery-context';
import { AUTHENTICATED_GROUP, Permit, type UserInfo } from '@binnacle/server-auth';
import type { Actor } from '@binnacle/server-storage';

/** Who asks and in which logical cluster, before it is known what they may do. */
export interface CallerContext extends Context {
  readonly cluster: string;
  readonly user: UserInfo;
  /** The client's user agent, or the component's name. */
  readonly client: string;
  /** What the request is called in the log of changes. */
  readonly requestId?: string;
  /** IP addresses it came over the wire from, of who sent it first. */
  readonly addresses?: readonly string[];
  /** Adds a `Warning` header to the answer. */
  warn(text: string): void;
  /** Adds an annotation to the event of the audit log, where there is one. */
  annotate?(key: string, value: string): void;
}

/**
 * What every operation of the registry is given first: how it ends, the time, who asks, in which logical cluster, and what was
 * allowed them. The store does nothing else, so that nothing is read or written for anybody of whom nobody has asked.
 */
export interface RequestContext extends CallerContext {
  readonly permit: Permit;
}

/** What the server reads or writes of its own accord in the course of a request that was allowed. */
export function asServer(ctx: CallerContext): RequestContext {
  return withPermit(ctx, Permit.unlimited);
}

/** The same caller, with what was allowed them. */
export function withPermit(ctx: CallerContext, permit: Permit): RequestContext {
  return { ...ctx, signal: ctx.signal, permit };
}

const groupsKept = new WeakMap<UserInfo, readonly string[]>();

/** What everybody signed in is in says nothing. */
function groupsOf(user: UserInfo): readonly string[] {
  let groups = groupsKept.get(user);
  if (!groups) groupsKept.set(user, (groups = user.groups.filter((group) => group !== AUTHENTICATED_GROUP)));
  return groups;
}

export function actorOf({ user, client, requestId }: CallerContext): Actor {
  const groups = groupsOf(user);
  return {
    user: user.name,
    client,
    ...(requestId !== undefined && { requestId }),
    ...(groups.length > 0 && { groups }),
  };
}

/** The same caller, for what must be finished even if nobody waits for it any more: giving back what a write had taken. */
export function unhurried(ctx: RequestContext): RequestContext {
  return { ...ctx, signal: new AbortController().signal };
}

/** The API server acting on its own behalf, inside one logical cluster. */
export function systemContext(ctx: Context, cluster: string): RequestContext {
  const user = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] };
  const warn = () => undefined;
  return { ...ctx, signal: ctx.signal, cluster, user, client: 'binnacle-api-server', warn, permit: Permit.unlimited };
}
