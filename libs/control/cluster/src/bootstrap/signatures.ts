import { createHmac } from 'node:crypto';
import type { SigningToken } from './bootstrap-token.js';

const CONTENT_KEY = 'kubeconfig';
const SIGNATURE_PREFIX = 'jws-kubeconfig-';

const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/**
 * A JWS by HS256 without the content, as RFC 7515 appendix F has it. Byte for byte as kubernetes cluster-bootstrap
 * ComputeDetachedSignature, since kubeadm compares the text.
 */
export function detachedSignature(content: string, { id, secret }: SigningToken): string {
  const header = base64url(JSON.stringify({ alg: 'HS256', kid: id }));
  const signature = createHmac('sha256', secret)
    .update(`${header}.${base64url(content)}`)
    .digest('base64url');
  return `${header}..${signature}`;
}

/** The data of `cluster-info` with a signature of each token and no others; undefined where it is so, or has nothing to sign. */
export function signedData(
  data: Readonly<Record<string, string>>,
  tokens: readonly SigningToken[],
): Record<string, string> | undefined {
  const content = data[CONTENT_KEY];
  if (content === undefined) return undefined;
  const rest = Object.entries(data).filter(([key]) => !key.startsWith(SIGNATURE_PREFIX));
  const signatures = tokens.map(
    (token) => [`${SIGNATURE_PREFIX}${token.id}`, detachedSignature(content, token)] as const,
  );
  const isSigned = Object.keys(data).length === rest.length + signatures.length;
  if (isSigned && signatures.every(([key, signature]) => data[key] === signature)) return undefined;
  return Object.fromEntries([...rest, ...signatures]);
}
