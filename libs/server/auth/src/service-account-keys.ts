import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { tokenAlgorithm } from '@binnacle/apis-kubernetes/tokens';

/** PEM. Each text of public keys may hold several. */
export interface ServiceAccountKeyTexts {
  readonly signingKey: string;
  /** By which tokens are read, beside the signing key's own. */
  readonly publicKeys?: readonly string[];
}

/** A public key as RFC 7517 writes it. */
export interface PublishedKey {
  readonly alg: string;
  readonly [member: string]: unknown;
}

interface NamedKey {
  readonly key: KeyObject;
  readonly id: string;
  readonly algorithm: string;
}

const BLOCK = /-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----/g;
/** More keys are nobody's rotation. */
const MOST_KEYS = 32;

/** As upstream names a key: by the hash of its public half. */
const keyId = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64url');

const named = (key: KeyObject): NamedKey => ({ key, id: keyId(key), algorithm: tokenAlgorithm(key) });

/** All the keys of a PEM text; private keys count as their public halves. Throws for a block that is no key, or where there is none. */
function publicKeysOf(text: string): NamedKey[] {
  const blocks = text.match(BLOCK) ?? [];
  if (blocks.length === 0) throw new Error('data does not contain any valid RSA or ECDSA public keys');
  return blocks.map((block) => named(createPublicKey(block)));
}

/** The keys of service accounts' tokens: one signs, all of them read. Immutable; other keys make another one. */
export class ServiceAccountKeys {
  readonly signing: NamedKey & { readonly privateKey: KeyObject };
  private readonly byId: ReadonlyMap<string, NamedKey>;

  /** Throws where a text holds no keys, or too many. */
  constructor({ signingKey, publicKeys = [] }: ServiceAccountKeyTexts) {
    const privateKey = createPrivateKey(signingKey);
    this.signing = { ...named(createPublicKey(privateKey)), privateKey };
    const all = [this.signing, ...publicKeys.flatMap(publicKeysOf)];
    if (all.length > MOST_KEYS) throw new Error(`there are more than ${MOST_KEYS} keys of service accounts' tokens`);
    this.byId = new Map(all.map((key) => [key.id, key]));
  }

  /**
   * The keys that may have signed a token of that header: the one it names, or each where it names none that there is. A key is
   * never tried with an algorithm it is not made for.
   */
  candidates({ kid, alg }: { readonly kid?: string | undefined; readonly alg?: string | undefined }): KeyObject[] {
    const one = kid === undefined ? undefined : this.byId.get(kid);
    const tried = one ? [one] : [...this.byId.values()];
    return tried.filter(({ algorithm }) => algorithm === alg).map(({ key }) => key);
  }

  has(id: string): boolean {
    return this.byId.has(id);
  }

  /** As others may read them. */
  get jsonWebKeys(): PublishedKey[] {
    return [...this.byId.values()].map(({ key, id, algorithm }) => {
      const { kty, crv, ...members } = key.export({ format: 'jwk' });
      return { use: 'sig', kty, kid: id, ...(crv && { crv }), alg: algorithm, ...members };
    });
  }

  /** The same keys for reading as another, and this one's for signing. */
  isSame(other: ServiceAccountKeys): boolean {
    const ids = (keys: ServiceAccountKeys) => [keys.signing.id, ...keys.byId.keys()].join();
    return ids(this) === ids(other);
  }
}
