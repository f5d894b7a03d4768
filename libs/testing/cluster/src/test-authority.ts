import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
} as const;
const DAY = 24 * 60 * 60 * 1000;

/** A certificate and its key, PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

export interface Subject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  /** IP addresses and names of a server certificate. */
  readonly hosts?: readonly string[];
}

const serialNumber = () => `00${randomBytes(8).toString('hex')}`;
const generateKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
const nameOf = ({ commonName, organizations = [] }: Subject): x509.JsonName => [
  ...organizations.map((name) => ({ O: [name] })),
  { CN: [commonName] },
];

async function pem(key: webcrypto.CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
}

/** A request for a certificate, signed with the key beside it; both PEM. */
export async function requestCertificate(
  subject: Subject,
): Promise<{ readonly request: string; readonly key: string }> {
  const keys = await generateKeys();
  const name = nameOf(subject);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: ALGORITHM });
  return { request: `${request.toString('pem')}\n`, key: await pem(keys.privateKey) };
}

/** A certificate authority that lives as long as one test cluster. */
export class TestAuthority {
  private constructor(
    private readonly authority: x509.X509Certificate,
    private readonly keys: webcrypto.CryptoKeyPair,
    private readonly validity: { notBefore: Date; notAfter: Date },
  ) {}

  static async create(now: number): Promise<TestAuthority> {
    const keys = await generateKeys();
    const validity = { notBefore: new Date(now - DAY), notAfter: new Date(now + DAY) };
    const authority = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serialNumber(),
      name: nameOf({ commonName: 'binnacle-test-ca' }),
      ...validity,
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return new TestAuthority(authority, keys, validity);
  }

  get certificate(): string {
    return `${this.authority.toString('pem')}\n`;
  }

  /** PEM, for those who sign beside this. */
  key(): Promise<string> {
    return pem(this.keys.privateKey);
  }

  /** With a key of an elliptic curve unless it is said. */
  async issue(subject: Subject, kind: 'EC' | 'RSA' = 'EC'): Promise<KeyPair> {
    const keys =
      kind === 'EC' ? await generateKeys() : await webcrypto.subtle.generateKey(RSA, true, ['sign', 'verify']);
    const { hosts = [] } = subject;
    const usage = hosts.length > 0 ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth;
    const names = hosts.map((value) => ({ type: /^[\d.]+$/.test(value) ? ('ip' as const) : ('dns' as const), value }));
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: new x509.Name(nameOf(subject)),
      issuer: this.authority.subject,
      ...this.validity,
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: this.keys.privateKey,
      extensions: [
        new x509.BasicConstraintsExtension(false),
        new x509.ExtendedKeyUsageExtension([usage]),
        ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
        await x509.AuthorityKeyIdentifierExtension.create(this.authority),
      ],
    });
    return { certificate: `${certificate.toString('pem')}\n`, key: await pem(keys.privateKey) };
  }
}
