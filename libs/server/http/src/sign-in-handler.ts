import { newBadRequest, newMethodNotSupported, newUnauthorized } from '@binnacle/machinery-meta';
import { SESSION_COOKIE, sessionSecret, type UserInfo, type WebSessions } from '@binnacle/server-auth';
import { type ApiAnswer, type ApiRequest, jsonAnswer } from './api-request.js';

const NO_STORE = { 'cache-control': 'no-store' };

/** Over plain HTTP, as this machine's own front door speaks, a browser would drop a cookie marked Secure. */
function cookie({ headers }: ApiRequest, value: string, extra = ''): string {
  const secure = headers['x-forwarded-proto'] === 'https' ? '; Secure' : '';
  return `${SESSION_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict${secure}${extra}`;
}

function readCredentials({ body }: ApiRequest): { user: string; password: string } {
  let value: { user?: unknown; password?: unknown } | null;
  try {
    value = JSON.parse((body ?? '').toString()) as typeof value;
  } catch {
    value = null;
  }
  const { user, password } = value ?? {};
  if (typeof user === 'string' && typeof password === 'string') return { user, password };
  throw newBadRequest('the body must be JSON with user and password');
}

function sessionAnswer({ name, groups }: UserInfo, headers: Record<string, string>): ApiAnswer {
  return jsonAnswer({ user: name, groups }, 200, { ...NO_STORE, ...headers });
}

/** Serves `/auth/login`, `/auth/logout` and `/auth/session` for browsers. */
export class SignInHandler {
  constructor(private readonly sessions: WebSessions) {}

  async handle(request: ApiRequest): Promise<ApiAnswer | undefined> {
    switch (request.info.path) {
      case '/auth/login':
        return this.post(request, () => this.signIn(request));
      case '/auth/logout':
        return this.post(request, () => this.signOut(request));
      case '/auth/session':
        return this.session(request);
      default:
        return undefined;
    }
  }

  private post(request: ApiRequest, act: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
    if (request.method !== 'POST') throw newMethodNotSupported({ group: '', resource: 'auth' }, request.method);
    return act();
  }

  private async signIn(request: ApiRequest): Promise<ApiAnswer> {
    const { user, password } = readCredentials(request);
    const signedIn = await this.sessions.signIn(request.ctx, user, password);
    return sessionAnswer(signedIn.user, { 'set-cookie': cookie(request, signedIn.secret) });
  }

  private async signOut(request: ApiRequest): Promise<ApiAnswer> {
    const secret = sessionSecret(request.headers);
    if (secret) await this.sessions.signOut(request.ctx, secret);
    return jsonAnswer({}, 200, { ...NO_STORE, 'set-cookie': cookie(request, '', '; Max-Age=0') });
  }

  private session({ ctx }: ApiRequest): ApiAnswer {
    if (ctx.user.groups.includes('system:unauthenticated')) throw newUnauthorized('nobody is signed in');
    return sessionAnswer(ctx.user, {});
  }
}
