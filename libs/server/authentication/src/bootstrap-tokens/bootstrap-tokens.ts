import { timingSafeEqual } from 'node:crypto';
import { type Context, type Soon, soon } from '@binnacle/machinery-context';
import { parseTime } from '@binnacle/machinery-meta';
import type { TokenAnswer, TokenAuthenticator, TokenScope } from '@binnacle/server-auth';

/** A Secret as far as it is asked about; values in base64. */
export interface TokenSecret {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly metadata: { readonly name?: string; readonly deletionTimestamp?: string };
}

/** Finds a Secret as it is known without asking the database: anybody may guess names. */
export interface SecretReader {
  secret(ctx: Context, cluster: string, namespace: string, name: string): Soon<TokenSecret | undefined>;
}

const TYPE = 'bootstrap.kubernetes.io/token';
const NAMESPACE = 'kube-system';
const TOKEN = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const GROUP = 'system:bootstrappers';
/** A token may only give groups of machines that join. */
const EXTRA_GROUP = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;

const textOf = ({ data }: TokenSecret, key: string): string => Buffer.from(data?.[key] ?? '', 'base64').toString();

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** When it ends, in milliseconds since the epoch; a time nobody can read has passed. Undefined where it has no end. */
function endOf(secret: TokenSecret): number | undefined {
  const expiration = textOf(secret, 'expiration');
  return expiration === '' ? undefined : (parseTime(expiration) ?? 0);
}

/** Undefined where one of them is none that a token may give. */
function groupsOf(secret: TokenSecret): string[] | undefined {
  const extra = textOf(secret, 'auth-extra-groups')
    .split(',')
    .map((group) => group.trim())
    .filter(Boolean);
  return extra.every((group) => EXTRA_GROUP.test(group)) ? [...new Set([GROUP, ...extra])] : undefined;
}

function isValid(secret: TokenSecret, id: string, key: string, now: number): boolean {
  return (
    secret.type === TYPE &&
    !secret.metadata.deletionTimestamp &&
    sameText(textOf(secret, 'token-secret'), key) &&
    textOf(secret, 'token-id') === id &&
    textOf(secret, 'usage-bootstrap-authentication') === 'true' &&
    (endOf(secret) ?? Infinity) > now
  );
}

/**
 * Believes the tokens by which machines join a cluster, of the cluster that is asked. Behaves as kubernetes
 * plugin/pkg/auth/authenticator/token/bootstrap.
 */
export class BootstrapTokens implements TokenAuthenticator {
  constructor(private readonly secrets: SecretReader) {}

  authenticateToken(ctx: Context, token: string, { cluster }: TokenScope): Soon<TokenAnswer | undefined> {
    const [, id, key] = TOKEN.exec(token) ?? [];
    if (id === undefined || key === undefined) return undefined;
    return soon(this.secrets.secret(ctx, cluster, NAMESPACE, `bootstrap-token-${id}`), (secret) => {
      if (!secret || !isValid(secret, id, key, ctx.clock.now())) return undefined;
      const [groups, expiresAt] = [groupsOf(secret), endOf(secret)];
      return groups && { user: { name: `system:bootstrap:${id}`, groups, ...(expiresAt && { expiresAt }) } };
    });
  }
}
