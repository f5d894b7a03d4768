import { LONGEST_TOKEN } from '@binnacle/server-auth';

/** The algorithms that may be asked for: none with a shared secret, and not `none`. As upstream. */
export const SIGNING_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512'];

const DEEPEST = 32;
const PART = /^[\w-]+$/;

/** How deep brackets nest in JSON, without reading it. */
function depthOf(json: string): number {
  let [depth, deepest, isText] = [0, 0, false];
  for (let at = 0; at < json.length; at += 1) {
    const letter = json[at];
    if (isText) {
      if (letter === '\\') at += 1;
      else if (letter === '"') isText = false;
    } else if (letter === '"') isText = true;
    else if (letter === '{' || letter === '[') deepest = Math.max(deepest, (depth += 1));
    else if (letter === '}' || letter === ']') depth -= 1;
  }
  return deepest;
}

function readPart(part: string): Readonly<Record<string, unknown>> | undefined {
  if (!PART.test(part)) return undefined;
  const json = Buffer.from(part, 'base64url').toString();
  if (depthOf(json) > DEEPEST) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** What a token says of itself, whatever that is worth. */
export interface ClaimedToken {
  readonly algorithm: unknown;
  readonly issuer: unknown;
}

/** Undefined where it is no signed JWT in compact form, too long, or nested deeper than any claim. */
export function claimedOf(token: string): ClaimedToken | undefined {
  if (token.length > LONGEST_TOKEN) return undefined;
  const parts = token.split('.', 4);
  if (parts.length !== 3) return undefined;
  const [header, payload] = [readPart(parts[0] ?? ''), readPart(parts[1] ?? '')];
  if (!header || !payload) return undefined;
  // Google once said it without the scheme. Behaves as kubernetes apiserver plugin/pkg/authenticator/token/oidc untrustedIssuer.
  const issuer = payload.iss === 'accounts.google.com' ? 'https://accounts.google.com' : payload.iss;
  return { algorithm: header.alg, issuer };
}
