import type { Installation } from '@binnacle/server-auth';
import type { ComposedPeople } from '@binnacle/server-people';
import type { Allowance, IdentityProviders, PublicAddresses, TerminalSessions } from '@binnacle/server-sign-in';
import type { AccountStore, OtherSignInStores } from '@binnacle/server-storage';

/** What is tried from one address in a while, whether it comes to anything or not. */
export interface SignInAllowances {
  /** Sign-ins by a provider or a passkey. */
  readonly attempts: Allowance;
  /** Terminals that begin. */
  readonly terminals: Allowance;
  /** Codes of terminals that are wrong, of one person. */
  readonly codes: Allowance;
}

/** What the ways to sign in beside a password stand on. */
export interface OtherSignInParts {
  readonly people: ComposedPeople;
  readonly accounts: Pick<AccountStore, 'find'>;
  readonly stores: OtherSignInStores;
  readonly installation: Installation;
  readonly addresses: PublicAddresses;
  readonly providers: IdentityProviders;
  readonly terminals: TerminalSessions;
  readonly allowances: SignInAllowances;
  /** Where programs reach the API, and who vouches for it: kubectl shows no credential to the plain HTTP of the dashboard. */
  readonly reached: () => { readonly server: string; readonly authority: string };
}
