import {
  DEFAULT_CLUSTER,
  newBadRequest,
  newForbidden,
  newMethodNotSupported,
  newUnauthorized,
} from '@binnacle/machinery-meta';
import type { PersonalCredential, Person } from '@binnacle/server-auth';
import type { ComposedPeople, NewToken } from '@binnacle/server-people';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import { privateAnswer, readObject, requireMethod, requireSomebody } from './auth-answers.js';
import { kubeconfigOf, type KubeconfigParts } from './own-kubeconfig.js';
import { readExpiry, readNewToken } from './read-token.js';

/** Whose own affairs a request is about. */
interface Owner {
  readonly person: Person;
  readonly credential: PersonalCredential;
}

type Parts = Pick<ComposedPeople, 'people' | 'credentials'>;
type Serve = (request: ApiRequest, owner: Owner, id?: string) => Promise<ApiAnswer>;

const PATH = /^\/auth\/(sessions|tokens|kubeconfig)(?:\/([\w-]{1,64}))?$/;
const CLUSTER = /^[a-z0-9-]{1,63}$/;

const forbidden = (why: string) => newForbidden({ group: '', resource: '' }, '', why);

/** What people see and end of their own: sessions, tokens, and a kubeconfig with a new one. */
export class SelfServiceHandler {
  private readonly servers: Readonly<Record<string, Serve>> = {
    sessions: (...args) => this.sessions(...args),
    tokens: (...args) => this.tokens(...args),
    kubeconfig: (request, owner) => this.kubeconfig(request, owner),
  };

  constructor(
    private readonly parts: Parts,
    private readonly reached: () => Pick<KubeconfigParts, 'server' | 'authority'>,
  ) {}

  async handle(request: ApiRequest): Promise<ApiAnswer | undefined> {
    const [, what = '', id] = PATH.exec(request.info.path) ?? [];
    const serve = this.servers[what];
    return serve?.(request, await this.owner(request), id);
  }

  /** Not whoever is impersonated, nor somebody whose credential is for something else. */
  private async owner(request: ApiRequest): Promise<Owner> {
    requireSomebody(request);
    const { ctx } = request;
    const { name, credential, scope } = ctx.user;
    if (!credential)
      throw forbidden('only people have sessions and tokens, and only in a session or with a token of theirs');
    if (scope)
      throw forbidden(scope.passwordOnly ? 'the password must be changed first' : 'the token is for less than this');
    const person = await this.parts.people.find(ctx, name);
    if (!person) throw newUnauthorized('nobody is signed in');
    return { person, credential };
  }

  private async sessions(request: ApiRequest, { person, credential }: Owner, id?: string): Promise<ApiAnswer> {
    const { ctx, method } = request;
    const { credentials } = this.parts;
    const own = credential.kind === 'session' ? credential.id : undefined;
    if (id === undefined) requireMethod(request, 'GET', 'HEAD', 'DELETE');
    else requireMethod(request, 'DELETE');
    if (method !== 'DELETE') return privateAnswer({ items: await credentials.sessions(ctx, person.name, own) });
    const which = id === undefined ? { ...(own && { except: own }) } : { id };
    return privateAnswer({ ended: await credentials.endSessions(ctx, person.name, which) });
  }

  private async tokens(request: ApiRequest, owner: Owner, id?: string): Promise<ApiAnswer> {
    const { ctx, method } = request;
    const { credentials } = this.parts;
    const { person } = owner;
    if (id !== undefined) {
      requireMethod(request, 'DELETE');
      return privateAnswer({ revoked: await credentials.revokeTokens(ctx, person.name, id) });
    }
    if (method === 'POST') return privateAnswer(await this.newToken(request, owner, readNewToken(request)), 201);
    if (method !== 'GET' && method !== 'HEAD') throw newMethodNotSupported({ group: '', resource: 'tokens' }, method);
    return privateAnswer({ items: await credentials.tokens(ctx, person.name) });
  }

  private newToken({ ctx }: ApiRequest, { person, credential }: Owner, asked: NewToken) {
    if (credential.kind === 'token' && asked.expiresAt > credential.expiresAt)
      throw forbidden('a token makes no token that ends later than itself');
    return this.parts.credentials.createOwnToken(ctx, person, credential, asked);
  }

  private async kubeconfig(request: ApiRequest, owner: Owner): Promise<ApiAnswer> {
    requireMethod(request, 'POST');
    const { cluster = DEFAULT_CLUSTER, expiresAt } = readObject(request);
    if (typeof cluster !== 'string' || !CLUSTER.test(cluster))
      throw newBadRequest('cluster must name a logical cluster');
    const asked = {
      name: `kubeconfig for ${cluster}`,
      expiresAt: readExpiry(expiresAt, request.ctx.clock.now()),
      scope: { clusters: [], readOnly: false },
    };
    const { token, id, expiresAt: end } = await this.newToken(request, owner, asked);
    const kubeconfig = kubeconfigOf({ ...this.reached(), cluster, user: owner.person.name, token });
    return privateAnswer({ kubeconfig, id, expiresAt: end }, 201);
  }
}
