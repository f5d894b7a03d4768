import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import type {
  CertificateSigningRequest,
  CertificateSigningRequestSpec,
} from '@binnacle/apis-kubernetes/certificates/v1';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const generateKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** A certificate that signs others, and its key, PEM; it ends at a time in milliseconds. */
export async function testAuthority(ends: number): Promise<{ certificate: string; key: string }> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=authority',
    notBefore: new Date(0),
    notAfter: new Date(ends),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  const key = KeyObject.from(keys.privateKey).export({ type: 'sec1', format: 'pem' }).toString();
  return { certificate: certificate.toString('pem'), key };
}

/** A signed request as it stands in `spec.request`. */
export async function askedFor(name: x509.JsonName, names: x509.JsonGeneralNames = []): Promise<string> {
  const extensions = [
    // What nobody who asks may have.
    new x509.BasicConstraintsExtension(true, undefined, true),
    ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
  ];
  const keys = await generateKeys();
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name,
    keys,
    extensions,
    signingAlgorithm: ALGORITHM,
  });
  return base64(request.toString('pem'));
}

export const signingRequest = (name: string, spec: CertificateSigningRequestSpec): CertificateSigningRequest => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name },
  spec,
});
