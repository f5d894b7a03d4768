import { BlockList } from 'node:net';
import { describe, expect, test } from 'vitest';
import { facts, pathMatch, route } from '../testing/routes.js';
import { DEFAULT_POLICY, type CorsPolicy, type RoutePolicy } from '../table/policy.js';
import { PathTable, type Match } from '../table/path-table.js';
import { readTarget } from '../table/request-target.js';
import type { Action, PathChange, Redirect } from '../table/route.js';
import type { Arrival } from './arrival.js';
import { chooseTarget } from './choose.js';
import { corsHeaders } from './cors.js';
import { ownAnswer } from './decide.js';
import { upstreamTarget } from './rewriting.js';

interface Asked {
  readonly url?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly secure?: boolean;
  readonly port?: number;
  readonly client?: string;
  readonly bodyLength?: number;
}

function arrivalOf({
  url = '/',
  method = 'GET',
  headers = {},
  secure = false,
  port,
  client = '10.1.2.3',
  bodyLength = 0,
}: Asked): Arrival {
  const target = readTarget(url);
  if (!target) throw new Error('no target');
  const door = { secure, port: port ?? (secure ? 443 : 80), securePort: 443 };
  return {
    ...facts(url, { method, headers }),
    path: target.path,
    target,
    door,
    host: 'shop.example.com',
    authority: 'shop.example.com',
    client,
    bodyLength,
    headers: [],
    request: {} as never,
  };
}

const FORWARD: Action = { kind: 'forward', targets: [{ backend: 'web', weight: 1 }], canaries: [] };
const matchOf = (path: string, policy: Partial<RoutePolicy>, action: Action, asked: Arrival): Match => {
  const match = new PathTable([route('web', path, { policy, action })]).find(asked);
  if (!match) throw new Error('no match');
  return match;
};

function answer(asked: Asked, policy: Partial<RoutePolicy> = {}, action: Action = FORWARD, path = '/') {
  const arrival = arrivalOf(asked);
  return ownAnswer(arrival, matchOf(path, policy, action, arrival));
}
const location = (...args: Parameters<typeof answer>) =>
  answer(...args)?.headers.find(([name]) => name === 'location')?.[1];

test('what is to be sent on is not answered here', () => {
  expect(answer({})).toBeUndefined();
});

describe('plain requests', () => {
  test('are sent to https, with all that was asked for', () => {
    expect(answer({ url: '/a%20b?c' }, { httpsRedirect: 308 })).toMatchObject({ status: 308 });
    expect(location({ url: '/a%20b?c' }, { httpsRedirect: 308 })).toBe('https://shop.example.com/a%20b?c');
    expect(answer({ secure: true }, { httpsRedirect: 308 })).toBeUndefined();
  });

  test('to the port it is at', () => {
    const arrival = { ...arrivalOf({}), door: { secure: false, port: 20080, securePort: 20443 } };
    const match = matchOf('/', { httpsRedirect: 308 }, FORWARD, arrival);
    expect(ownAnswer(arrival, match)?.headers).toEqual([['location', 'https://shop.example.com:20443/']]);
  });
});

test('the root may be elsewhere', () => {
  expect(location({ url: '/' }, { appRoot: '/app' })).toBe('/app');
  expect(answer({ url: '/x' }, { appRoot: '/app' })).toBeUndefined();
});

describe('who may ask is looked at first', () => {
  const ranges = new BlockList();
  ranges.addSubnet('10.0.0.0', 8, 'ipv4');
  ranges.addSubnet('fd00::', 8, 'ipv6');

  test.each([
    ['10.1.2.3', undefined, 403],
    ['11.0.0.1', 403, undefined],
    ['fd12::1', undefined, 403],
    ['::1', 403, undefined],
  ])('%s', (client, allowed, denied) => {
    expect(answer({ client }, { sources: ranges })?.status).toBe(allowed);
    expect(answer({ client }, { deniedSources: ranges })?.status).toBe(denied);
  });
});

describe('a redirect leads', () => {
  const redirect = (more: Partial<Redirect>): Redirect => ({ kind: 'redirect', status: 302, ...more });

  test.each<[url: string, path: string, redirect: Partial<Redirect>, expected: string]>([
    ['/a?b', '/', { location: 'https://example.org/x' }, 'https://example.org/x'],
    ['/a?b', '/', { host: 'example.org' }, 'http://example.org/a?b'],
    ['/a', '/', { scheme: 'https' }, 'https://shop.example.com/a'],
    ['/a', '/', { scheme: 'http' }, 'http://shop.example.com/a'],
    ['/a', '/', { port: 8443, scheme: 'https' }, 'https://shop.example.com:8443/a'],
    ['/a', '/', { port: 80 }, 'http://shop.example.com/a'],
    ['/old/a?b', '/old', { path: { kind: 'prefix', path: '/new' } }, 'http://shop.example.com/new/a?b'],
    ['/old/a', '/old', { path: { kind: 'full', path: '/there' } }, 'http://shop.example.com/there'],
  ])('%s of %s with %j to %s', (url, path, more, expected) => {
    expect(location({ url }, {}, redirect(more), path)).toBe(expected);
  });

  test('from another port to that port, unless a scheme is said', () => {
    expect(location({ url: '/a', port: 8080 }, {}, redirect({ host: 'example.org' }))).toBe(
      'http://example.org:8080/a',
    );
    expect(location({ url: '/a', port: 8080 }, {}, redirect({ scheme: 'https' }))).toBe('https://shop.example.com/a');
  });
});

test('a body that says it is too large is refused before it comes', () => {
  expect(answer({ bodyLength: 11 }, { bodyLimit: 10 })).toMatchObject({ status: 413 });
  expect(answer({ bodyLength: 11 }, { bodyLimit: 0 })).toBeUndefined();
});

describe('a path is sent on', () => {
  test.each<[url: string, path: string, change: PathChange | undefined, expected: string]>([
    ['/a%2Fb//c?d', '/', undefined, '/a%2Fb//c?d'],
    ['/foo/bar', '/foo', { kind: 'prefix', path: '/xyz' }, '/xyz/bar'],
    ['/foo/bar', '/foo', { kind: 'prefix', path: '/xyz/' }, '/xyz/bar'],
    ['/foo', '/foo', { kind: 'prefix', path: '/xyz' }, '/xyz'],
    ['/foo/', '/foo', { kind: 'prefix', path: '/xyz' }, '/xyz/'],
    ['/foo/bar', '/foo', { kind: 'prefix', path: '' }, '/bar'],
    ['/foo/', '/foo', { kind: 'prefix', path: '' }, '/'],
    ['/foo', '/foo', { kind: 'prefix', path: '/' }, '/'],
    ['/foo/bar', '/', { kind: 'prefix', path: '/xyz' }, '/xyz/foo/bar'],
    ['/foo/a b?c'.replace(' ', '%20'), '/foo', { kind: 'prefix', path: '/x' }, '/x/a%20b?c'],
    ['/foo?c', '/foo', { kind: 'full', path: '/one/two' }, '/one/two?c'],
    ['/app/x/y?q', '~ /app(/|$)(.*)', { kind: 'template', path: '/$2' }, '/x/y?q'],
    ['/app', '~ /app(/|$)(.*)', { kind: 'template', path: '/$2' }, '/'],
    ['/app/%C3%BC', '~ /app/(.*)', { kind: 'template', path: '/new/$1' }, '/new/%C3%BC'],
    ['/app/x?b=2', '~ /app/(.*)', { kind: 'template', path: '/get?name=$1' }, '/get?name=$1&b=2'],
    ['/app/x', '~ /app/(.*)', { kind: 'template', path: 'bare' }, '/bare'],
    ['/any', '/', { kind: 'template', path: '/fixed' }, '/fixed'],
  ])('%s of %s with %j as %s', (url, path, change, expected) => {
    const arrival = arrivalOf({ url });
    expect(upstreamTarget(change, arrival, matchOf(path, {}, FORWARD, arrival))).toBe(expected);
  });
});

describe('other origins', () => {
  const cors: CorsPolicy = {
    origins: ['https://a.example.com', 'https://*.b.com'],
    depth: 'one',
    echoes: false,
    methods: 'GET',
    headers: 'X-A',
    credentials: true,
    maxAge: 60,
  };
  const told = (policy: CorsPolicy, origin: string, more: Record<string, string> = {}) =>
    Object.fromEntries(corsHeaders(policy, arrivalOf({ headers: { origin, ...more } })).set);

  test.each([
    ['https://a.example.com', true],
    ['https://x.b.com', true],
    ['https://x.y.b.com', false],
    ['https://b.com', false],
    ['http://x.b.com', false],
    ['https://evil.com/.b.com', false],
    ['https://x.b.com.evil.com', false],
  ])('%s is allowed: %s', (origin, is) => {
    expect(told(cors, origin)['access-control-allow-origin']).toBe(is ? origin : undefined);
  });

  test('are told all of it, and answered before anybody is asked', () => {
    const headers = { origin: 'https://a.example.com', 'access-control-request-method': 'GET' };
    expect(answer({ method: 'OPTIONS', headers }, { cors })).toEqual({
      status: 204,
      words: '',
      headers: [
        ['access-control-allow-origin', 'https://a.example.com'],
        ['access-control-allow-credentials', 'true'],
        ['access-control-allow-methods', 'GET'],
        ['access-control-allow-headers', 'X-A'],
        ['access-control-max-age', '60'],
        ['vary', 'Origin'],
      ],
    });
    expect(answer({ method: 'OPTIONS' }, { cors })).toBeUndefined();
  });

  test('a star is one, unless somebody wants it to mean whoever asks', () => {
    const star = { ...cors, origins: ['*'], methods: '*', headers: '*' };
    const asked = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'X-B' };
    expect(told(star, 'https://x', asked)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': '*',
    });
    expect(told({ ...star, echoes: true }, 'https://x', asked)).toMatchObject({
      'access-control-allow-origin': 'https://x',
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': 'X-B',
    });
  });
});

describe('of several targets', () => {
  const targets = [
    { backend: 'a', weight: 7 },
    { backend: 'b', weight: 3 },
    { backend: 'c', weight: 0 },
  ];
  const chosen = (dice: number, list = targets) => {
    const target = chooseTarget({ kind: 'forward', targets: list, canaries: [] }, arrivalOf({}), () => dice);
    return target && 'backend' in target ? target.backend : undefined;
  };

  test('each has its part', () => {
    const count = new Map<string | undefined, number>();
    for (let at = 0; at < 1_000; at += 1) count.set(chosen(at / 1_000), (count.get(chosen(at / 1_000)) ?? 0) + 1);
    expect(Object.fromEntries(count)).toEqual({ a: 700, b: 300 });
  });

  test('without any weight none is taken', () => {
    expect(chosen(0.5, [{ backend: 'a', weight: 0 }])).toBeUndefined();
    expect(
      chosen(0.5, [
        { backend: 'a', weight: 0 },
        { backend: 'b', weight: 0 },
      ]),
    ).toBeUndefined();
  });

  test('and canaries theirs', () => {
    const canary = { target: { backend: 'canary', weight: 1 }, weight: 20, of: 100 };
    const pick = (dice: number) =>
      chooseTarget(
        { kind: 'forward', targets: [{ backend: 'a', weight: 1 }], canaries: [canary] },
        arrivalOf({}),
        () => dice,
      );
    expect(pick(0.19)).toMatchObject({ backend: 'canary' });
    expect(pick(0.2)).toMatchObject({ backend: 'a' });
  });
});

test('the default policy is that of ingress-nginx', () => {
  expect([DEFAULT_POLICY.bodyLimit, DEFAULT_POLICY.timeouts.read, pathMatch('/a/').path]).toEqual([
    1 << 20,
    60_000,
    '/a',
  ]);
});
