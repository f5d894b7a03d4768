import type { Context } from '@binnacle/machinery-context';

/** Somebody who may sign in with a password. Times are milliseconds since the epoch. */
export interface Account {
  readonly name: string;
  readonly groups: readonly string[];
  /** The salted hash, in whatever form its maker gave it. */
  readonly scrypt: string;
}

export interface AccountStore {
  find(ctx: Context, name: string): Promise<Account | undefined>;
  list(ctx: Context): Promise<readonly Account[]>;
  /** Adds the account or replaces its groups and password. */
  save(ctx: Context, account: Account): Promise<void>;
  /** Adds all of them, only if there is no account yet; tells whether it did. Replicas may race. */
  saveFirst(ctx: Context, accounts: readonly Account[]): Promise<boolean>;
  remove(ctx: Context, name: string): Promise<void>;
}

export interface Session {
  /** A hash of the secret the browser holds; the secret itself is never stored. */
  readonly idHash: string;
  readonly account: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly lastSeen: number;
}

export interface SessionStore {
  create(ctx: Context, session: Session): Promise<void>;
  /** Undefined for a session that has expired, too. */
  find(ctx: Context, idHash: string): Promise<Session | undefined>;
  touch(ctx: Context, idHash: string, expiresAt: number): Promise<void>;
  remove(ctx: Context, idHash: string): Promise<void>;
  removeExpired(ctx: Context): Promise<number>;
}
