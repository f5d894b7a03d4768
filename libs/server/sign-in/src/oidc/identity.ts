import type { GroupMapping, IdentityProvider } from './identity-provider.js';
import { OidcRefusal } from './refusal.js';

/** Who somebody is to a provider. */
export interface OidcIdentity {
  readonly issuer: string;
  /** Never given to anybody else by the issuer; everything else may change hands. */
  readonly subject: string;
  readonly email?: string | undefined;
  /** Whether the provider has seen that mail arrives there. */
  readonly emailVerified: boolean;
  readonly displayName?: string | undefined;
  readonly username?: string | undefined;
  readonly groups: readonly string[];
}

export type Claims = Readonly<Record<string, unknown>>;

const LONGEST_SUBJECT = 255;
const LONGEST_TEXT = 200;
const MOST_GROUPS = 1_000;

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST_TEXT ? value : undefined;

/** One group may stand by itself. Too many of them are none: half of them would be anybody's guess. */
function groupsOf(value: unknown): string[] {
  const all = typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
  if (all.length > MOST_GROUPS) return [];
  return [...new Set(all.map(text).filter((group) => group !== undefined))];
}

/** @throws OidcRefusal where the claims name nobody */
export function identityOf(provider: IdentityProvider, claims: Claims): OidcIdentity {
  const { sub, email, email_verified: verified, name } = claims;
  if (typeof sub !== 'string' || sub === '' || sub.length > LONGEST_SUBJECT)
    throw new OidcRefusal('provider', 'the provider names no subject');
  return {
    issuer: provider.issuer,
    subject: sub,
    email: text(email),
    emailVerified: verified === true,
    displayName: text(name),
    username: text(claims[provider.usernameClaim]),
    groups: groupsOf(claims[provider.groupsClaim]),
  };
}

const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1).toLowerCase();

/** Whether the provider's word for an address is enough. @throws OidcRefusal */
export function checkDomain({ allowedDomains }: IdentityProvider, { email, emailVerified }: OidcIdentity): void {
  if (allowedDomains.length === 0) return;
  const isAllowed = emailVerified && email !== undefined && email.includes('@');
  if (isAllowed && allowedDomains.some((domain) => domain.toLowerCase() === domainOf(email))) return;
  throw new OidcRefusal('domain', 'an e-mail address of another domain is wanted');
}

/** The teams that groups of a provider stand for. */
export function teamsOf(mappings: readonly GroupMapping[], groups: readonly string[]): string[] {
  const teams = mappings.filter(({ group }) => groups.includes(group)).flatMap((mapping) => mapping.teams);
  return [...new Set(teams)];
}
