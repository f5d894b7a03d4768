import type { KubeObject } from '@binnacle/machinery-meta';

export interface UserSpec {
  displayName?: string;
  email?: string;
  /** Who is disabled cannot sign in; sessions and tokens end. */
  disabled?: boolean;
}

/** Written by the server alone. Nothing is decided by it. Times are RFC 3339. */
export interface UserStatus {
  lastSignIn?: string;
  /** The password was made up by somebody else: until it is changed nothing else can be done. */
  mustChangePassword?: boolean;
  /** When sessions, tokens or the password were taken away last. */
  credentialsRevoked?: string;
  /** How many passkeys there are. */
  passkeys?: number;
  /** Who it is to other systems, `<provider>:<subject>`. */
  identities?: string[];
}

/** A person. To authorization it is the user of this name. */
export interface User extends KubeObject {
  spec?: UserSpec;
  status?: UserStatus;
}

export interface TeamSpec {
  displayName?: string;
  /** Names of Users. */
  members?: string[];
}

/** People with the same rights. To authorization its members belong to the group `team:<name>`. */
export interface Team extends KubeObject {
  spec?: TeamSpec;
}

export interface InvitationSpec {
  displayName?: string;
  email?: string;
  /** Names of Teams that whoever accepts becomes a member of. */
  teams?: string[];
  /** RFC 3339. Seven days after it is made unless it says otherwise, thirty at the most. */
  expiresAt?: string;
}

export type InvitationPhase = 'Pending' | 'Accepted' | 'Expired';

/** Written by the server alone. */
export interface InvitationStatus {
  phase?: InvitationPhase;
  /** Name of the User who accepted. */
  acceptedBy?: string;
}

/** That somebody who has the secret link may become a User. */
export interface Invitation extends KubeObject {
  spec?: InvitationSpec;
  status?: InvitationStatus;
}

/** The key of a Secret of the cluster `root`. */
export interface SecretReference {
  namespace?: string;
  name?: string;
  /** `clientSecret` where it is absent. */
  key?: string;
}

/** Which teams whoever the provider says to be in a group belongs to, while that sign-in lasts. */
export interface GroupMapping {
  group?: string;
  teams?: string[];
}

export interface IdentityProviderSpec {
  displayName?: string;
  /** An https URL, to the letter what the provider calls itself. */
  issuer?: string;
  clientID?: string;
  /** Absent for a public client. */
  clientSecretRef?: SecretReference;
  /** Beside `openid`; `profile` and `email` where they are absent. */
  scopes?: string[];
  /** PEM; the system's authorities without it. */
  certificateAuthority?: string;
  /** What a new User is called by; `preferred_username` where it is absent. */
  usernameClaim?: string;
  /** `groups` where it is absent. */
  groupsClaim?: string;
  groups?: GroupMapping[];
  /** Of e-mail addresses the provider has verified. */
  allowedDomains?: string[];
  /** Whether somebody nobody here knows is made a User. */
  createUsers?: boolean;
  disabled?: boolean;
}

/** An OpenID Connect provider people may sign in with. */
export interface IdentityProvider extends KubeObject {
  spec?: IdentityProviderSpec;
}
