import { createPrivateKey } from 'node:crypto';
import type { Secret, ServiceAccount } from '@binnacle/apis-kubernetes/core/v1';
import { legacyClaims, tokenAlgorithm } from '@binnacle/apis-kubernetes/tokens';
import { SignJWT } from 'jose';

/** Makes the token that stands in a Secret and lives as long as that. */
export type SignLegacyToken = (account: ServiceAccount, secret: Secret) => Promise<string>;

/** `privateKey` is PEM, the same the API server believes; `cluster` is the logical cluster the tokens are for. */
export function legacyTokenSigner(privateKey: string, cluster: string): SignLegacyToken {
  const key = createPrivateKey(privateKey);
  return ({ metadata: account }, { metadata: { name = '', namespace = '' } }) => {
    const owner = { name: account.name ?? '', uid: account.uid ?? '' };
    const { issuer, subject, claims } = legacyClaims({ cluster, namespace, secret: name, serviceAccount: owner });
    return new SignJWT(claims)
      .setProtectedHeader({ alg: tokenAlgorithm(key) })
      .setIssuer(issuer)
      .setSubject(subject)
      .sign(key);
  };
}
