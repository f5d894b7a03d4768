import type { CookieAffinity } from '../table/policy.js';

/** The value of the first cookie of a name. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(/[;,]/) ?? []) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** The header by which a client is told its cookie. */
export function setCookie(affinity: CookieAffinity, value: string, secure: boolean): string {
  const { name, path, domain, maxAge, sameSite } = affinity;
  const attributes = [
    `Path=${path}`,
    ...(domain === undefined ? [] : [`Domain=${domain}`]),
    ...(maxAge === undefined ? [] : [`Max-Age=${maxAge}`]),
    ...(secure || affinity.secure ? ['Secure'] : []),
    'HttpOnly',
    ...(sameSite === undefined ? [] : [`SameSite=${sameSite}`]),
  ];
  return [`${name}=${value}`, ...attributes].join('; ');
}
