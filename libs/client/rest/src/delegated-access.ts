import { createHash } from 'node:crypto';
import type { Context } from '@binnacle/machinery-context';
import type { KubeClient } from './types.js';

/** Who somebody is, as the API server or a certificate says. */
export interface Caller {
  readonly name: string;
  readonly groups: readonly string[];
}

/** What somebody wants of a component: a path of its own, or something of a Node's. */
export type Act =
  | { readonly verb: string; readonly path: string }
  | { readonly verb: string; readonly node: string; readonly subresource: string };

/** Undefined where it is allowed; else the status and text to answer. */
export type Refusal = { readonly status: 401 | 403 | 503; readonly message: string } | undefined;

interface Kept<T> {
  readonly until: number;
  readonly answer: Promise<T>;
}

/** As long as upstream's delegating authenticators and authorizers keep an answer. */
const KEPT_MILLISECONDS = 10_000;
const MOST_KEPT = 512;

class Memory<T> {
  private readonly kept = new Map<string, Kept<T>>();

  get(ctx: Context, key: string, ask: () => Promise<T>): Promise<T> {
    const now = ctx.clock.now();
    const known = this.kept.get(key);
    if (known && known.until > now) return known.answer;
    const answer = ask();
    this.kept.set(key, { until: now + KEPT_MILLISECONDS, answer });
    answer.catch(() => this.kept.delete(key));
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_KEPT && oldest !== undefined) this.kept.delete(oldest);
    return answer;
  }
}

interface TokenReview {
  readonly status?: {
    readonly authenticated?: boolean;
    readonly user?: { readonly username?: string; readonly groups?: readonly string[] };
  };
}

interface AccessReview {
  readonly status?: { readonly allowed?: boolean };
}

const attributesOf = (act: Act): object =>
  'path' in act
    ? { nonResourceAttributes: { verb: act.verb, path: act.path } }
    : {
        resourceAttributes: {
          verb: act.verb,
          resource: 'nodes',
          subresource: act.subresource,
          name: act.node,
          version: 'v1',
        },
      };

function textOf({ name }: Caller, act: Act): string {
  if ('path' in act)
    return `forbidden: User ${JSON.stringify(name)} cannot ${act.verb} path ${JSON.stringify(act.path)}`;
  return `Forbidden (user=${name}, verb=${act.verb}, resource=nodes, subresource=[${act.subresource}])`;
}

const bearer = (authorization: string | undefined): string | undefined =>
  /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];

/**
 * Lets a component ask the API server who somebody is and what they may do, with the answers kept for ten seconds. Behaves
 * as kubernetes apiserver's DelegatingAuthenticationOptions and DelegatingAuthorizationOptions.
 */
export class DelegatedAccess {
  private readonly callers = new Memory<Caller | undefined>();
  private readonly verdicts = new Memory<boolean>();

  constructor(private readonly client: Pick<KubeClient, 'raw'>) {}

  /** `caller` is who the connection itself proves, if anybody; a token is looked at where it is nobody. */
  async refusal(ctx: Context, authorization: string | undefined, act: Act, caller?: Caller): Promise<Refusal> {
    try {
      const user = caller ?? (await this.callerOf(ctx, bearer(authorization)));
      if (!user) return { status: 401, message: 'Unauthorized' };
      return (await this.allows(ctx, user, act)) ? undefined : { status: 403, message: textOf(user, act) };
    } catch (error) {
      ctx.logger.debug('nobody can be asked who may do what', { error });
      return { status: 503, message: 'the API server cannot be asked who may do this' };
    }
  }

  private async callerOf(ctx: Context, token: string | undefined): Promise<Caller | undefined> {
    if (token === undefined) return undefined;
    const key = createHash('sha256').update(token).digest('hex');
    return await this.callers.get(ctx, key, async () => {
      const review = await this.ask<TokenReview>(ctx, 'authentication', 'TokenReview', { token });
      const { authenticated, user } = review.status ?? {};
      return authenticated && user?.username ? { name: user.username, groups: user.groups ?? [] } : undefined;
    });
  }

  private allows(ctx: Context, { name, groups }: Caller, act: Act): Promise<boolean> {
    return this.verdicts.get(ctx, JSON.stringify([name, groups, act]), async () => {
      const spec = { user: name, groups, ...attributesOf(act) };
      const review = await this.ask<AccessReview>(ctx, 'authorization', 'SubjectAccessReview', spec);
      return review.status?.allowed === true;
    });
  }

  private async ask<T>(ctx: Context, group: string, kind: string, spec: object): Promise<T> {
    const path = `/apis/${group}.k8s.io/v1/${kind.toLowerCase()}s`;
    const review = { apiVersion: `${group}.k8s.io/v1`, kind, spec };
    const { status, body } = await this.client.raw(ctx, 'POST', path, JSON.stringify(review));
    if (status >= 300) throw new Error(`${path} answered ${status}`);
    return JSON.parse(body) as T;
  }
}
