import type { Context } from '@binnacle/machinery-context';
import { networkOf, type Person } from '@binnacle/server-auth';
import {
  CodeFlow,
  findProvider,
  type IdentityProvider,
  nextPath,
  type OidcIdentity,
  OidcPeople,
  OidcRefusal,
  type PendingSignIn,
  ProviderConnections,
  SealedCookie,
  teamsOf,
} from '@binnacle/server-sign-in';
import type { PersonKey } from '@binnacle/server-storage';
import { recentOwner } from '@binnacle/server-people';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import { privateAnswer, readObject, requireMethod, signedInAnswer } from './auth-answers.js';
import { oidcPeople } from './oidc-people.js';
import type { OtherSignInParts } from './other-sign-in-parts.js';
import { originOf } from './public-place.js';
import { addressOf, isSecure } from './request-origin.js';

const PATH = /^\/auth\/oidc\/([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)\/(start|callback|link)$/;
/** In which somebody signs in at the provider. */
const PENDING_SECONDS = 10 * 60;

/** What a browser carries to the provider and back. */
interface Pending extends PendingSignIn {
  readonly next: string;
  /** Who links an identity; absent for a sign-in. */
  readonly link?: PersonKey;
}

/** Somebody whom a provider knows. */
interface Known {
  readonly key: PersonKey;
  readonly identity: OidcIdentity;
  /** Of the provider's groups. */
  readonly teams: readonly string[];
}

type Step = (request: ApiRequest, provider: IdentityProvider) => Promise<ApiAnswer>;

/** Leads browsers to OpenID Connect providers, and lets in who comes back. */
export class OidcHandler {
  private readonly flow: CodeFlow;
  private readonly oidcPeople: OidcPeople;
  private readonly pending: SealedCookie<Pending>;
  private readonly steps: Readonly<Record<string, Step>> = {
    start: (request, provider) => this.start(request, provider),
    callback: (request, provider) => this.callback(request, provider),
    link: (request, provider) => this.link(request, provider),
  };

  constructor(
    ctx: Context,
    private readonly parts: OtherSignInParts,
  ) {
    this.flow = new CodeFlow(new ProviderConnections(ctx));
    this.oidcPeople = new OidcPeople(parts.stores.identities, oidcPeople(parts.people, parts.accounts));
    // Lax: the browser comes back from another site.
    const options = { purpose: 'oidc', sameSite: 'Lax' as const, seconds: PENDING_SECONDS };
    this.pending = new SealedCookie(parts.installation, options);
  }

  async handle(request: ApiRequest): Promise<ApiAnswer | undefined> {
    const [, name = '', , step = ''] = PATH.exec(request.info.path) ?? [];
    const serve = this.steps[step];
    if (!serve) return undefined;
    requireMethod(request, step === 'link' ? 'POST' : 'GET');
    const provider = findProvider(await this.parts.providers.list(request.ctx), name);
    if (provider) return serve(request, provider);
    return this.failed(request, '/', new OidcRefusal('provider', 'there is no such provider'));
  }

  private async start(request: ApiRequest, provider: IdentityProvider): Promise<ApiAnswer> {
    const next = nextPath(request.query.get('next'));
    try {
      this.parts.allowances.attempts.take(networkOf(addressOf(request)));
      const { location, pending } = await this.begin(request, provider);
      return this.redirect(location, [this.pending.set(request.ctx, { ...pending, next }, cookieOf(request))]);
    } catch (error) {
      return this.failed(request, next, error);
    }
  }

  /** For a page of ours, which goes there by itself. */
  private async link(request: ApiRequest, provider: IdentityProvider): Promise<ApiAnswer> {
    const { key } = await recentOwner(request.ctx, this.parts.people);
    const { next } = readObject(request);
    const { location, pending } = await this.begin(request, provider);
    const kept = { ...pending, next: nextPath(typeof next === 'string' ? next : '/'), link: key };
    return privateAnswer({ location }, 200, { 'set-cookie': [this.pending.set(request.ctx, kept, cookieOf(request))] });
  }

  private async begin(request: ApiRequest, provider: IdentityProvider) {
    const origin = originOf(request, this.parts.addresses);
    if (origin === undefined) throw new OidcRefusal('address', 'nobody said that this server is at this address');
    return this.flow.begin(request.ctx, provider, `${origin}/auth/oidc/${provider.name}/callback`);
  }

  private async callback(request: ApiRequest, provider: IdentityProvider): Promise<ApiAnswer> {
    const { ctx, headers } = request;
    const pending = this.pending.open(ctx, headers, cookieOf(request));
    const next = pending?.next ?? '/';
    try {
      this.parts.allowances.attempts.take(networkOf(addressOf(request)));
      if (pending?.provider !== provider.name) throw new OidcRefusal('expired', 'this browser was not led there');
      const identity = await this.flow.finish(ctx, provider, pending, request.query, () => this.claim(ctx, pending));
      if (pending.link) {
        await this.oidcPeople.link(ctx, provider, identity, pending.link);
        await this.parts.people.methods.noteIdentities(ctx, pending.link);
        return this.redirect(next, [this.pending.clear(cookieOf(request))]);
      }
      const key = await this.oidcPeople.signIn(ctx, provider, identity);
      const teams = teamsOf(provider.groups, identity.groups);
      return await this.enter(request, { key, identity, teams }, next);
    } catch (error) {
      return this.failed(request, next, error, pending?.link !== undefined);
    }
  }

  /** Once, by whichever server it comes to. */
  private async claim(ctx: Context, { state }: Pending): Promise<void> {
    const until = ctx.clock.now() + PENDING_SECONDS * 1000;
    if (await this.parts.stores.oneTime.take(ctx, `oidc ${state}`, until)) return;
    throw new OidcRefusal('expired', 'the answer was used before');
  }

  private async enter(request: ApiRequest, { key, identity, teams }: Known, next: string): Promise<ApiAnswer> {
    const { ctx, headers } = request;
    const { people, sessions } = this.parts.people;
    const person = await people.find(ctx, key.account);
    if (person?.uid !== key.uid) throw new OidcRefusal('disabled', 'whose identity it is may not sign in');
    const { identities } = this.parts.stores;
    const holds = async () => (await identities.find(ctx, identity.issuer, identity.subject))?.uid === key.uid;
    const from = { headers, address: addressOf(request) };
    const signIn = await sessions.beginWhile(ctx, from, person as Person, { method: 'oidc', teams, holds });
    if (!signIn) throw new OidcRefusal('unknown', 'the identity was taken off meanwhile');
    await this.parts.people.methods.noteIdentities(ctx, key);
    ctx.logger.info('signed in by a provider', { user: person.name, address: addressOf(request) });
    const { headers: set } = signedInAnswer(request, sessions.cookies, signIn);
    const cookies = [...[set?.['set-cookie'] ?? []].flat(), this.pending.clear(cookieOf(request))];
    return this.redirect(next, cookies);
  }

  private redirect(location: string, cookies: string[]): ApiAnswer {
    const headers = {
      location,
      'cache-control': 'no-store',
      // The provider's page has an address of its own; it need not know which of ours it was asked from.
      'referrer-policy': 'no-referrer',
      ...(cookies.length > 0 && { 'set-cookie': cookies }),
    };
    return { status: 303, contentType: 'text/plain; charset=utf-8', headers, body: [''] };
  }

  /** A page says what went wrong, in the reader's words; why is in the log. Rejects with what is nobody's refusal. */
  private failed({ ctx }: ApiRequest, next: string, error: unknown, isLink = false): ApiAnswer {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    const { message, cause } = error as Error;
    ctx.logger.info('nobody signed in by a provider', { reason, message, cause: messageOf(cause) });
    const page = new URL(isLink ? next : '/sign-in', 'https://here.invalid');
    page.searchParams.set('error', reason);
    if (!isLink && next !== '/') page.searchParams.set('next', next);
    return this.redirect(`${page.pathname}${page.search}${page.hash}`, []);
  }
}

const cookieOf = (request: ApiRequest) => ({ secure: isSecure(request) });

function reasonOf(error: unknown): string | undefined {
  if (error instanceof OidcRefusal) return error.reason;
  return (error as { code?: unknown }).code === 429 ? 'busy' : undefined;
}

/** Libraries put what they were given into their errors; only what they say is for a log. */
const messageOf = (cause: unknown): string | undefined => (cause instanceof Error ? cause.message : undefined);
