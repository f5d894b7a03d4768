import 'reflect-metadata';
import { createPrivateKey, KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY = 24 * 60 * 60 * 1000;
const AUTHORITY_DAYS = 3650;
const LEAF_DAYS = 365;
/** A certificate that ends sooner is made anew at a start. */
export const RENEWED_BEFORE_MILLISECONDS = 30 * 24 * 60 * 60_000;

/** A certificate and its key, PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

export interface Subject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  /** DNS names and IP addresses a server answers to; none makes a client certificate only. */
  readonly hosts?: readonly string[];
}

function distinguishedName({ commonName, organizations = [] }: Subject): x509.JsonName {
  return [...organizations.map((name) => ({ O: [name] })), { CN: [commonName] }];
}

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

const privateKeyPem = (key: webcrypto.CryptoKey): string => asSec1(KeyObject.from(key));

const asSec1 = (key: KeyObject): string => key.export({ type: 'sec1', format: 'pem' }).toString();

/**
 * A key of an elliptic curve in the form that all clients and kube-apiserver read (`BEGIN EC PRIVATE KEY`): fabric8 knows no
 * other, and what an older version made has another.
 */
export function readableKey(pem: string): string {
  const key = createPrivateKey(pem);
  return key.asymmetricKeyType === 'ec' ? asSec1(key) : pem;
}

async function publicKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = await webcrypto.subtle.exportKey('spki', key);
  return `${x509.PemConverter.encode(bytes, 'PUBLIC KEY')}\n`;
}

const serialNumber = () => `00${randomBytes(8).toString('hex')}`;

/** A key pair for signing service account tokens: public and private key, PEM. */
export async function createSigningKey(): Promise<{ publicKey: string; privateKey: string }> {
  const keys = await generateKeys();
  return { publicKey: await publicKeyPem(keys.publicKey), privateKey: privateKeyPem(keys.privateKey) };
}

/** Makes the cluster's own certificate authority. `now` is milliseconds since the epoch. */
export async function createAuthority(commonName: string, now: number): Promise<KeyPair> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: distinguishedName({ commonName }),
    notBefore: new Date(now - DAY),
    notAfter: new Date(now + AUTHORITY_DAYS * DAY),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign | x509.KeyUsageFlags.digitalSignature,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: `${certificate.toString('pem')}\n`, key: privateKeyPem(keys.privateKey) };
}

function alternativeNames(hosts: readonly string[]): x509.SubjectAlternativeNameExtension {
  const isAddress = (host: string) => /^[\d.]+$/.test(host) || host.includes(':');
  return new x509.SubjectAlternativeNameExtension(
    hosts.map((value) => ({ type: isAddress(value) ? ('ip' as const) : ('dns' as const), value })),
  );
}

function usages(hosts: readonly string[]): x509.ExtendedKeyUsageExtension {
  const client = x509.ExtendedKeyUsage.clientAuth;
  return new x509.ExtendedKeyUsageExtension(hosts.length ? [x509.ExtendedKeyUsage.serverAuth, client] : [client]);
}

/** Issues a certificate for a component or a user, for a year unless another life is said, in milliseconds. */
export async function issue(
  authority: KeyPair,
  subject: Subject,
  now: number,
  life = LEAF_DAYS * DAY,
): Promise<KeyPair> {
  const issuer = new x509.X509Certificate(authority.certificate);
  const signingKey = await webcrypto.subtle.importKey(
    'pkcs8',
    createPrivateKey(authority.key).export({ type: 'pkcs8', format: 'der' }),
    ALGORITHM,
    false,
    ['sign'],
  );
  const keys = await generateKeys();
  const hosts = subject.hosts ?? [];
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: distinguishedName(subject),
    issuer: issuer.subject,
    notBefore: new Date(now - DAY),
    notAfter: new Date(now + life),
    signingAlgorithm: ALGORITHM,
    signingKey,
    publicKey: keys.publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      usages(hosts),
      ...(hosts.length ? [alternativeNames(hosts)] : []),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return { certificate: `${certificate.toString('pem')}\n`, key: privateKeyPem(keys.privateKey) };
}

/** Whether both can be read, the key is the certificate's, and the authority signed it. */
export function isPair({ certificate, key }: KeyPair, authority: string): boolean {
  try {
    const parsed = new X509Certificate(certificate);
    return parsed.checkPrivateKey(createPrivateKey(key)) && parsed.verify(new X509Certificate(authority).publicKey);
  } catch {
    return false;
  }
}

/** Whether a certificate says exactly that it is somebody; one of an older version may say another name or group. */
export function isOf(certificate: string, subject: Subject): boolean {
  const { subjectName } = new x509.X509Certificate(certificate);
  const sorted = (list: readonly string[]) => [...list].sort().join('\n');
  const { commonName, organizations = [] } = subject;
  return (
    sorted(subjectName.getField('CN')) === commonName && sorted(subjectName.getField('O')) === sorted(organizations)
  );
}

/** Whether a certificate is good for another month and names every host. */
export function isCurrent(certificate: string, subject: Subject, now: number): boolean {
  const parsed = new x509.X509Certificate(certificate);
  const names = parsed.getExtension(x509.SubjectAlternativeNameExtension)?.names.items.map((item) => item.value) ?? [];
  const covers = (subject.hosts ?? []).every((host) => names.includes(host));
  return covers && parsed.notAfter.getTime() > now + RENEWED_BEFORE_MILLISECONDS;
}
