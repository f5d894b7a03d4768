import { X509Certificate } from 'node:crypto';
import { duplicate, type FieldError, type FieldPath, invalid, required } from '@binnacle/machinery-validation';
import type { IssuerSpec } from './authentication-configuration.js';

const MATCH_ANY = 'MatchAny';
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

function urlErrors(text: string, path: FieldPath): FieldError[] {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) return [invalid(path, text, 'it is no URL')];
  return [
    ...(url.protocol === 'https:' ? [] : [invalid(path, text, 'URL scheme must be https')]),
    ...(url.username || url.password ? [invalid(path, text, 'URL must not contain a username or password')] : []),
    ...(url.search ? [invalid(path, text, 'URL must not contain a query')] : []),
    ...(url.hash ? [invalid(path, text, 'URL must not contain a fragment')] : []),
  ];
}

function issuerUrlErrors(url: string, disallowed: readonly string[], path: FieldPath): FieldError[] {
  if (url === '') return [required(path)];
  const list = `[${[...disallowed].sort().join(' ')}]`;
  const taken = disallowed.includes(url)
    ? [invalid(path, url, `URL must not overlap with disallowed issuers: ${list}`)]
    : [];
  return [...taken, ...urlErrors(url, path)];
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

function discoveryErrors(discovery: string, url: string, path: FieldPath): FieldError[] {
  if (discovery === '') return [];
  const same = url !== '' && withoutSlash(url) === withoutSlash(discovery);
  return [
    ...(same ? [invalid(path, discovery, 'discoveryURL must be different from URL')] : []),
    ...urlErrors(discovery, path),
  ];
}

function audienceErrors(
  { audiences = [], audienceMatchPolicy: policy = '' }: IssuerSpec,
  path: FieldPath,
): FieldError[] {
  const at = path.child('audiences');
  if (audiences.length === 0) return [required(at, `at least one ${at} is required`)];
  const seen = new Set<string>();
  const errors = audiences.flatMap((audience, index) => {
    const again = seen.has(audience);
    seen.add(audience);
    const where = at.index(index);
    return [...(audience === '' ? [required(where)] : []), ...(again ? [duplicate(where, audience)] : [])];
  });
  if (policy === MATCH_ANY || (policy === '' && audiences.length === 1)) return errors;
  const only =
    audiences.length > 1 ? 'must be MatchAny for multiple audiences' : 'must be empty or MatchAny for single audience';
  return [...errors, invalid(path.child('audienceMatchPolicy'), policy, `audienceMatchPolicy ${only}`)];
}

function authorityErrors(text: string, path: FieldPath): FieldError[] {
  if (text === '') return [];
  try {
    const blocks = text.match(CERTIFICATE) ?? [];
    for (const block of blocks) new X509Certificate(block);
    if (blocks.length > 0) return [];
  } catch {
    // Told below, like no certificate at all.
  }
  return [invalid(path, '<omitted>', 'data does not contain any valid RSA or ECDSA certificates')];
}

function egressErrors(type: string, path: FieldPath): FieldError[] {
  if (type === '' || type === 'controlplane' || type === 'cluster') return [];
  return [invalid(path, type, 'egress selector must be either controlplane or cluster')];
}

/** Behaves as kubernetes apiserver pkg/apis/apiserver/validation validateIssuer. */
export function validateIssuer(issuer: IssuerSpec, disallowed: readonly string[], path: FieldPath): FieldError[] {
  const { url = '', discoveryURL = '', certificateAuthority = '', egressSelectorType = '' } = issuer;
  return [
    ...issuerUrlErrors(url, disallowed, path.child('url')),
    ...discoveryErrors(discoveryURL, url, path.child('discoveryURL')),
    ...audienceErrors(issuer, path),
    ...authorityErrors(certificateAuthority, path.child('certificateAuthority')),
    ...egressErrors(egressSelectorType, path.child('egressSelectorType')),
  ];
}
