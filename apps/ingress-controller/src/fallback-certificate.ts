import 'reflect-metadata';
import { KeyObject, randomBytes, webcrypto } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { Certificate } from '@binnacle/network-ingress';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY = 24 * 60 * 60 * 1000;
const DAYS = 365;
/** Nobody takes it for theirs. */
const NAME = 'ingress.invalid';

/** A certificate that nobody trusts, for names that nobody has another for. Its key is never written anywhere. */
export async function fallbackCertificate(now: number): Promise<Certificate> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: `00${randomBytes(8).toString('hex')}`,
    name: [{ O: ['Binnacle'] }, { CN: ['Ingress Controller Fallback Certificate'] }],
    notBefore: new Date(now - DAY),
    notAfter: new Date(now + DAYS * DAY),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: NAME }])],
  });
  const cert = `${made.toString('pem')}\n`;
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { cert, key, context: createSecureContext({ cert, key }), names: [NAME], expiresAt: now + DAYS * DAY };
}
