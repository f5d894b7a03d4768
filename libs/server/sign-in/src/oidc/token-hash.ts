import { createHash, timingSafeEqual } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';

/** By the algorithm the token is signed with, as OpenID Connect Core 3.1.3.6 says. */
function digestOf(algorithm: string): string {
  const bits = /(256|384|512)$/.exec(algorithm)?.[1];
  return `sha${bits ?? '512'}`;
}

/** Whether an ID token was made together with an access token. One that says nothing of it does not contradict. */
export function matchesAccessToken(idToken: string, hash: unknown, accessToken: string): boolean {
  if (hash === undefined) return true;
  if (typeof hash !== 'string') return false;
  const { alg = '' } = decodeProtectedHeader(idToken);
  const digest = createHash(digestOf(alg)).update(accessToken).digest();
  const [right, said] = [digest.subarray(0, digest.length / 2), Buffer.from(hash, 'base64url')];
  return right.length === said.length && timingSafeEqual(right, said);
}
