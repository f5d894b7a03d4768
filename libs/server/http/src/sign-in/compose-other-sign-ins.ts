import type { Context } from '@binnacle/machinery-context';
import type { AuthenticationMethod, Installation } from '@binnacle/server-auth';
import type { ComposedPeople } from '@binnacle/server-people';
import { Allowance, type IdentityProviders, PublicAddresses, TerminalSessions } from '@binnacle/server-sign-in';
import type { SignInStores } from '@binnacle/server-storage';
import type { PathHandler } from '../paths/api-handler.js';
import { IdentitiesHandler } from './identities-handler.js';
import { MethodsHandler } from './methods-handler.js';
import { OidcHandler } from './oidc-handler.js';
import type { OtherSignInParts } from './other-sign-in-parts.js';
import { PasskeyHandler } from './passkey-handler.js';
import { TerminalHandler } from './terminal-handler.js';

const TEN_MINUTES = 10 * 60_000;
/** A school signs in from one address within minutes. */
const ATTEMPTS = { most: 300, milliseconds: TEN_MINUTES };
const TERMINALS = { most: 100, milliseconds: TEN_MINUTES };
const CODES = { most: 20, milliseconds: TEN_MINUTES };

export interface OtherSignInOptions {
  readonly people: ComposedPeople;
  readonly stores: SignInStores;
  readonly installation: Installation;
  readonly providers: IdentityProviders;
  /** Where the dashboard is reached. */
  readonly publicUrls: readonly string[];
  readonly reached: OtherSignInParts['reached'];
}

export interface ComposedOtherSignIns {
  readonly methods: readonly AuthenticationMethod[];
  readonly handlers: readonly PathHandler[];
}

/** The ways to sign in beside a password. */
export function composeOtherSignIns(ctx: Context, options: OtherSignInOptions): ComposedOtherSignIns {
  const { people, stores, installation, providers, publicUrls, reached } = options;
  const terminals = new TerminalSessions({
    web: people.sessions,
    people: people.people,
    sessions: stores.sessions,
    installation,
  });
  const parts: OtherSignInParts = {
    ...{ people, installation, providers, terminals, reached },
    accounts: stores.accounts,
    stores: stores.other,
    addresses: new PublicAddresses(publicUrls),
    allowances: {
      attempts: new Allowance(ctx.clock, ATTEMPTS),
      terminals: new Allowance(ctx.clock, TERMINALS),
      codes: new Allowance(ctx.clock, CODES),
    },
  };
  const handlers = [
    new MethodsHandler(parts),
    new OidcHandler(ctx, parts),
    new IdentitiesHandler(parts),
    new PasskeyHandler(parts),
    new TerminalHandler(parts),
  ];
  return { methods: [terminals], handlers };
}
