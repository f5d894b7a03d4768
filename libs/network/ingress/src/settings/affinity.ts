import type { CookieAffinity } from '../table/policy.js';
import type { Annotations } from './annotations.js';

const DEFAULT_NAME = 'INGRESSCOOKIE';
const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/;
const PATH = /^\/[\x21-\x3a\x3c-\x7e]*$/;
const DOMAIN = /^\.?[A-Za-z0-9.-]{1,253}$/;
const LONGEST_AGE = 2 ** 31 - 1;

/** How clients stay with their endpoint by a cookie. `path` is that of the rule. */
export function readAffinity(annotations: Annotations): CookieAffinity | undefined {
  const kind = annotations.oneOf('affinity', ['cookie']);
  annotations.oneOf('affinity-mode', ['balanced', 'persistent']);
  annotations.oneOf('affinity-canary-behavior', ['sticky', 'legacy']);
  const expires = annotations.whole('session-cookie-expires', 0, LONGEST_AGE);
  const maxAge = annotations.whole('session-cookie-max-age', 0, LONGEST_AGE) ?? expires;
  const domain = annotations.fitting('session-cookie-domain', DOMAIN, 'is no domain');
  const sameSite = annotations.oneOf('session-cookie-samesite', ['Strict', 'Lax', 'None']);
  annotations.flag('session-cookie-conditional-samesite-none', false);
  const affinity: CookieAffinity = {
    name: annotations.fitting('session-cookie-name', TOKEN, 'is no name of a cookie') ?? DEFAULT_NAME,
    path: annotations.fitting('session-cookie-path', PATH, 'is no path') ?? '/',
    changesOnFailure: annotations.flag('session-cookie-change-on-failure', false),
    ...(maxAge !== undefined && { maxAge }),
    ...(domain !== undefined && { domain }),
    ...(sameSite !== undefined && { sameSite }),
    ...(annotations.flag('session-cookie-secure', false) && { secure: true }),
  };
  return kind && affinity;
}
