import type { Secret, ServiceAccount } from '@binnacle/apis-kubernetes/core/v1';
import { ACCOUNT_NAME_ANNOTATION, ACCOUNT_UID_ANNOTATION, TOKEN_SECRET_TYPE } from '@binnacle/apis-kubernetes/tokens';

/** The account a token Secret says it is of; the uid is there once a token was made. */
export interface TokenOwner {
  readonly name: string;
  readonly uid?: string;
}

export function tokenOwnerOf({ type, metadata }: Secret): TokenOwner | undefined {
  const { [ACCOUNT_NAME_ANNOTATION]: name, [ACCOUNT_UID_ANNOTATION]: uid } = metadata.annotations ?? {};
  if (type !== TOKEN_SECRET_TYPE || !name) return undefined;
  return { name, ...(uid && { uid }) };
}

/** What is still to be put into a token Secret. */
export interface MissingData {
  /** Base64, by key. */
  readonly data: Readonly<Record<string, string>>;
  readonly token: boolean;
}

/** Undefined where the Secret has everything. `ca` is PEM, empty where there is none to publish. */
export function missingData({ data = {}, metadata }: Secret, ca: string): MissingData | undefined {
  const wanted = { ...(ca && { 'ca.crt': btoa(ca) }), namespace: btoa(metadata.namespace ?? '') };
  const missing = Object.entries(wanted).filter(([key, value]) =>
    key === 'ca.crt' ? data[key] !== value : !data[key],
  );
  if (missing.length === 0 && data.token) return undefined;
  return { data: Object.fromEntries(missing), token: !data.token };
}

/** The Secret as it is to be written; `token` is a JWT. */
export function filledSecret(secret: Secret, account: ServiceAccount, data: Readonly<Record<string, string>>): Secret {
  const { name = '', uid = '' } = account.metadata;
  const annotations = {
    ...secret.metadata.annotations,
    [ACCOUNT_NAME_ANNOTATION]: name,
    [ACCOUNT_UID_ANNOTATION]: uid,
  };
  return { ...secret, metadata: { ...secret.metadata, annotations }, data: { ...secret.data, ...data } };
}
