import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Context } from '@binnacle/machinery-context';
import { newForbidden, newTooManyRequests, newUnauthorized } from '@binnacle/machinery-meta';
import type { Account, AccountStore, Session, SessionStore } from '@binnacle/server-storage';
import type { AuthenticationMethod, Credentials } from './authenticator.js';
import type { Installation } from './installation.js';
import { type LoginAttempt, LoginLimiter } from './login-limiter.js';
import { PasswordHashing } from './password-hashing.js';
import { NOBODYS_PASSWORD, verifyPassword } from './passwords.js';
import { SessionCookies } from './session-cookies.js';
import type { UserInfo } from './user-info.js';

const CSRF_HEADER = 'x-binnacle-csrf';
const HOUR = 60 * 60_000;
/** A session ends when it has not been used for this long. */
const IDLE_MILLISECONDS = 12 * HOUR;
/** And after this long however much it is used. */
const LONGEST_MILLISECONDS = 7 * 24 * HOUR;
/** Nobody is called or remembers more than this. */
const LONGEST_NAME = 256;
const LONGEST_PASSWORD = 1024;
/** Its last use is written down this often at most. */
const TOUCH_EVERY = 5 * 60_000;
/** A session or account that was removed is believed this much longer at most. */
const REMEMBERED_MILLISECONDS = 5_000;
const MOST_REMEMBERED = 10_000;
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/** Who asks to sign in, beside the name and password. */
export interface SignInRequest {
  readonly headers: IncomingHttpHeaders;
  /** Where it comes from, an IP address. */
  readonly address: string;
}

export interface Password {
  readonly user: string;
  readonly password: string;
}

export interface SignIn {
  /** What the browser keeps; only its hash is stored. */
  readonly secret: string;
  /** That the browser has been here. */
  readonly device: string;
  readonly user: UserInfo;
}

interface Remembered {
  readonly user: UserInfo | undefined;
  readonly until: number;
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

const wrong = () => newUnauthorized('the name or the password is wrong');

/** Every browser says where the page comes from that opens a WebSocket; programs say nothing. */
const isOwnOrigin = ({ origin, host, upgrade }: IncomingHttpHeaders): boolean =>
  upgrade === undefined || origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);

/** A browser sends cookies by itself, so a change must also show that our own page asked for it; so must a connection. */
function checkOrigin({ headers, method }: Credentials): void {
  if (SAFE_METHODS.includes(method) && isOwnOrigin(headers)) return;
  if (headers[CSRF_HEADER] === '1' || headers['sec-fetch-site'] === 'same-origin') return;
  throw newForbidden({ group: '', resource: '' }, '', `requests with a session need the header ${CSRF_HEADER}: 1`);
}

const expiry = (createdAt: number, now: number): number =>
  Math.min(now + IDLE_MILLISECONDS, createdAt + LONGEST_MILLISECONDS);

/** Addresses of one network that are given out together count as one. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head.split(':').filter(Boolean);
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter(Boolean).length;
  return [...groups, ...Array<string>(Math.max(0, missing)).fill('0')].slice(0, 4).join(':');
}

/** Signs people in by password and believes the sessions that come of it. */
export class WebSessions implements AuthenticationMethod {
  readonly hashing = new PasswordHashing();
  readonly limiter: LoginLimiter;
  readonly cookies: SessionCookies;
  private readonly remembered = new Map<string, Remembered>();

  constructor(
    ctx: Context,
    private readonly accounts: AccountStore,
    private readonly sessions: SessionStore,
    installation: Installation,
  ) {
    this.limiter = new LoginLimiter(ctx.clock);
    this.cookies = new SessionCookies(installation);
  }

  /** Rejects with Unauthorized for a wrong name or password, with TooManyRequests after too many of them. */
  async signIn(ctx: Context, { headers, address }: SignInRequest, { user: name, password }: Password): Promise<SignIn> {
    if (name.length > LONGEST_NAME || password.length > LONGEST_PASSWORD) throw wrong();
    const attempt = { account: name, address: networkOf(address), device: this.cookies.deviceOf(headers, name) };
    const wait = this.limiter.begin(attempt);
    if (wait > 0) throw newTooManyRequests('too many failed attempts to sign in, please try again later', wait);
    const account = await this.verified(ctx, attempt, password);
    if (!account) throw wrong();
    this.limiter.succeeded(attempt);
    // Whatever session the browser came with ends with it: one that was slipped in does not become this person's.
    await this.signOut(ctx, headers);
    const secret = this.cookies.newSession();
    await this.remember(ctx, secret, account);
    const device = attempt.device ?? this.cookies.newDevice(name);
    return { secret, device, user: { name, groups: account.groups } };
  }

  /** Ends the session a request comes with, if there is one. */
  async signOut(ctx: Context, headers: IncomingHttpHeaders): Promise<void> {
    const secret = this.cookies.sessionOf(headers);
    if (!secret) return;
    const idHash = hashOf(secret);
    this.remembered.delete(idHash);
    await this.sessions.remove(ctx, idHash);
  }

  private async verified(ctx: Context, attempt: LoginAttempt, password: string): Promise<Account | undefined> {
    try {
      const account = await this.accounts.find(ctx, attempt.account);
      const stored = account?.scrypt ?? NOBODYS_PASSWORD;
      const matches = await this.hashing.run(attempt.address, () => {
        ctx.signal.throwIfAborted();
        return verifyPassword(password, stored);
      });
      return matches ? account : undefined;
    } catch (error) {
      this.limiter.takeBack(attempt);
      throw error;
    }
  }

  private async remember(ctx: Context, secret: string, { name }: Account): Promise<void> {
    const now = ctx.clock.now();
    const times = { createdAt: now, lastSeen: now, expiresAt: expiry(now, now) };
    await this.sessions.create(ctx, { idHash: hashOf(secret), account: name, ...times });
  }

  /** A cookie that stands for no session is as none; a change without proof of its origin is Forbidden. */
  async authenticate(ctx: Context, credentials: Credentials): Promise<UserInfo | undefined> {
    const secret = this.cookies.sessionOf(credentials.headers);
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
    // Those of an older release knew no longest time.
    const isOver = session && session.createdAt + LONGEST_MILLISECONDS <= ctx.clock.now();
    if (!session || !account || isOver) return undefined;
    await this.touch(ctx, session);
    return { name: account.name, groups: account.groups };
  }

  private async touch(ctx: Context, { idHash, lastSeen, createdAt }: Session): Promise<void> {
    const now = ctx.clock.now();
    if (now - lastSeen > TOUCH_EVERY) await this.sessions.touch(ctx, idHash, expiry(createdAt, now));
  }
}
