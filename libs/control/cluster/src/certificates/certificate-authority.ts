import 'reflect-metadata';
import { createPrivateKey, type KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { TerminalError } from '@binnacle/client-controller';
import * as x509 from '@peculiar/x509';
import type { AskedCertificate } from './certificate-request.js';
import { usageExtensions } from './key-usages.js';
import { validityOf } from './validity.js';

/** What the API says about a certificate that is to be signed. */
export interface SigningTerms {
  readonly usages: readonly string[];
  readonly expirationSeconds?: number;
}

/** Signs a request, at a time in milliseconds since the epoch. Resolves with PEM. */
export type SignCertificate = (asked: AskedCertificate, terms: SigningTerms, now: number) => Promise<string>;

export interface AuthorityFiles {
  /** PEM of one certificate, and of its key. */
  readonly certificate: string;
  readonly key: string;
  /** The longest that a certificate lives, milliseconds. */
  readonly longest: number;
}

type SigningAlgorithm = { readonly name: string; readonly hash?: string; readonly namedCurve?: string };

const MASTERS = 'system:masters';

const CURVES: Readonly<Record<string, SigningAlgorithm>> = {
  prime256v1: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  secp384r1: { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
  secp521r1: { name: 'ECDSA', namedCurve: 'P-521', hash: 'SHA-512' },
};

function algorithmOf({ asymmetricKeyType: type, asymmetricKeyDetails }: KeyObject): SigningAlgorithm {
  if (type === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  if (type === 'ed25519') return { name: 'Ed25519' };
  const known = CURVES[asymmetricKeyDetails?.namedCurve ?? ''];
  if (!known) throw new Error(`a key of the type ${type ?? 'unknown'} signs no certificates`);
  return known;
}

/** As long as upstream's, and positive. */
const serialNumber = () => `00${randomBytes(16).toString('hex')}`;

function nameExtension({ names }: AskedCertificate): x509.Extension[] {
  return names.length > 0 ? [new x509.SubjectAlternativeNameExtension([...names])] : [];
}

async function extensionsOf(
  asked: AskedCertificate,
  usages: readonly string[],
  issuer: x509.X509Certificate,
): Promise<x509.Extension[]> {
  return [
    ...usageExtensions(usages),
    // Whatever was asked: nobody becomes an authority.
    new x509.BasicConstraintsExtension(false, undefined, true),
    await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ...nameExtension(asked),
  ];
}

const listOf = (value: string | string[] | undefined): string[] => [value ?? []].flat();

/**
 * Who a certificate makes somebody, as a server reads it whom it is shown; undefined where that is not what was asked for. Names
 * in old encodings are read differently by different readers, so that a check of the one says nothing of the other.
 */
function shownAs(certificate: string, { commonName, organizations }: AskedCertificate): readonly string[] | undefined {
  const { CN, O } = new X509Certificate(certificate).toLegacyObject().subject as Record<string, string | string[]>;
  const [names, groups] = [listOf(CN), listOf(O)];
  const isSame = names.length <= 1 && (names[0] ?? '') === commonName && groups.join('\n') === organizations.join('\n');
  return isSame ? groups : undefined;
}

/** Why a certificate that was signed must not be given out, whoever approved it. */
export function unfit(certificate: string, asked: AskedCertificate): string | undefined {
  const groups = shownAs(certificate, asked);
  if (!groups) return 'the subject is not read alike by all';
  return groups.includes(MASTERS) ? `a certificate of the group ${MASTERS} is not allowed` : undefined;
}

/** Of what a request asks for, subject, names and key are taken over, and nothing else. Throws for a key that signs nothing. */
export async function certificateAuthority({ certificate, key, longest }: AuthorityFiles): Promise<SignCertificate> {
  const issuer = new x509.X509Certificate(certificate);
  const privateKey = createPrivateKey(key);
  const signingAlgorithm = algorithmOf(privateKey);
  const der = privateKey.export({ type: 'pkcs8', format: 'der' });
  const signingKey = await webcrypto.subtle.importKey('pkcs8', der, signingAlgorithm, false, ['sign']);
  return async (asked, { usages, expirationSeconds }, now) => {
    if (!(await asked.isSigned())) throw new TerminalError('unable to verify certificate request signature');
    const { notBefore, notAfter } = validityOf(
      now,
      { longest, authorityEnds: issuer.notAfter.getTime() },
      expirationSeconds,
    );
    const signed = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: asked.subject,
      issuer: issuer.subjectName,
      notBefore: new Date(notBefore),
      notAfter: new Date(notAfter),
      signingAlgorithm,
      signingKey,
      publicKey: asked.publicKey,
      extensions: await extensionsOf(asked, usages, issuer),
    });
    return `${signed.toString('pem')}\n`;
  };
}
