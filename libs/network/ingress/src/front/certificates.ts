import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Secret } from '@binnacle/apis-kubernetes/core/v1';
import { coversHost, wildcardsOf } from '../table/host-name.js';

/** A certificate with its key, ready to be shown. */
export interface Certificate {
  readonly context: SecureContext;
  /** As PEM. */
  readonly cert: Buffer | string;
  readonly key: Buffer | string;
  /** The names it is for, in lower case. */
  readonly names: readonly string[];
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

const TLS_CERT = 'tls.crt';
const TLS_KEY = 'tls.key';
const OLDEST = 'TLSv1.2';

const known = new WeakMap<Secret, Certificate | { readonly words: string }>();

function decoded(secret: Secret, key: string): Buffer | undefined {
  const value = secret.data?.[key];
  return value === undefined ? undefined : Buffer.from(value, 'base64');
}

function namesOf({ subjectAltName = '', subject }: X509Certificate): string[] {
  const names = [...subjectAltName.matchAll(/DNS:([^,\s"]+)/g)].map(([, name = '']) => name);
  const common = /^CN=(.+)$/m.exec(subject ?? '')?.[1];
  return (names.length > 0 ? names : common ? [common] : []).map((name) => name.toLowerCase());
}

function read(secret: Secret): Certificate | { readonly words: string } {
  const { namespace, name } = secret.metadata;
  const [cert, key] = [decoded(secret, TLS_CERT), decoded(secret, TLS_KEY)];
  if (!cert || !key) return { words: `the Secret ${namespace}/${name} has no ${cert ? TLS_KEY : TLS_CERT}` };
  try {
    const parsed = new X509Certificate(cert);
    const context = createSecureContext({ cert, key, minVersion: OLDEST });
    return { context, cert, key, names: namesOf(parsed), expiresAt: Date.parse(parsed.validTo) };
  } catch {
    // What is wrong with them may say what they are.
    return { words: `the certificate and key in the Secret ${namespace}/${name} cannot be used, or do not fit` };
  }
}

/** The certificate in a Secret, or what is wrong with it; read once, as long as it is the same object. */
export function certificateOf(secret: Secret): Certificate | { readonly words: string } {
  const before = known.get(secret);
  if (before) return before;
  const made = read(secret);
  known.set(secret, made);
  return made;
}

/** Which certificate is shown to who asks for which name. */
export class CertificateTable {
  private readonly known: ReadonlyMap<string, Certificate>;

  /** The first of a host counts; that of an empty one is shown where none is for a name. */
  constructor(certificates: readonly { readonly host: string; readonly certificate: Certificate }[]) {
    const known = new Map<string, Certificate>();
    for (const { host, certificate } of certificates) if (!known.has(host)) known.set(host, certificate);
    this.known = known;
  }

  /** Shown to who does not say what they ask for. */
  get unnamed(): Certificate | undefined {
    return this.known.get('') ?? [...this.known.values()][0];
  }

  find(serverName: string): Certificate | undefined {
    const name = serverName.toLowerCase().replace(/\.$/, '');
    const exact = this.known.get(name);
    if (exact) return exact;
    const wildcard = wildcardsOf(name).find((one) => this.known.has(one) && coversHost(one, name, 'any'));
    return this.known.get(wildcard ?? '');
  }
}
