import { formatTime, newForbidden, newUnauthorized } from '@binnacle/machinery-meta';
import { isFrontDoor, networkOf, wrongPassword } from '@binnacle/server-auth';
import {
  clientName,
  POLL_SECONDS,
  pollRefusal,
  REQUEST_SECONDS,
  type TerminalCredential,
  TerminalRequests,
} from '@binnacle/server-sign-in';
import { browserOwner } from '@binnacle/server-people';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import { privateAnswer, readObject, readTexts, requireMethod } from './auth-answers.js';
import type { OtherSignInParts } from './other-sign-in-parts.js';
import { originOf } from './public-place.js';
import { addressOf, checkSite } from './request-origin.js';

const REQUEST = /^\/auth\/device\/requests\/([A-Za-z -]{1,40})$/;

type Serve = (request: ApiRequest) => Promise<ApiAnswer>;

/** Signs terminals in: `binnacle login`. Behaves as RFC 8628, with answers of our own. */
export class TerminalHandler {
  private readonly requests: TerminalRequests;
  private readonly posts: Readonly<Record<string, Serve>> = {
    '/auth/device/code': (request) => this.begin(request),
    '/auth/device/token': (request) => this.take(request),
    '/auth/device/password': (request) => this.byPassword(request),
    '/auth/device/refresh': (request) => this.refresh(request),
    '/auth/device/revoke': (request) => this.revoke(request),
  };

  constructor(private readonly parts: OtherSignInParts) {
    this.requests = new TerminalRequests(parts.stores.terminals, parts.installation);
  }

  async handle(request: ApiRequest): Promise<ApiAnswer | undefined> {
    const { path } = request.info;
    const post = Object.hasOwn(this.posts, path) ? this.posts[path] : undefined;
    if (post) {
      requireMethod(request, 'POST');
      checkSite(request);
      return post(request);
    }
    const [, code] = REQUEST.exec(path) ?? [];
    return code === undefined ? undefined : this.decide(request, code);
  }

  private async begin(request: ApiRequest): Promise<ApiAnswer> {
    const { ctx } = request;
    const page = this.pageOrigin(request);
    if (page === undefined)
      throw forbidden('nobody said where pages are: name the address with --public-url, or sign in with --user');
    this.parts.allowances.terminals.take(networkOf(addressOf(request)));
    const { deviceCode, userCode } = await this.requests.begin(ctx, readObject(request).client, addressOf(request));
    const verificationUri = `${page}/device`;
    const verificationUriComplete = `${verificationUri}?code=${userCode}`;
    const times = { expiresIn: REQUEST_SECONDS, interval: POLL_SECONDS };
    return privateAnswer({ deviceCode, userCode, verificationUri, verificationUriComplete, ...times });
  }

  /** Pages are where our front door was asked, or else where the operator says that they are. */
  private pageOrigin(request: ApiRequest): string | undefined {
    const { addresses } = this.parts;
    const asked = isFrontDoor(request.peer?.certificate) ? originOf(request, addresses) : undefined;
    return asked ?? addresses.preferred;
  }

  private async decide(request: ApiRequest, code: string): Promise<ApiAnswer> {
    requireMethod(request, 'GET', 'POST');
    const { ctx, method } = request;
    const { key, credential } = await browserOwner(request.ctx, this.parts.people);
    const { codes } = this.parts.allowances;
    // Only wrong ones count.
    codes.take(key.account);
    const found = await this.requests.find(ctx, code);
    codes.giveBack(key.account);
    if (method === 'GET') return privateAnswer(shown(found));
    const { approve } = readObject(request);
    const isApproved = approve === true;
    const by = { person: key, teams: credential.teams ?? [] };
    await this.requests.settle(ctx, found.userCode, isApproved ? by : undefined);
    ctx.logger.info('a terminal was decided about', { user: key.account, approved: isApproved, from: found.address });
    return privateAnswer({ approved: isApproved });
  }

  private async take(request: ApiRequest): Promise<ApiAnswer> {
    const { ctx } = request;
    const { deviceCode } = readTexts(request, 'deviceCode');
    const { person: key, ...origin } = await this.requests.approved(ctx, deviceCode);
    const person = await this.parts.people.people.find(ctx, key.account);
    if (person?.uid !== key.uid) throw newUnauthorized('who approved it may not sign in');
    const begun = await this.parts.terminals.begin(ctx, person, origin, () => this.requests.claim(ctx, deviceCode));
    if (!begun) throw pollRefusal('ExpiredToken');
    return this.answered(begun);
  }

  /** Guesses are counted as those of a browser without a device cookie are. */
  private async byPassword(request: ApiRequest): Promise<ApiAnswer> {
    const { ctx } = request;
    const { sessions, people } = this.parts.people;
    const password = readTexts(request, 'user', 'password');
    const { client } = readObject(request);
    const address = addressOf(request);
    const account = await sessions.passwords.verify(ctx, { address, device: undefined }, password);
    const person = await people.ofAccount(ctx, account);
    if (!person) throw wrongPassword();
    if (account.mustChange) throw forbidden('the password must be changed first: sign in to the dashboard with it');
    const holds = async () => (await this.parts.accounts.find(ctx, person.name))?.scrypt === account.scrypt;
    const origin = { client: clientName(client), address, teams: [] };
    const begun = await this.parts.terminals.begin(ctx, person, origin, holds);
    if (!begun) throw wrongPassword();
    return this.answered(begun);
  }

  private answered({ expiresAt, refreshExpiresAt, ...credential }: TerminalCredential): ApiAnswer {
    const { server, authority: certificateAuthority } = this.parts.reached();
    const times = { expiresAt: formatTime(expiresAt), refreshExpiresAt: formatTime(refreshExpiresAt) };
    return privateAnswer({ ...credential, ...times, cluster: { server, certificateAuthority } });
  }

  private async refresh(request: ApiRequest): Promise<ApiAnswer> {
    const { refreshToken } = readTexts(request, 'refreshToken');
    return this.answered(await this.parts.terminals.refresh(request.ctx, refreshToken));
  }

  private async revoke(request: ApiRequest): Promise<ApiAnswer> {
    const { ctx } = request;
    const { refreshToken } = readTexts(request, 'refreshToken');
    const account = await this.parts.terminals.revoke(ctx, refreshToken);
    if (account !== undefined) await this.parts.people.credentials.noteEnded(ctx, account);
    return privateAnswer({});
  }
}

const forbidden = (why: string) => newForbidden({ group: '', resource: '' }, '', why);

const shown = ({ userCode, client, address, createdAt, expiresAt }: Awaited<ReturnType<TerminalRequests['find']>>) => ({
  userCode,
  client,
  address,
  createdAt: formatTime(createdAt),
  expiresAt: formatTime(expiresAt),
});
