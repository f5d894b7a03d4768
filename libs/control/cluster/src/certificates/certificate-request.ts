import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import type { CertificateSigningRequest } from '@binnacle/apis-kubernetes/certificates/v1';
import { TerminalError } from '@binnacle/client-controller';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);

const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
/** The kinds of names that upstream takes over from a request; others are left out of the certificate. */
const NAME_TYPES = ['dns', 'ip', 'email', 'url'] as const;
export type NameType = (typeof NAME_TYPES)[number];

/** What somebody asks to have certified. Nothing in it is believed. */
export interface AskedCertificate {
  /** The last one that is given, as Go reads it; empty where there is none. */
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly names: readonly { readonly type: NameType; readonly value: string }[];
  readonly subject: x509.Name;
  readonly publicKey: x509.PublicKey;
  /** Whether who asks has the key that is to be certified. */
  isSigned(): Promise<boolean>;
}

const isNameType = (type: string): type is NameType => (NAME_TYPES as readonly string[]).includes(type);

function namesOf(request: x509.Pkcs10CertificateRequest): AskedCertificate['names'] {
  const extension = request.extensions.find(({ type }) => type === SUBJECT_ALTERNATIVE_NAME);
  if (!extension) return [];
  const { items } = new x509.SubjectAlternativeNameExtension(extension.rawData).names;
  return items.flatMap(({ type, value }) => (isNameType(type) ? [{ type, value }] : []));
}

/** Reads `spec.request`, base64 of PEM. Throws an Error where that is no request. */
export function readRequest(request: string): AskedCertificate {
  const [block] = x509.PemConverter.decodeWithHeaders(Buffer.from(request, 'base64').toString('latin1'));
  if (block?.type !== 'CERTIFICATE REQUEST') throw new Error('PEM block type must be CERTIFICATE REQUEST');
  const asked = new x509.Pkcs10CertificateRequest(block.rawData);
  const { subjectName: subject, publicKey } = asked;
  return {
    commonName: subject.getField('CN').at(-1) ?? '',
    organizations: subject.getField('O'),
    names: namesOf(asked),
    subject,
    publicKey,
    isSigned: () => asked.verify(),
  };
}

/** What a request of the API asks for. One that cannot be read never will be, so that is not tried again. */
export function readable({ spec }: CertificateSigningRequest): AskedCertificate {
  try {
    return readRequest(spec.request);
  } catch (error) {
    throw new TerminalError('unable to parse the request', { cause: error });
  }
}
