import type { WebSessions } from '@binnacle/server-auth';
import type { ComposedPeople } from '@binnacle/server-people';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import { privateAnswer, readTexts, requireMethod, signedInAnswer } from './auth-answers.js';
import { addressOf, checkSite, isSecure } from './request-origin.js';

type Parts = Pick<ComposedPeople, 'sessions' | 'credentials' | 'own'>;
type Act = (request: ApiRequest) => Promise<ApiAnswer> | ApiAnswer;

/** Serves signing in and out by password, for browsers. */
export class SignInHandler {
  private readonly posts: Readonly<Record<string, Act>> = {
    '/auth/login': (request) => this.signIn(request),
    '/auth/logout': (request) => this.signOut(request),
    '/auth/password': (request) => this.changePassword(request),
  };

  constructor(private readonly parts: Parts) {}

  async handle(request: ApiRequest): Promise<ApiAnswer | undefined> {
    const { path } = request.info;
    if (path === '/auth/session') return this.session(request);
    const post = Object.hasOwn(this.posts, path) ? this.posts[path] : undefined;
    if (!post) return undefined;
    requireMethod(request, 'POST');
    checkSite(request);
    return post(request);
  }

  private get web(): WebSessions {
    return this.parts.sessions;
  }

  private async signIn(request: ApiRequest): Promise<ApiAnswer> {
    const password = readTexts(request, 'user', 'password');
    const from = { headers: request.headers, address: addressOf(request) };
    return signedInAnswer(request, this.web.cookies, await this.web.signIn(request.ctx, from, password));
  }

  private async signOut(request: ApiRequest): Promise<ApiAnswer> {
    const { ctx, headers } = request;
    await this.web.signOut(ctx, headers);
    const { credential, name } = ctx.user;
    if (credential) await this.parts.credentials.noteEnded(ctx, name);
    return privateAnswer({}, 200, { 'set-cookie': this.web.cookies.clearSession({ secure: isSecure(request) }) });
  }

  private async session(request: ApiRequest): Promise<ApiAnswer> {
    requireMethod(request, 'GET', 'HEAD');
    return privateAnswer(await this.parts.own.self(request.ctx));
  }

  private async changePassword(request: ApiRequest): Promise<ApiAnswer> {
    const { ctx, headers } = request;
    const passwords = readTexts(request, 'password', 'newPassword');
    const from = { headers, address: addressOf(request) };
    return signedInAnswer(request, this.web.cookies, await this.parts.own.changePassword(ctx, from, passwords));
  }
}
