import { DEFAULT_CLUSTER, newBadRequest } from '@binnacle/machinery-meta';
import { type ComposedPeople, readExpiry, readNewToken } from '@binnacle/server-people';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import { privateAnswer, readObject, requireMethod } from './auth-answers.js';
import { kubeconfigOf, type KubeconfigParts } from './own-kubeconfig.js';

type Serve = (request: ApiRequest, id?: string) => Promise<ApiAnswer>;

const PATH = /^\/auth\/(sessions|tokens|kubeconfig)(?:\/([\w-]{1,64}))?$/;
const CLUSTER = /^[a-z0-9-]{1,63}$/;

/** Serves what people see and end of their own: sessions, tokens, and a kubeconfig with a new one. */
export class SelfServiceHandler {
  private readonly servers: Readonly<Record<string, Serve>> = {
    sessions: (...args) => this.sessions(...args),
    tokens: (...args) => this.tokens(...args),
    kubeconfig: (request) => this.kubeconfig(request),
  };

  constructor(
    private readonly own: ComposedPeople['own'],
    private readonly reached: () => Pick<KubeconfigParts, 'server' | 'authority'>,
  ) {}

  async handle(request: ApiRequest): Promise<ApiAnswer | undefined> {
    const [, what = '', id] = PATH.exec(request.info.path) ?? [];
    return this.servers[what]?.(request, id);
  }

  private async sessions(request: ApiRequest, id?: string): Promise<ApiAnswer> {
    const { ctx, method } = request;
    requireMethod(request, ...(id === undefined ? ['GET', 'HEAD', 'DELETE'] : ['DELETE']));
    if (method === 'DELETE') return privateAnswer({ ended: await this.own.endSessions(ctx, id) });
    return privateAnswer({ items: await this.own.sessions(ctx) });
  }

  private async tokens(request: ApiRequest, id?: string): Promise<ApiAnswer> {
    const { ctx, method } = request;
    requireMethod(request, ...(id === undefined ? ['GET', 'HEAD', 'POST', 'DELETE'] : ['DELETE']));
    if (method === 'DELETE') return privateAnswer({ revoked: await this.own.revokeTokens(ctx, id) });
    if (method !== 'POST') return privateAnswer({ items: await this.own.tokens(ctx) });
    const asked = readNewToken(readObject(request), ctx.clock.now());
    return privateAnswer(await this.own.createToken(ctx, asked), 201);
  }

  private async kubeconfig(request: ApiRequest): Promise<ApiAnswer> {
    requireMethod(request, 'POST');
    const { ctx } = request;
    const { cluster = DEFAULT_CLUSTER, expiresAt } = readObject(request);
    if (typeof cluster !== 'string' || !CLUSTER.test(cluster))
      throw newBadRequest('cluster must name a logical cluster');
    const asked = {
      name: `kubeconfig for ${cluster}`,
      expiresAt: readExpiry(expiresAt, ctx.clock.now()),
      scope: { clusters: [], readOnly: false },
    };
    const { token, id, expiresAt: end } = await this.own.createToken(ctx, asked);
    const kubeconfig = kubeconfigOf({ ...this.reached(), cluster, user: ctx.user.name, token });
    return privateAnswer({ kubeconfig, id, expiresAt: end }, 201);
  }
}
