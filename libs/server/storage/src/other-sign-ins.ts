import type { Context } from '@binnacle/machinery-context';

/** A person, so that what belonged to somebody of the same name before does not become theirs. */
export interface PersonKey {
  /** Of the account. */
  readonly account: string;
  /** Of the User. */
  readonly uid: string;
}

/** Who a person is to an OpenID Connect provider. Times are milliseconds since the epoch. */
export interface LinkedIdentity extends PersonKey {
  readonly id: string;
  readonly issuer: string;
  readonly subject: string;
  /** The name of the provider it was linked by. */
  readonly provider: string;
  readonly email?: string | undefined;
  readonly linkedAt: number;
  readonly lastUsedAt?: number | undefined;
}

export interface IdentityStore {
  find(ctx: Context, issuer: string, subject: string): Promise<LinkedIdentity | undefined>;
  listOf(ctx: Context, person: PersonKey): Promise<readonly LinkedIdentity[]>;
  /** False where somebody has it; who is another of the same name has not. */
  add(ctx: Context, identity: LinkedIdentity): Promise<boolean>;
  markUsed(ctx: Context, id: string, email: string | undefined): Promise<void>;
  /** All of somebody, or the one of that id; answers how many there were. */
  removeOf(ctx: Context, person: PersonKey, id?: string): Promise<number>;
}

/** A public key that a person's device or password manager signs with. */
export interface Passkey extends PersonKey {
  /** As the authenticator names it, base64url. */
  readonly id: string;
  /** What its owner calls it. */
  readonly name: string;
  /** The host name it is bound to. */
  readonly relyingParty: string;
  /** COSE, base64url. */
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: readonly string[];
  /** Whether it is kept in more than one place. */
  readonly backedUp: boolean;
  /** It may have been copied: its counter went back. It signs nobody in any more. */
  readonly suspect: boolean;
  /** What its authenticator calls its person, base64url; absent for one of an older release. */
  readonly handle?: string | undefined;
  readonly createdAt: number;
  readonly lastUsedAt?: number | undefined;
}

export interface PasskeyUse {
  readonly counter: number;
  readonly backedUp: boolean;
}

export interface PasskeyStore {
  find(ctx: Context, id: string): Promise<Passkey | undefined>;
  listOf(ctx: Context, person: PersonKey): Promise<readonly Passkey[]>;
  /** False where there is one of that id, or the person has as many as there may be. */
  add(ctx: Context, passkey: Passkey, most: number): Promise<boolean>;
  /** False where its counter has got as far meanwhile. A counter of 0 counts nothing. */
  markUsed(ctx: Context, id: string, use: PasskeyUse): Promise<boolean>;
  markSuspect(ctx: Context, id: string): Promise<void>;
  rename(ctx: Context, person: PersonKey, id: string, name: string): Promise<boolean>;
  /** All of somebody, or the one of that id; answers how many there were. */
  removeOf(ctx: Context, person: PersonKey, id?: string): Promise<number>;
}

/** What holds once, whichever server it is shown to. */
export interface OneTimeStore {
  /** False where it was taken before. */
  take(ctx: Context, mark: string, expiresAt: number): Promise<boolean>;
  removeExpired(ctx: Context): Promise<number>;
}

export type TerminalState = 'pending' | 'approved' | 'denied';

/** A terminal that waits for somebody to say in a browser that it is theirs. */
export interface TerminalRequest {
  /** Of the secret the terminal holds; never the secret. */
  readonly codeHash: string;
  readonly userCodeHash: string;
  /** What it says it is. */
  readonly client: string;
  /** Where it asked from. */
  readonly address: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly state: TerminalState;
  /** Set once somebody has approved. */
  readonly person?: PersonKey | undefined;
  /** Teams beside those the person is a member of, which the sign-in they approved with gave them. */
  readonly teams?: readonly string[] | undefined;
}

export type TerminalPoll = TerminalRequest & {
  /** When it asked before. */
  readonly polledAt: number | undefined;
};

export interface TerminalRequestStore {
  /** False where too many wait already, or there is one with that code. */
  add(ctx: Context, request: TerminalRequest, most: number): Promise<boolean>;
  findByUserCode(ctx: Context, userCodeHash: string): Promise<TerminalRequest | undefined>;
  /** Settles one that is pending, once. */
  settle(
    ctx: Context,
    userCodeHash: string,
    outcome: Pick<TerminalRequest, 'person' | 'teams'> & { readonly state: 'approved' | 'denied' },
  ): Promise<boolean>;
  /** Writes down that its terminal asks, and answers what it is like. */
  poll(ctx: Context, codeHash: string): Promise<TerminalPoll | undefined>;
  /** Takes one that is approved; only one of those that ask at the same time gets it. */
  take(ctx: Context, codeHash: string): Promise<TerminalRequest | undefined>;
  /** Those that somebody has approved and no terminal has taken; answers how many there were. */
  removeOf(ctx: Context, person: PersonKey): Promise<number>;
  removeExpired(ctx: Context): Promise<number>;
}

/** Everything the ways to sign in beside a password keep. */
export interface OtherSignInStores {
  readonly identities: IdentityStore;
  readonly passkeys: PasskeyStore;
  readonly oneTime: OneTimeStore;
  readonly terminals: TerminalRequestStore;
}
