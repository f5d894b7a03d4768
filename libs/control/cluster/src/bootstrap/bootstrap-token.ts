import type { Secret } from '@binnacle/apis-kubernetes/core/v1';
import { parseTime } from '@binnacle/machinery-meta';

/** The type of Secrets that hold a token by which a machine joins the cluster. They stand in `kube-system`. */
export const BOOTSTRAP_TOKEN_TYPE = 'bootstrap.kubernetes.io/token';
export const BOOTSTRAP_NAMESPACE = 'kube-system';

const NAME = /^bootstrap-token-([a-z0-9]{6})$/;

/** What stands under a key, as text; empty where nothing does. */
const textOf = ({ data }: Secret, key: string): string => Buffer.from(data?.[key] ?? '', 'base64').toString();

/** When a token ends, in milliseconds since the epoch: never is undefined, and a time nobody can read has passed. */
export function bootstrapTokenEnds(secret: Secret): number | undefined {
  const expiration = textOf(secret, 'expiration');
  return expiration === '' ? undefined : (parseTime(expiration) ?? 0);
}

export interface SigningToken {
  readonly id: string;
  readonly secret: string;
}

/** The token of a Secret, where it may sign; as kubernetes pkg/controller/bootstrap validateSecretForSigning. */
export function signingToken(secret: Secret, now: number): SigningToken | undefined {
  const id = NAME.exec(secret.metadata.name ?? '')?.[1];
  const token = textOf(secret, 'token-secret');
  const ends = bootstrapTokenEnds(secret);
  const signs = textOf(secret, 'usage-bootstrap-signing') === 'true';
  if (!id || id !== textOf(secret, 'token-id') || !token || !signs) return undefined;
  return ends !== undefined && ends <= now ? undefined : { id, secret: token };
}
