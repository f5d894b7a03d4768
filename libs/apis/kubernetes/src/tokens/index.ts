/** The type of Secrets that hold a service account's token, and what they say of the account. */
export const TOKEN_SECRET_TYPE = 'kubernetes.io/service-account-token';
export const ACCOUNT_NAME_ANNOTATION = 'kubernetes.io/service-account.name';
export const ACCOUNT_UID_ANNOTATION = 'kubernetes.io/service-account.uid';

/** Issuer of tokens that stand in Secrets. They have no audience and no end; they live as long as their Secret. */
export const LEGACY_ISSUER = 'kubernetes/serviceaccount';
/** The logical cluster a token is for: a fork has the same accounts under the same uids. */
export const CLUSTER_CLAIM = 'binnacle.dev/cluster';

const NAMESPACE = 'kubernetes.io/serviceaccount/namespace';
const SECRET_NAME = 'kubernetes.io/serviceaccount/secret.name';
const ACCOUNT_NAME = 'kubernetes.io/serviceaccount/service-account.name';
const ACCOUNT_UID = 'kubernetes.io/serviceaccount/service-account.uid';

/** `system:serviceaccount:<namespace>:<name>`. */
export function serviceAccountUser(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

/** As much of a key as tells what it signs by. */
interface SigningKey {
  readonly asymmetricKeyType?: string | undefined;
  readonly asymmetricKeyDetails?: { readonly namedCurve?: string | undefined } | undefined;
}

/** The JWS algorithm of service accounts' tokens that a key signs: whoever makes and whoever reads them must mean the same. */
export function tokenAlgorithm({ asymmetricKeyType, asymmetricKeyDetails }: SigningKey): string {
  if (asymmetricKeyType === 'rsa') return 'RS256';
  return asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'ES384' : 'ES256';
}

/** What a token in a Secret says. */
export interface LegacyToken {
  readonly cluster: string;
  readonly namespace: string;
  /** Name of the Secret it stands in. */
  readonly secret: string;
  readonly serviceAccount: { readonly name: string; readonly uid: string };
}

/** The claims of such a token. Behaves as kubernetes pkg/serviceaccount LegacyClaims. */
export function legacyClaims({ cluster, namespace, secret, serviceAccount: { name, uid } }: LegacyToken): {
  readonly issuer: string;
  readonly subject: string;
  readonly claims: Readonly<Record<string, string>>;
} {
  const claims = {
    [NAMESPACE]: namespace,
    [SECRET_NAME]: secret,
    [ACCOUNT_NAME]: name,
    [ACCOUNT_UID]: uid,
    [CLUSTER_CLAIM]: cluster,
  };
  return { issuer: LEGACY_ISSUER, subject: serviceAccountUser(namespace, name), claims };
}

/** Reads the claims of a token whose signature holds; undefined where one is missing or they contradict each other. */
export function readLegacyClaims(payload: Readonly<Record<string, unknown>>): LegacyToken | undefined {
  const text = (claim: string): string => (typeof payload[claim] === 'string' ? payload[claim] : '');
  const [namespace, secret, name, uid] = [NAMESPACE, SECRET_NAME, ACCOUNT_NAME, ACCOUNT_UID].map(text);
  const cluster = text(CLUSTER_CLAIM);
  if (!namespace || !secret || !name || !uid || !cluster) return undefined;
  if (payload.sub !== serviceAccountUser(namespace, name)) return undefined;
  return { cluster, namespace, secret, serviceAccount: { name, uid } };
}

export {
  dayBegins,
  dayOf,
  LABEL_TOKEN_INVALID_SINCE,
  LABEL_TOKEN_LAST_USED,
  TOKEN_TRACKING_CONFIG_MAP,
  TOKEN_TRACKING_SINCE,
} from './use.js';
