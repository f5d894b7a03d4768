import type { Context, Soon } from '@binnacle/machinery-context';
import type { Account } from '@binnacle/server-storage';
import type { CredentialScope, PersonalCredential, UserInfo } from '../user-info.js';

/** Somebody who may sign in, as they are now. Another object where any of it has changed. */
export interface Person {
  readonly name: string;
  /** Of the User. */
  readonly uid: string;
  readonly displayName: string;
  readonly groups: readonly string[];
  /** Differs after sessions or tokens were taken away: what is remembered of them does not hold. */
  readonly revoked: string;
}

/** Who there is. */
export interface People {
  /** Grows whenever credentials of anybody were taken away, as far as this server knows. */
  readonly revocations: number;
  /** Undefined for who is not there or is disabled, as of the newest change this server knows of. */
  find(ctx: Context, name: string): Soon<Person | undefined>;
  /** The person of an account whose password was right; one of an older release becomes a User by this. */
  ofAccount(ctx: Context, account: Account): Promise<Person | undefined>;
  /** Somebody has signed in. What goes wrong with noting it is nobody's business. */
  signedIn(ctx: Context, person: Person): Promise<void>;
}

/** A credential that was looked up, and of whom. */
export interface KnownCredential {
  readonly account: string;
  /** Of the User that it was given to. */
  readonly uid: string;
  /** Groups of an older release, which knew no teams. */
  readonly groups: readonly string[];
  readonly credential: PersonalCredential;
  /** However much it is used; milliseconds since the epoch. */
  readonly endsAt: number;
  readonly scope?: CredentialScope;
}

/** The user that a person is to authorization. Who may only change their password belongs to nothing. */
export function userOf(
  person: Person,
  { groups, credential, endsAt, scope }: Omit<KnownCredential, 'account' | 'uid'>,
): UserInfo {
  const { name, uid } = person;
  const held = scope?.passwordOnly ? [] : [...new Set([...person.groups, ...groups])];
  return { name, uid, groups: held, credential, expiresAt: endsAt, ...(scope && { scope }) };
}
