import type { Context } from '@binnacle/machinery-context';
import type { OtherSignInStores } from './other-sign-ins.js';

/** What somebody signs in with. Times are milliseconds since the epoch. */
export interface Account {
  readonly name: string;
  /** Those of an older release, which knew no teams. */
  readonly groups: readonly string[];
  /** The salted hash of the password, in whatever form its maker gave it; empty for none. */
  readonly scrypt: string;
  /** The User it belongs to; absent until there is one. */
  readonly uid?: string;
  /** Until the password is changed nothing else can be done with it. */
  readonly mustChange?: boolean;
}

export interface AccountStore {
  find(ctx: Context, name: string): Promise<Account | undefined>;
  list(ctx: Context): Promise<readonly Account[]>;
  /** Adds the account or replaces all of it. */
  save(ctx: Context, account: Account): Promise<void>;
  /** Another password instead of the one the account was read with; tells whether it was that still. */
  changePassword(ctx: Context, account: Account, scrypt: string): Promise<boolean>;
  /** Adds all of them, only if there is no account yet; tells whether it did. Replicas may race. */
  saveFirst(ctx: Context, accounts: readonly Account[]): Promise<boolean>;
  /** With its sessions and tokens; with a uid only if it belongs to that User. */
  remove(ctx: Context, name: string, uid?: string): Promise<void>;
}

/** How a session was begun: a terminal's by somebody who said yes in a browser, or by a password typed there. */
export type SignInMethod = 'password' | 'oidc' | 'passkey' | 'terminal';

export interface Session {
  /** A hash of the secret the browser holds; the secret itself is never stored. */
  readonly idHash: string;
  readonly account: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly lastSeen: number;
  /** Where it was begun: an IP address, and what the browser said of itself. */
  readonly address?: string;
  readonly userAgent?: string;
  /** A password where it is absent. */
  readonly method?: SignInMethod;
  /** Teams beside those its person is a member of, for as long as it lasts. */
  readonly teams?: readonly string[];
}

export interface SessionStore {
  /** Where an account has more than `most` afterwards, those that were not seen for the longest time go. */
  create(ctx: Context, session: Session, most?: number): Promise<void>;
  /** Undefined for a session that has expired, too. */
  find(ctx: Context, idHash: string): Promise<Session | undefined>;
  touch(ctx: Context, idHash: string, expiresAt: number): Promise<void>;
  remove(ctx: Context, idHash: string): Promise<void>;
  /** The newest first. */
  list(ctx: Context, account: string): Promise<readonly Session[]>;
  /** Answers how many there were. */
  removeOf(ctx: Context, account: string): Promise<number>;
  removeExpired(ctx: Context): Promise<number>;
}

/** What a token may be used for at most. */
export interface TokenScope {
  /** Names of logical clusters; all of them where there is none. */
  readonly clusters: readonly string[];
  readonly readOnly: boolean;
}

export interface Token extends TokenScope {
  /** What it is called where it is listed and ended; tells nothing of the token. */
  readonly id: string;
  readonly hash: string;
  readonly account: string;
  readonly name: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly lastUsed?: number;
}

export interface TokenStore {
  /** Adds it unless the account has `most` already; tells whether it did. Those that have expired do not count. */
  create(ctx: Context, token: Token, most: number): Promise<boolean>;
  /** Undefined for one that has expired, too. */
  find(ctx: Context, hash: string): Promise<Token | undefined>;
  touch(ctx: Context, hash: string): Promise<void>;
  /** The newest first. */
  list(ctx: Context, account: string): Promise<readonly Token[]>;
  /** All of an account, or the one of that id; answers how many there were. */
  removeOf(ctx: Context, account: string, id?: string): Promise<number>;
  removeExpired(ctx: Context): Promise<number>;
}

/** By which secret an invitation is accepted. */
export interface InvitationLink {
  readonly hash: string;
  /** Of the invitation. */
  readonly uid: string;
  readonly name: string;
  readonly expiresAt: number;
}

export interface InvitationLinkStore {
  /** In the place of an earlier one of the same invitation. */
  save(ctx: Context, link: InvitationLink): Promise<void>;
  /** Undefined for one that has expired, too. */
  find(ctx: Context, hash: string): Promise<InvitationLink | undefined>;
  /** The same, for one caller alone: it is gone then. */
  take(ctx: Context, hash: string): Promise<InvitationLink | undefined>;
  remove(ctx: Context, uid: string): Promise<void>;
  removeExpired(ctx: Context): Promise<number>;
}

/** Work that all servers of an installation do one after the other. */
export interface Exclusive {
  /** Waits for its turn; rejects as the work does. */
  run<T>(ctx: Context, work: () => Promise<T>): Promise<T>;
}

/** What people sign in with. None of it is an object: all of it holds secrets. */
export interface SignInStores {
  readonly accounts: AccountStore;
  readonly sessions: SessionStore;
  readonly tokens: TokenStore;
  readonly links: InvitationLinkStore;
  readonly exclusive: Exclusive;
  /** What other ways to sign in than a password keep. */
  readonly other: OtherSignInStores;
}
