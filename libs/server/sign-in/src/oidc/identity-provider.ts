import type { Context } from '@binnacle/machinery-context';

/** Which teams whoever the provider says to be in a group belongs to, while that sign-in lasts. */
export interface GroupMapping {
  readonly group: string;
  readonly teams: readonly string[];
}

/** An OpenID Connect provider people may sign in with, as the operator described it. */
export interface IdentityProvider {
  readonly name: string;
  /** What a page calls it. */
  readonly label: string;
  /** An https URL, to the letter what the provider calls itself. */
  readonly issuer: string;
  readonly clientId: string;
  /** Undefined for a public client. */
  readonly clientSecret?: string | undefined;
  /** Beside `openid`. */
  readonly scopes: readonly string[];
  /** PEM; the system's authorities without it. */
  readonly certificateAuthority?: string | undefined;
  /** The claim a new person is called by. */
  readonly usernameClaim: string;
  readonly groupsClaim: string;
  readonly groups: readonly GroupMapping[];
  /** Of e-mail addresses the provider has verified; all of them, and none, where there is no domain. */
  readonly allowedDomains: readonly string[];
  /** Whether somebody nobody here knows is made a User. */
  readonly createUsers: boolean;
}

/** The providers there are now. */
export interface IdentityProviders {
  list(ctx: Context): Promise<readonly IdentityProvider[]>;
}

export const findProvider = (providers: readonly IdentityProvider[], name: string): IdentityProvider | undefined =>
  providers.find((provider) => provider.name === name);
