import { createHash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Context } from '@binnacle/machinery-context';
import { newForbidden, newTooManyRequests, newUnauthorized } from '@binnacle/machinery-meta';
import type { AccountStore, Session, SessionStore } from '@binnacle/server-storage';
import type { AuthenticationMethod, Credentials } from './authenticator.js';
import { LoginLimiter } from './login-limiter.js';
import { NOBODYS_PASSWORD, verifyPassword } from './passwords.js';
import type { UserInfo } from './user-info.js';

export const SESSION_COOKIE = 'binnacle_session';
const CSRF_HEADER = 'x-binnacle-csrf';
const HOUR = 60 * 60_000;
/** A session ends when it has not been used for this long. */
const IDLE_MILLISECONDS = 12 * HOUR;
/** Its last use is written down this often at most. */
const TOUCH_EVERY = 5 * 60_000;
/** A session or account that was removed is believed this much longer at most. */
const REMEMBERED_MILLISECONDS = 5_000;
const MOST_REMEMBERED = 10_000;
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

export interface SignIn {
  /** What the browser keeps; only its hash is stored. */
  readonly secret: string;
  readonly user: UserInfo;
}

interface Remembered {
  readonly user: UserInfo | undefined;
  readonly until: number;
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** The session secret in a request's cookies. */
export function sessionSecret({ cookie }: IncomingHttpHeaders): string | undefined {
  const pair = (cookie ?? '').split(';').find((part) => part.trim().startsWith(`${SESSION_COOKIE}=`));
  return pair?.trim().slice(SESSION_COOKIE.length + 1) || undefined;
}

/** A browser sends cookies by itself, so a change must also show that our own page asked for it. */
function checkOrigin({ headers, method }: Credentials): void {
  if (SAFE_METHODS.includes(method)) return;
  if (headers[CSRF_HEADER] === '1' || headers['sec-fetch-site'] === 'same-origin') return;
  throw newForbidden({ group: '', resource: '' }, '', `requests with a session need the header ${CSRF_HEADER}: 1`);
}

/** Signs people in by password and believes the sessions that come of it. */
export class WebSessions implements AuthenticationMethod {
  private readonly limiter: LoginLimiter;
  private readonly remembered = new Map<string, Remembered>();

  constructor(
    ctx: Context,
    private readonly accounts: AccountStore,
    private readonly sessions: SessionStore,
  ) {
    this.limiter = new LoginLimiter(ctx.clock);
  }

  /** Rejects with Unauthorized for a wrong name or password, with TooManyRequests after too many of them. */
  async signIn(ctx: Context, name: string, password: string): Promise<SignIn> {
    const wait = this.limiter.waitSeconds(name);
    if (wait > 0) throw newTooManyRequests('too many failed attempts to sign in, please try again later', wait);
    const account = await this.accounts.find(ctx, name);
    const matches = await verifyPassword(password, account?.scrypt ?? NOBODYS_PASSWORD);
    if (!account || !matches) {
      this.limiter.failed(name);
      throw newUnauthorized('the name or the password is wrong');
    }
    this.limiter.succeeded(name);
    const secret = randomBytes(32).toString('base64url');
    const now = ctx.clock.now();
    const times = { createdAt: now, lastSeen: now, expiresAt: now + IDLE_MILLISECONDS };
    await this.sessions.create(ctx, { idHash: hashOf(secret), account: name, ...times });
    return { secret, user: { name, groups: account.groups } };
  }

  async signOut(ctx: Context, secret: string): Promise<void> {
    const idHash = hashOf(secret);
    this.remembered.delete(idHash);
    await this.sessions.remove(ctx, idHash);
  }

  /** A cookie that stands for no session is as none; a change without proof of its origin is Forbidden. */
  async authenticate(ctx: Context, credentials: Credentials): Promise<UserInfo | undefined> {
    const secret = sessionSecret(credentials.headers);
    if (!secret) return undefined;
    const user = await this.userOf(ctx, hashOf(secret));
    if (user) checkOrigin(credentials);
    return user;
  }

  private async userOf(ctx: Context, idHash: string): Promise<UserInfo | undefined> {
    const now = ctx.clock.now();
    const known = this.remembered.get(idHash);
    if (known && known.until > now) return known.user;
    const user = await this.lookUp(ctx, idHash);
    if (this.remembered.size >= MOST_REMEMBERED) this.remembered.clear();
    this.remembered.set(idHash, { user, until: now + REMEMBERED_MILLISECONDS });
    return user;
  }

  private async lookUp(ctx: Context, idHash: string): Promise<UserInfo | undefined> {
    const session = await this.sessions.find(ctx, idHash);
    const account = session && (await this.accounts.find(ctx, session.account));
    if (!session || !account) return undefined;
    await this.touch(ctx, session);
    return { name: account.name, groups: account.groups };
  }

  private async touch(ctx: Context, { idHash, lastSeen }: Session): Promise<void> {
    const now = ctx.clock.now();
    if (now - lastSeen > TOUCH_EVERY) await this.sessions.touch(ctx, idHash, now + IDLE_MILLISECONDS);
  }
}
