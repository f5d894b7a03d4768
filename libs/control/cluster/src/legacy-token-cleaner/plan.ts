import type { Secret, ServiceAccount } from '@binnacle/apis-kubernetes/core/v1';
import {
  ACCOUNT_NAME_ANNOTATION,
  ACCOUNT_UID_ANNOTATION,
  dayBegins,
  dayOf,
  LABEL_TOKEN_INVALID_SINCE,
  LABEL_TOKEN_LAST_USED,
  TOKEN_SECRET_TYPE,
} from '@binnacle/apis-kubernetes/tokens';
import { parseTime } from '@binnacle/machinery-meta';

export const DAY = 86_400_000;

export interface TokenUse {
  /** The account of a name in the Secret's namespace. */
  account(namespace: string, name: string): ServiceAccount | undefined;
  /** Whether a Pod of the namespace has the Secret. */
  isMounted(namespace: string, secret: string): boolean;
}

export interface TokenTerms {
  readonly now: number;
  /** Milliseconds without use after which a token is not believed any more, and again after which it is deleted. */
  readonly unusedFor: number;
}

export type TokenAct = { readonly kind: 'invalidate'; readonly day: string } | { readonly kind: 'delete' };

/** Only what a controller of old made for an account is told by the account; others were made by hand and are left alone. */
function isGenerated({ metadata }: Secret, { account }: TokenUse): boolean {
  const { [ACCOUNT_NAME_ANNOTATION]: name, [ACCOUNT_UID_ANNOTATION]: uid } = metadata.annotations ?? {};
  const owner = name ? account(metadata.namespace ?? '', name) : undefined;
  if (!owner || (uid && uid !== owner.metadata.uid)) return false;
  return owner.secrets?.some((reference) => reference.name === metadata.name) ?? false;
}

/** Whether it was made or used since a time. What it says of its use and is no day is not taken for disuse. */
function isRecent({ metadata }: Secret, since: number): boolean {
  const made = parseTime(metadata.creationTimestamp);
  if (made === undefined || made >= since) return true;
  const used = metadata.labels?.[LABEL_TOKEN_LAST_USED];
  if (used === undefined) return false;
  return dayBegins(used) === undefined || used >= dayOf(since);
}

function isUnused(secret: Secret, use: TokenUse, since: number): boolean {
  const { metadata, type } = secret;
  if (type !== TOKEN_SECRET_TYPE || metadata.deletionTimestamp || isRecent(secret, since)) return false;
  return isGenerated(secret, use) && !use.isMounted(metadata.namespace ?? '', metadata.name ?? '');
}

/** What is to be done about a token, if anything. Behaves as kubernetes legacy_serviceaccount_token_cleaner.go. */
export function tokenAct(secret: Secret, use: TokenUse, { now, unusedFor }: TokenTerms): TokenAct | undefined {
  const since = now - unusedFor;
  if (!isUnused(secret, use, since)) return undefined;
  const invalid = secret.metadata.labels?.[LABEL_TOKEN_INVALID_SINCE] ?? '';
  if (dayBegins(invalid) === undefined) return { kind: 'invalidate', day: dayOf(now) };
  return invalid < dayOf(since) ? { kind: 'delete' } : undefined;
}

/** Whether it has been known long enough when tokens are used; `since` is the day it began. */
export function isTracked(since: string | undefined, { now, unusedFor }: TokenTerms): boolean {
  const began = dayBegins(since);
  return began !== undefined && now >= began + DAY + unusedFor;
}
