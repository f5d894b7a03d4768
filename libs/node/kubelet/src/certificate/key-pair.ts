import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';

/** A certificate, or a chain of them, and the key of the first; PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** Milliseconds since the epoch. */
export interface Lifetime {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** A key of its own for every certificate, PEM. */
export function newKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Throws for what is no certificate. */
export function lifetimeOf(certificate: string): Lifetime {
  const { validFrom, validTo } = new X509Certificate(certificate);
  return { notBefore: Date.parse(validFrom), notAfter: Date.parse(validTo) };
}

/** Whether both can be read and the key is the certificate's. */
export function isPair({ certificate, key }: KeyPair): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

/** Whether a pair is one, and holds at a time in milliseconds. */
export function holds(pair: KeyPair | undefined, now: number): pair is KeyPair {
  if (!pair || !isPair(pair)) return false;
  const { notBefore, notAfter } = lifetimeOf(pair.certificate);
  return notBefore <= now && now < notAfter;
}
