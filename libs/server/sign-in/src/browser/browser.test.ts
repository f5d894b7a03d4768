import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { Installation } from '@binnacle/server-auth';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextPath } from './next-path.js';
import { namedOrigin, PublicAddresses, relyingPartyOf } from './public-addresses.js';
import { SealedCookie } from './sealed-cookie.js';

describe('where to go next', () => {
  it.each(['/', '/c/main/pods?x=1#y', '/sign-in', '/authors', '/%2F%2Fevil'])('is %s', (path) => {
    expect(nextPath(path)).toBe(path);
  });

  it.each([
    undefined,
    null,
    '',
    'c/main',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/a/..//evil.example',
    '/./\\evil',
    'https://evil.example',
    'javascript:alert(1)',
    '/auth/logout',
    '/x/../auth/logout',
    '/api/v1',
    `/${'x'.repeat(1000)}`,
  ])('is never %j', (path) => expect(nextPath(path)).toBe('/'));

  it('is here, whatever is asked for', () => {
    const part = fc.oneof(fc.constantFrom('/', '\\', '.', '..', '//', ':', '@', '\t', '\n', '%2f'), fc.string());
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const next = nextPath(parts.join(''));
        expect(new URL(next, 'https://here.example').origin).toBe('https://here.example');
        expect(nextPath(next)).toBe(next);
      }),
    );
  });
});

describe('the address of a request', () => {
  const addresses = new PublicAddresses(['https://dash.example/', 'http://10.0.0.1:7080']);

  it.each<[string, boolean, string | undefined]>([
    ['dash.example', true, 'https://dash.example'],
    ['dash.example:443', true, 'https://dash.example'],
    ['dash.example', false, undefined],
    ['dash.example:8443', true, undefined],
    ['evil.example', true, undefined],
    ['10.0.0.1:7080', false, 'http://10.0.0.1:7080'],
    ['localhost:7080', false, 'http://localhost:7080'],
    ['lab.localhost', false, 'http://lab.localhost'],
    ['127.0.0.9:1', false, 'http://127.0.0.9:1'],
    ['[::1]:7080', false, 'http://[::1]:7080'],
    ['localhost.evil.example', true, undefined],
    ['localhost@evil.example', true, undefined],
    ['evil.example/localhost', true, undefined],
    ['', true, undefined],
  ])('%s over HTTPS %s is %s', (host, secure, origin) => expect(addresses.originOf(host, secure)).toBe(origin));

  it('has passkeys where it has a name', () => {
    const parties = ['https://dash.example', 'http://localhost:7080', 'http://127.0.0.1:7080', 'http://dash.example'];
    expect(parties.map(relyingPartyOf)).toEqual(['dash.example', 'localhost', undefined, undefined]);
    expect(['http://127.0.0.1:7080', 'http://10.0.0.1'].map(namedOrigin)).toEqual(['http://localhost:7080', undefined]);
  });
});

describe('a sealed cookie', () => {
  const clock = new FakeClock();
  const ctx = { clock, logger: silentLogger, signal: new AbortController().signal };
  const here = new Installation({ authority: 'a', secret: 's' });
  const options = { purpose: 'oidc', sameSite: 'Lax' as const, seconds: 600 };
  const cookie = new SealedCookie<{ state: string }>(here, options);
  const secure = { secure: true };
  const kept = (set: string) => ({ cookie: `a=b; ${set.split(';')[0]}; c=d` });

  it('comes back as it was set, to this installation and purpose alone', () => {
    const set = cookie.set(ctx, { state: 'x' }, secure);
    expect(set).toMatch(/^__Host-binnacle_oidc_\w{8}=[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=600$/);
    expect(cookie.open(ctx, kept(set), secure)).toEqual({ state: 'x' });
    const replica = new SealedCookie(new Installation({ authority: 'a', secret: 's' }), options);
    expect(replica.open(ctx, kept(set), secure)).toEqual({ state: 'x' });
    const elsewhere = new SealedCookie(new Installation({ authority: 'a', secret: 'other' }), options);
    expect(elsewhere.open(ctx, kept(set), secure)).toBeUndefined();
    const other = new SealedCookie(here, { ...options, purpose: 'passkey' });
    expect(other.open(ctx, { cookie: kept(set).cookie.replace('_oidc_', '_passkey_') }, secure)).toBeUndefined();
  });

  it('tells nothing, and lasts as long as it should', () => {
    const set = cookie.set(ctx, { state: 'secret state' }, secure);
    expect(Buffer.from(set.split(/[=;]/)[1] ?? '', 'base64url').toString('latin1')).not.toContain('secret');
    clock.step(599_000);
    expect(cookie.open(ctx, kept(set), secure)).toBeDefined();
    clock.step(1_000);
    expect(cookie.open(ctx, kept(set), secure)).toBeUndefined();
  });

  it('is not taken over HTTPS from who could set it without', () => {
    const set = cookie.set(ctx, { state: 'x' }, { secure: false });
    expect(cookie.open(ctx, kept(set), { secure: false })).toEqual({ state: 'x' });
    expect(cookie.open(ctx, kept(set), secure)).toBeUndefined();
  });

  it('is nothing where it was changed or made up', () => {
    const [, name = '', value = ''] = /^([^=]+)=([^;]+)/.exec(cookie.set(ctx, { state: 'x' }, secure)) ?? [];
    const flip = (at: number) => {
      const bytes = Buffer.from(value, 'base64url');
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return bytes.toString('base64url');
    };
    const length = Buffer.from(value, 'base64url').length;
    const changed = Array.from({ length }, (_, at) => flip(at));
    for (const made of [...changed, '', 'x', 'x'.repeat(5000), value.slice(0, 20)])
      expect(cookie.open(ctx, { cookie: `${name}=${made}` }, secure)).toBeUndefined();
    expect(cookie.open(ctx, {}, secure)).toBeUndefined();
    expect(cookie.clear(secure)).toContain('Max-Age=0');
  });
});
