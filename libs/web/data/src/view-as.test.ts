// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { canViewAs, impersonationHeaders, parseViewedAs } from './view-as.js';

const JANE = { user: 'jane', groups: ['team:crew', 'b'] };

describe('as whom a page looks', () => {
  test('is told in headers, as kubectl tells it', () => {
    expect(impersonationHeaders(undefined)).toEqual({});
    expect(impersonationHeaders({ user: 'jane', groups: [] })).toEqual({ 'impersonate-user': 'jane' });
    expect(impersonationHeaders(JANE)).toEqual({
      'impersonate-user': 'jane',
      'impersonate-group': 'team:crew, b',
    });
  });

  test('is read from what the tab keeps, and from nothing else', () => {
    expect(parseViewedAs(JSON.stringify(JANE))).toEqual(JANE);
    for (const text of [null, '', '{', '{}', '"jane"', '{"user":"jane"}', '{"user":"a\\nb","groups":[]}']) {
      expect(parseViewedAs(text), String(text)).toBeUndefined();
    }
  });

  test.each([
    [{ user: 'jane', groups: [] }, true],
    [{ user: 'jané', groups: ['team:é'] }, true],
    [{ user: '张三', groups: [] }, false],
    [{ user: 'a\r\nimpersonate-group: system:masters', groups: [] }, false],
    [{ user: '', groups: [] }, false],
    [{ user: 'jane', groups: ['a, system:masters'] }, false],
    [{ user: 'jane', groups: Array.from({ length: 65 }, (_, index) => `g${index}`) }, false],
  ])('%j can be told to a server: %s', (as, can) => {
    expect(canViewAs(as)).toBe(can);
  });
});

describe('a page', () => {
  beforeEach(() => {
    vi.resetModules();
    sessionStorage.setItem('binnacle.viewAs', JSON.stringify(JANE));
  });
  afterEach(() => {
    sessionStorage.clear();
    vi.resetModules();
    vi.unstubAllGlobals();
  });

  test('asks for all of it as the same person until it is loaded anew', async () => {
    const sent = vi.fn((_path: string, _init: RequestInit) => Promise.resolve(Response.json({})));
    vi.stubGlobal('fetch', sent);
    const { call } = await import('./http.js');
    const { keepViewedAs, viewedAs } = await import('./view-as.js');
    const headersOf = (at: number) => sent.mock.calls[at]?.[1].headers as Record<string, string>;
    await call('/api/v1/pods');
    expect(headersOf(0)).toMatchObject({ 'impersonate-user': 'jane', 'impersonate-group': 'team:crew, b' });
    // It is ended, and holds until nothing of the page is left.
    keepViewedAs(undefined);
    expect(sessionStorage.length).toBe(0);
    expect(viewedAs()).toEqual(JANE);
    await call('/api/v1/nodes');
    expect(headersOf(1)['impersonate-user']).toBe('jane');
  });

  test('signs in and out as oneself', async () => {
    const sent = vi.fn((_path: string, _init: RequestInit) => Promise.resolve(Response.json({})));
    vi.stubGlobal('fetch', sent);
    const { signOut } = await import('./session.js');
    await signOut();
    expect(sent.mock.calls[0]?.[1].headers).not.toHaveProperty('impersonate-user');
  });

  test('offers it to sockets, which take no headers', async () => {
    const { offeredProtocols } = await import('./streams/socket-url.js');
    const [spoken, as = ''] = offeredProtocols(['v5.channel.k8s.io']);
    expect(spoken).toBe('v5.channel.k8s.io');
    const text = as.replace('base64url.impersonate.binnacle.dev.', '');
    expect(JSON.parse(Buffer.from(text, 'base64url').toString())).toEqual(JANE);
  });
});

test('a page of oneself offers sockets nothing more', async () => {
  const { offeredProtocols } = await import('./streams/socket-url.js');
  expect(offeredProtocols(['a'])).toEqual(['a']);
});
