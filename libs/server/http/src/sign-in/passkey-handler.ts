import { newBadRequest, newNotFound, newUnauthorized } from '@binnacle/machinery-meta';
import { networkOf } from '@binnacle/server-auth';
import {
  CEREMONY_SECONDS,
  PasskeyCeremonies,
  passkeyName,
  type PendingCeremony,
  SealedCookie,
} from '@binnacle/server-sign-in';
import type { PersonKey } from '@binnacle/server-storage';
import { browserOwner, recentOwner, shownPasskey } from '@binnacle/server-people';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import { privateAnswer, readObject, requireMethod, signedInAnswer } from './auth-answers.js';
import type { OtherSignInParts } from './other-sign-in-parts.js';
import { ceremonyPlace } from './public-place.js';
import { addressOf, checkSite, isSecure } from './request-origin.js';

const ONE = /^\/auth\/passkeys\/([\w-]{16,1366})$/;
const refused = () => newUnauthorized('the passkey was not accepted');

type Serve = (request: ApiRequest) => Promise<ApiAnswer>;

/** Signs people in by passkeys, and lets them see to theirs. */
export class PasskeyHandler {
  private readonly ceremonies: PasskeyCeremonies;
  private readonly pending: SealedCookie<PendingCeremony>;
  private readonly posts: Readonly<Record<string, Serve>> = {
    '/auth/passkeys/sign-in/options': (request) => this.beginSignIn(request),
    '/auth/passkeys/sign-in': (request) => this.signIn(request),
    '/auth/passkeys/register/options': (request) => this.beginRegistration(request),
    '/auth/passkeys/register': (request) => this.register(request),
  };

  constructor(private readonly parts: OtherSignInParts) {
    const { stores, installation } = parts;
    const { passkeys, oneTime } = stores;
    this.ceremonies = new PasskeyCeremonies({
      passkeys,
      oneTime,
      handleKey: installation.deriveKey('passkey handles'),
    });
    const options = { purpose: 'passkey', sameSite: 'Strict' as const, seconds: CEREMONY_SECONDS };
    this.pending = new SealedCookie(installation, options);
  }

  async handle(request: ApiRequest): Promise<ApiAnswer | undefined> {
    const { path } = request.info;
    const post = Object.hasOwn(this.posts, path) ? this.posts[path] : undefined;
    if (post) {
      requireMethod(request, 'POST');
      checkSite(request);
      return post(request);
    }
    if (path === '/auth/passkeys') return this.list(request);
    const [, id] = ONE.exec(path) ?? [];
    return id === undefined ? undefined : this.change(request, id);
  }

  private async beginSignIn(request: ApiRequest): Promise<ApiAnswer> {
    this.parts.allowances.attempts.take(networkOf(addressOf(request)));
    const { options, pending } = await this.ceremonies.beginSignIn(ceremonyPlace(request, this.parts.addresses));
    return this.begun(request, options, pending);
  }

  private async signIn(request: ApiRequest): Promise<ApiAnswer> {
    const { ctx, headers } = request;
    const { people, sessions } = this.parts.people;
    this.parts.allowances.attempts.take(networkOf(addressOf(request)));
    const pending = this.opened(request);
    if (!pending || pending.person) throw refused();
    const passkey = await this.ceremonies.signIn(ctx, pending, readObject(request));
    const { account, uid } = passkey;
    const person = await people.find(ctx, account);
    if (person?.uid !== uid) throw refused();
    const from = { headers, address: addressOf(request) };
    const holds = async () => (await this.parts.stores.passkeys.find(ctx, passkey.id))?.uid === uid;
    const signIn = await sessions.beginWhile(ctx, from, person, { method: 'passkey', holds });
    if (!signIn) throw refused();
    ctx.logger.info('signed in by a passkey', { user: account, address: from.address });
    return signedInAnswer(request, sessions.cookies, signIn);
  }

  private async beginRegistration(request: ApiRequest): Promise<ApiAnswer> {
    const { key, person } = await recentOwner(request.ctx, this.parts.people);
    const place = ceremonyPlace(request, this.parts.addresses);
    const name = person.displayName || person.name;
    const { options, pending } = await this.ceremonies.beginRegistration(request.ctx, place, key, name);
    return this.begun(request, options, pending);
  }

  /** Whoever began it registers it, even if another has signed in in that browser meanwhile. */
  private async register(request: ApiRequest): Promise<ApiAnswer> {
    const { ctx } = request;
    const { key } = await recentOwner(request.ctx, this.parts.people);
    const { name, response } = readObject(request);
    const pending = this.opened(request);
    if (!pending?.person || !isSame(pending.person, key))
      throw newBadRequest('register it anew: it was begun otherwise');
    // The account is there before anything belongs to it, also of who has never signed in with a password.
    await this.parts.people.credentials.ensureAccount(ctx, { name: key.account, uid: key.uid });
    const passkey = await this.ceremonies.register(ctx, pending, passkeyName(name), response);
    await this.parts.people.methods.notePasskeys(ctx, key);
    ctx.logger.info('a passkey was registered', { user: key.account });
    return privateAnswer(shownPasskey(passkey), 201);
  }

  private async list(request: ApiRequest): Promise<ApiAnswer> {
    requireMethod(request, 'GET');
    const { key } = await browserOwner(request.ctx, this.parts.people);
    return privateAnswer({ items: await this.parts.people.methods.passkeys(request.ctx, key) });
  }

  private async change(request: ApiRequest, id: string): Promise<ApiAnswer> {
    const { ctx, method } = request;
    const { passkeys } = this.parts.stores;
    requireMethod(request, 'POST', 'DELETE');
    if (method === 'POST') {
      const { key } = await browserOwner(request.ctx, this.parts.people);
      const name = passkeyName(readObject(request).name);
      if (!(await passkeys.rename(ctx, key, id, name))) throw notThere(id);
      return privateAnswer({ name });
    }
    const { key } = await recentOwner(request.ctx, this.parts.people);
    return privateAnswer({ removed: await this.parts.people.methods.removePasskeys(ctx, key, id) });
  }

  private begun(request: ApiRequest, publicKey: unknown, pending: PendingCeremony): ApiAnswer {
    const cookie = this.pending.set(request.ctx, pending, { secure: isSecure(request) });
    return privateAnswer({ publicKey }, 200, { 'set-cookie': [cookie] });
  }

  private opened(request: ApiRequest): PendingCeremony | undefined {
    return this.pending.open(request.ctx, request.headers, { secure: isSecure(request) });
  }
}

const isSame = (a: PersonKey, b: PersonKey): boolean => a.account === b.account && a.uid === b.uid;
const notThere = (id: string) => newNotFound({ group: '', resource: 'passkeys' }, id);
