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
