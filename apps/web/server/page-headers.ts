import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

/** What a host looks like that may be named in a policy. */
const HOST = /^(?:[\w.-]+|\[[\da-fA-F:]+\])(?::\d{1,5})?$/;

/** Not every browser counts the WebSockets of a page's own host as its own. */
function socketsOf(host: string | undefined): string {
  return host && HOST.test(host) ? ` ws://${host} wss://${host}` : '';
}

/** What a page may load and run: scripts that this very answer names, and what those load. */
export function contentSecurityPolicy(nonce: string, host: string | undefined): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    // Styles that code gives to elements, as virtual lists and the editor do, are inline.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    `connect-src 'self'${socketsOf(host)}`,
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Names the scripts of one answer; Next reads the name from the request and gives it to all it writes. */
export function protectPage(request: IncomingMessage, response: ServerResponse): void {
  const nonce = randomBytes(16).toString('base64');
  const policy = contentSecurityPolicy(nonce, request.headers.host);
  request.headers['content-security-policy'] = policy;
  request.headers['x-nonce'] = nonce;
  response.setHeader('content-security-policy', policy);
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
}
