import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { Secret } from '@binnacle/apis-kubernetes/core/v1';
import type { TLSCertificateStatus } from '@binnacle/apis-kubernetes/tls-certificates/v1';
import { formatTime } from '@binnacle/machinery-meta';

const TLS_CERT = 'tls.crt';
const TLS_KEY = 'tls.key';
const MOST_NAMES = 100;

const bytesOf = ({ data }: Secret, key: string): Buffer => Buffer.from(data?.[key] ?? '', 'base64');

function namesOf({ subjectAltName = '', subject }: X509Certificate): string[] {
  const told = [...subjectAltName.matchAll(/DNS:([^,\s"]+)/g)].map(([, name = '']) => name);
  const common = /^CN=(.+)$/m.exec(subject ?? '')?.[1];
  const all = told.length > 0 ? told : common ? [common] : [];
  return all.slice(0, MOST_NAMES).map((name) => name.toLowerCase());
}

/** `C=DE, CN=shop`, of what stands in a line each. */
const inOneLine = (name: string | undefined): string => (name ?? '').split('\n').join(', ');

const timeOf = (text: string): string => formatTime(Date.parse(text));

function factsOf(certificate: X509Certificate, key: KeyObject): TLSCertificateStatus {
  return {
    subject: inOneLine(certificate.subject),
    issuer: inOneLine(certificate.issuer),
    names: namesOf(certificate),
    notBefore: timeOf(certificate.validFrom),
    notAfter: timeOf(certificate.validTo),
    keyFits: certificate.checkPrivateKey(key),
  };
}

/** What the certificate in a Secret says of itself: the first, where there is a chain. Nothing of the key but whether it fits. */
export function readCertificate(secret: Secret): TLSCertificateStatus {
  const [certificate, key] = [bytesOf(secret, TLS_CERT), bytesOf(secret, TLS_KEY)];
  if (certificate.length === 0) return { problem: 'NoCertificate' };
  if (key.length === 0) return { problem: 'NoKey' };
  try {
    return factsOf(new X509Certificate(certificate), createPrivateKey(key));
  } catch {
    // What is wrong with them may say what they are.
    return { problem: 'Unreadable' };
  }
}
