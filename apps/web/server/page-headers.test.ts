import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { contentSecurityPolicy, protectPage } from './page-headers.js';

const directive = (policy: string, name: string) =>
  policy.split('; ').find((part) => part.startsWith(`${name} `)) ?? '';

test('only scripts an answer names are run', () => {
  const scripts = directive(contentSecurityPolicy('abc', 'a:7080'), 'script-src');
  expect(scripts).toContain("'nonce-abc'");
  expect(scripts).not.toContain('unsafe');
});

test.each([
  ['a:7080', "connect-src 'self' ws://a:7080 wss://a:7080"],
  ['[::1]:80', "connect-src 'self' ws://[::1]:80 wss://[::1]:80"],
  ['a; script-src *', "connect-src 'self'"],
  [undefined, "connect-src 'self'"],
])('the sockets of %s are its own', (host, expected) => {
  expect(directive(contentSecurityPolicy('abc', host), 'connect-src')).toBe(expected);
});

test('each answer has a name of its own, which whoever writes it is told', () => {
  const answer = () => {
    const headers: Record<string, string> = {};
    const request = { headers: { host: 'a', 'x-nonce': 'forged' } };
    const response = { setHeader: (name: string, value: string) => void (headers[name] = value) };
    protectPage(request as unknown as IncomingMessage, response as unknown as ServerResponse);
    expect(headers['content-security-policy']).toContain(`'nonce-${request.headers['x-nonce']}'`);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
    return request.headers['x-nonce'];
  };
  expect(answer()).not.toBe(answer());
});
