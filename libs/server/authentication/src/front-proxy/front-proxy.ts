import { X509Certificate } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Context } from '@binnacle/machinery-context';
import { newUnauthorized } from '@binnacle/machinery-meta';
import {
  type AuthenticationMethod,
  type ClientCertificate,
  type Credentials,
  headerText,
  headerTexts,
  keyInName,
  type UserInfo,
} from '@binnacle/server-auth';

/** A proxy in front of the API that has found out who asks, and who may be one. Names of headers are as they are sent. */
export interface FrontProxyOptions {
  /** PEM of the authorities of proxies' certificates. */
  readonly clientCa: string;
  /** Common names of proxies; all that the authorities sign, where there is none. */
  readonly allowedNames: readonly string[];
  readonly usernameHeaders: readonly string[];
  readonly uidHeaders: readonly string[];
  readonly groupHeaders: readonly string[];
  readonly extraHeaderPrefixes: readonly string[];
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** Throws where a text holds no certificate, or one that is none. */
export function certificatesIn(text: string): X509Certificate[] {
  const blocks = text.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) throw new Error('it holds no certificate');
  return blocks.map((block) => new X509Certificate(block));
}

/** Whether one of the authorities itself signed a certificate that was shown. */
export function isSignedBy(authorities: readonly X509Certificate[], raw: Buffer): boolean {
  const certificate = new X509Certificate(raw);
  return authorities.some((one) => certificate.checkIssued(one) && certificate.verify(one.publicKey));
}

function firstOf(headers: IncomingHttpHeaders, names: readonly string[]): string {
  for (const name of names) {
    const value = headerText(headers[name.toLowerCase()]);
    if (value) return value;
  }
  return '';
}

function extraOf(headers: IncomingHttpHeaders, prefixes: readonly string[]): Record<string, string[]> {
  const extra: Record<string, string[]> = {};
  for (const prefix of prefixes.map((one) => one.toLowerCase())) {
    for (const name of Object.keys(headers).filter((one) => one.startsWith(prefix))) {
      const key = keyInName(name.slice(prefix.length));
      extra[key] = [...(extra[key] ?? []), ...headerTexts(headers[name])];
    }
  }
  return extra;
}

/**
 * Believes what proxies say of who asks, which show a certificate of an authority of their own. Behaves as kubernetes apiserver
 * pkg/authentication/request/headerrequest.
 */
export class FrontProxyAuthentication implements AuthenticationMethod {
  private readonly authorities: readonly X509Certificate[];
  private readonly proxies = new WeakMap<ClientCertificate, boolean>();

  /** Throws where the authorities are none. */
  constructor(private readonly options: FrontProxyOptions) {
    this.authorities = certificatesIn(options.clientCa);
  }

  /** Whether a certificate is one of a proxy, and thereby of nobody who asks for themselves. */
  isProxy(certificate: ClientCertificate | undefined): boolean {
    if (!certificate?.authorized || !certificate.raw) return false;
    let known = this.proxies.get(certificate);
    if (known === undefined) this.proxies.set(certificate, (known = isSignedBy(this.authorities, certificate.raw)));
    return known;
  }

  authenticate({ logger }: Context, { headers, certificate }: Credentials): UserInfo | undefined {
    if (!certificate || !this.isProxy(certificate)) return undefined;
    const { allowedNames, usernameHeaders, uidHeaders, groupHeaders, extraHeaderPrefixes } = this.options;
    const name = firstOf(headers, usernameHeaders);
    if (name === '') return undefined;
    if (allowedNames.length > 0 && !allowedNames.includes(certificate.commonName)) {
      logger.debug('a proxy is not allowed', { proxy: certificate.commonName });
      throw newUnauthorized('Unauthorized');
    }
    const uid = firstOf(headers, uidHeaders);
    const groups = groupHeaders.flatMap((header) => headerTexts(headers[header.toLowerCase()]));
    const extra = extraOf(headers, extraHeaderPrefixes);
    const { expiresAt } = certificate;
    const more = { ...(uid && { uid }), ...(Object.keys(extra).length > 0 && { extra }) };
    return { name, groups, ...more, ...(expiresAt !== undefined && { expiresAt }) };
  }
}
