import { createLocalJWKSet, type JSONWebKeySet, type JWK, type JWTVerifyGetKey } from 'jose';
import { MOST_KEYS } from './key-bounds.js';

const isKey = (value: unknown): value is JWK =>
  typeof value === 'object' && value !== null && typeof (value as JWK).kty === 'string';

/** Only what verifies with a public key: a secret that an issuer publishes is none, and half of a key is all we want. */
const isPublic = ({ kty, d, k }: JWK): boolean => (kty === 'RSA' || kty === 'EC') && d === undefined && k === undefined;

/** The public keys of an issuer. Immutable. */
export class KeySet {
  private constructor(
    readonly getKey: JWTVerifyGetKey,
    private readonly text: string,
    readonly size: number,
  ) {}

  /** Throws where it is no set of keys, or too large a one. */
  static from(value: unknown): KeySet {
    const { keys } = (value ?? {}) as Partial<JSONWebKeySet>;
    if (!Array.isArray(keys)) throw new Error('the issuer answered no key set');
    if (keys.length > MOST_KEYS) throw new Error(`the issuer has more than ${MOST_KEYS} keys`);
    const found = keys.filter(isKey).filter(isPublic);
    return new KeySet(createLocalJWKSet({ keys: found }), JSON.stringify(found), found.length);
  }

  isSame(other: KeySet): boolean {
    return this.text === other.text;
  }
}
