import type { IncomingHttpHeaders } from 'node:http';
import { groupsOfTeam } from '@binnacle/apis-iam';
import { type Context, type Soon, soon } from '@binnacle/machinery-context';
import type { Account, Session, SessionStore, SignInStores } from '@binnacle/server-storage';
import type { AuthenticationMethod, Credentials } from '../authenticator.js';
import type { UserInfo } from '../user-info.js';
import type { Installation } from './installation.js';
import { type Password, PasswordCheck, wrongPassword } from './password-check.js';
import { type KnownCredential, type People, type Person, userOf } from './people.js';
import { hashOfSecret, RememberedCredentials } from './remembered-credentials.js';
import { SessionCookies } from './session-cookies.js';
import { checkOrigin } from './session-origin.js';

const HOUR = 60 * 60_000;
/** A session ends when it has not been used for this long. */
const IDLE_MILLISECONDS = 12 * HOUR;
/** And after this long however much it is used. */
const LONGEST_MILLISECONDS = 7 * 24 * HOUR;
/** Its last use is written down this often at most. */
const TOUCH_EVERY = 5 * 60_000;
/** Of one person; beyond it the one that was not used for the longest time ends. */
export const MOST_SESSIONS = 50;
const LONGEST_AGENT = 200;
/** What a session is called is the beginning of the hash of its secret, which tells nothing of that. */
const ID_LENGTH = 16;

/** Nothing but one's own password, to whatever cluster it is said. */
const PASSWORD_ONLY = { clusters: [], readOnly: true, passwordOnly: true };

/** Who asks to sign in, beside the name and password. */
export interface SignInRequest {
  readonly headers: IncomingHttpHeaders;
  /** Where it comes from, an IP address. */
  readonly address: string;
}

export interface SignIn {
  /** What the browser keeps; only its hash is stored. */
  readonly secret: string;
  /** That the browser has been here. */
  readonly device: string;
  readonly user: UserInfo;
  readonly displayName: string;
}

const expiry = (createdAt: number, now: number): number =>
  Math.min(now + IDLE_MILLISECONDS, createdAt + LONGEST_MILLISECONDS);

export const sessionId = ({ idHash }: Pick<Session, 'idHash'>): string => idHash.slice(0, ID_LENGTH);

function knownSession(session: Session, { uid, groups, mustChange }: Account & { uid: string }): KnownCredential {
  const { account, expiresAt, createdAt, method = 'password', teams = [] } = session;
  const inBrowser = method === 'terminal' ? {} : { signedInAt: createdAt };
  const credential = { kind: 'session', id: sessionId(session), expiresAt, ...inBrowser, teams } as const;
  // A password somebody else made up is nothing to who came without one.
  const scope = mustChange && method === 'password' ? { scope: PASSWORD_ONLY } : {};
  const endsAt = createdAt + LONGEST_MILLISECONDS;
  return { account, uid, groups: [...groups, ...teams.flatMap(groupsOfTeam)], credential, endsAt, ...scope };
}

/** How a session begins, where not by a password. */
export type SessionOrigin = Pick<Session, 'method' | 'teams'>;

/** Whose a session is, and where it began. */
interface NewSession {
  readonly person: Person;
  readonly secret: string;
  readonly from: Pick<Session, 'address' | 'userAgent'>;
  readonly origin: SessionOrigin;
}

/** Signs people in by password and believes the sessions that come of it. */
export class WebSessions implements AuthenticationMethod {
  readonly passwords: PasswordCheck;
  readonly cookies: SessionCookies;
  private readonly sessions: SessionStore;
  private readonly known: RememberedCredentials;

  constructor(
    ctx: Context,
    private readonly people: People,
    private readonly stores: Pick<SignInStores, 'accounts' | 'sessions'>,
    installation: Installation,
  ) {
    this.sessions = stores.sessions;
    this.passwords = new PasswordCheck(ctx, stores.accounts);
    this.cookies = new SessionCookies(installation);
    this.known = new RememberedCredentials(people, (at, hash) => this.lookUp(at, hash));
  }

  /** Rejects with Unauthorized for a wrong name or password, with TooManyRequests after too many of them. */
  async signIn(ctx: Context, request: SignInRequest, password: Password): Promise<SignIn> {
    const { headers, address } = request;
    const from = { address, device: this.cookies.deviceOf(headers, password.user) };
    const account = await this.passwords.verify(ctx, from, password);
    const person = await this.people.ofAccount(ctx, account);
    if (!person) throw wrongPassword();
    const begun = await this.beginWithPassword(ctx, request, person, account.scrypt);
    if (!begun) throw wrongPassword();
    ctx.logger.info('signed in', { user: person.name, address });
    return begun;
  }

  /**
   * A new session of somebody who has proved who they are by whatever means. Whatever session the browser came with ends with it:
   * one that was slipped in does not become this person's.
   */
  async begin(
    ctx: Context,
    { headers, address }: SignInRequest,
    person: Person,
    origin: SessionOrigin = {},
  ): Promise<SignIn> {
    await this.signOut(ctx, headers);
    const secret = this.cookies.newSession();
    const from = { address, userAgent: headers['user-agent'] ?? '' };
    const session = await this.open(ctx, { person, secret, from, origin });
    const account = await this.stores.accounts.find(ctx, person.name);
    const device = this.cookies.deviceOf(headers, person.name) ?? this.cookies.newDevice(person.name);
    const known = knownSession(session, { groups: [], name: person.name, scrypt: '', ...account, uid: person.uid });
    return { secret, device, user: userOf(person, known), displayName: person.displayName };
  }

  /** The same for a password of that hash; undefined where it is another one by now. */
  beginWithPassword(ctx: Context, request: SignInRequest, person: Person, scrypt: string): Promise<SignIn | undefined> {
    const holds = async () => (await this.stores.accounts.find(ctx, person.name))?.scrypt === scrypt;
    return this.beginWhile(ctx, request, person, { holds });
  }

  /**
   * The same, where what was shown holds still when the session is there: whoever takes it away does so before they end sessions.
   * Undefined where it does not.
   */
  async beginWhile(
    ctx: Context,
    request: SignInRequest,
    person: Person,
    { holds, ...origin }: SessionOrigin & { readonly holds: () => Promise<boolean> },
  ): Promise<SignIn | undefined> {
    const begun = await this.begin(ctx, request, person, origin);
    if (await holds()) return begun;
    await this.sessions.remove(ctx, hashOfSecret(begun.secret));
    return undefined;
  }

  /** A new session of whoever holds the secret. */
  async open(ctx: Context, { person, secret, from, origin }: NewSession): Promise<Session> {
    const now = ctx.clock.now();
    const userAgent = (from.userAgent ?? '').slice(0, LONGEST_AGENT);
    const times = { createdAt: now, lastSeen: now, expiresAt: expiry(now, now) };
    const session = { idHash: hashOfSecret(secret), account: person.name, ...times, ...from, userAgent, ...origin };
    await this.sessions.create(ctx, session, MOST_SESSIONS);
    await this.people.signedIn(ctx, person);
    return session;
  }

  /** Whose a session is by the hash of its secret, while it lasts. */
  userOfSession(ctx: Context, idHash: string): Soon<UserInfo | undefined> {
    return this.known.userOf(ctx, idHash);
  }

  /** Ends the session a request comes with, if there is one. */
  async signOut(ctx: Context, headers: IncomingHttpHeaders): Promise<void> {
    const secret = this.cookies.sessionOf(headers);
    if (!secret) return;
    const idHash = hashOfSecret(secret);
    this.known.forget(idHash);
    await this.sessions.remove(ctx, idHash);
  }

  /** A cookie that stands for no session is as none; a change without proof of its origin is Forbidden. */
  authenticate(ctx: Context, credentials: Credentials): Soon<UserInfo | undefined> {
    const secret = this.cookies.sessionOf(credentials.headers);
    if (!secret) return undefined;
    return soon(this.known.userOf(ctx, hashOfSecret(secret)), (user) => {
      if (user) checkOrigin(credentials);
      return user;
    });
  }

  private async lookUp(ctx: Context, idHash: string): Promise<KnownCredential | undefined> {
    const session = await this.sessions.find(ctx, idHash);
    const account = session && (await this.stores.accounts.find(ctx, session.account));
    // Those of an older release knew no longest time.
    const isOver = session && session.createdAt + LONGEST_MILLISECONDS <= ctx.clock.now();
    if (!session || isOver || account?.uid === undefined) return undefined;
    await this.touch(ctx, session);
    return knownSession(session, { ...account, uid: account.uid });
  }

  private async touch(ctx: Context, { idHash, lastSeen, createdAt }: Session): Promise<void> {
    const now = ctx.clock.now();
    if (now - lastSeen > TOUCH_EVERY) await this.sessions.touch(ctx, idHash, expiry(createdAt, now));
  }
}
