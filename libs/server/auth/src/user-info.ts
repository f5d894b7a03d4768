import type { Act } from './act.js';

/** What a credential may be used for at most, whatever whose it is may do. */
export interface CredentialScope {
  /** Names of logical clusters; all of them where there is none. */
  readonly clusters: readonly string[];
  readonly readOnly: boolean;
  /** Only to change one's password. */
  readonly passwordOnly?: boolean;
}

/** By which of their own credentials a person asks. Times are milliseconds since the epoch. */
export interface PersonalCredential {
  readonly kind: 'session' | 'token';
  /** What it is called where it is listed and ended. */
  readonly id: string;
  /** Of a session, where it is not used any more. */
  readonly expiresAt: number;
  /** When somebody signed in to the session in a browser; absent for every other credential. */
  readonly signedInAt?: number;
  /** Names of teams beside those the person is a member of, which a provider said, for as long as the session lasts. */
  readonly teams?: readonly string[];
}

/** Who makes requests as somebody else. */
export interface Impersonator {
  readonly user: UserInfo;
  /** What must be allowed to them for it, and stay so. */
  readonly acts: readonly Act[];
  /** The verb by which they are allowed it, where that is for certain acts only. */
  readonly constraint?: string;
  /** The mode of that, where each act has to be allowed when it is asked for. */
  readonly onEachAct?: string;
}

/** Who a request comes from, as authentication found out. */
export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  /** Absent where the credential is good for everything. Whoever is impersonated is bound by it too. */
  readonly scope?: CredentialScope;
  /** Set for a person who is not impersonated. */
  readonly credential?: PersonalCredential;
  /**
   * When what proves it is believed no more, however much it is used, in milliseconds since the epoch; what stands open ends with it.
   * Absent where it has no end.
   */
  readonly expiresAt?: number;
  /** Who really asks, where they ask as somebody else. */
  readonly impersonator?: Impersonator;
}

/** Which of several proofs of the same user it was. */
export const CREDENTIAL_ID = 'authentication.kubernetes.io/credential-id';

export const AUTHENTICATED_GROUP = 'system:authenticated';
export const UNAUTHENTICATED_GROUP = 'system:unauthenticated';
export const ANONYMOUS: UserInfo = { name: 'system:anonymous', groups: [UNAUTHENTICATED_GROUP] };
export const PRIVILEGED_GROUP = 'system:masters';

/** The same user, member of the group everybody who proved an identity belongs to. */
export function asAuthenticated(user: UserInfo): UserInfo {
  return user.groups.includes(AUTHENTICATED_GROUP) ? user : { ...user, groups: [...user.groups, AUTHENTICATED_GROUP] };
}
