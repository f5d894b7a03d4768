import type { BackendReference, Gateway, HTTPRoute, Listener } from '@binnacle/apis-gateway';
import { describe, expect, test } from 'vitest';
import { gateway, grant, grpcRoute, httpRoute, leads, listener, matchAt, plan } from '../testing/gateways.js';
import type { Said } from './said.js';

const EDGE = gateway('edge', [listener('http')]);
const to = (name: string, more: Partial<BackendReference> = {}) => ({ backendRefs: [{ name, port: 80, ...more }] });

const text = (said: readonly Said[] = []) =>
  Object.fromEntries(said.map(({ type, status, reason }) => [type, `${status} ${reason}`]));
const parentOf = (planned: ReturnType<typeof plan>, route = 'default/route', at = 0) =>
  text(planned.routes.get(route)?.parents[at]?.said);
const listenerOf = (planned: ReturnType<typeof plan>, name = 'http') =>
  text(planned.gateways.get('default/edge')?.listeners.find((one) => one.listener.name === name)?.said);
const attached = (planned: ReturnType<typeof plan>) =>
  Object.fromEntries(planned.gateways.get('default/edge')?.attachedRoutes ?? []);

describe('a route', () => {
  const match = (path: string, type = 'PathPrefix', more: object = {}) => ({ path: { type, value: path }, ...more });

  test('leads by host and path', () => {
    const rules = [
      { matches: [match('/blog')], ...to('blog') },
      { matches: [match('/only', 'Exact')], ...to('calls') },
      to('web'),
    ];
    const planned = plan({
      gateways: [EDGE],
      httpRoutes: [httpRoute('route', { hostnames: ['Shop.example.com'], rules })],
    });
    expect(leads(planned, 'shop.example.com/a')).toBe('default/web:80 HTTP');
    expect(leads(planned, 'shop.example.com/blog/1')).toBe('default/blog:80 HTTP');
    expect(leads(planned, 'shop.example.com/only')).toBe('default/calls:80 GRPC');
    expect(leads(planned, 'other.example.com/')).toBeUndefined();
    expect(parentOf(planned)).toEqual({ Accepted: 'True Accepted', ResolvedRefs: 'True ResolvedRefs' });
    expect(attached(planned)).toEqual({ http: 1 });
  });

  test('of a longer path, of a method, of more headers, of more parameters counts first; then the older, then the first', () => {
    const header = (name: string) => ({ name, value: 'x' });
    const of = (name: string, rule: object) => ({ name, rule });
    const cases = [
      of('plain', match('/')),
      of('two headers', match('/', 'PathPrefix', { headers: [header('a'), header('b')] })),
      of('header', match('/', 'PathPrefix', { headers: [header('a')] })),
      of('method', match('/', 'PathPrefix', { method: 'GET' })),
      of('parameter', match('/', 'PathPrefix', { queryParams: [{ name: 'q', value: 'x' }] })),
      of('longer', match('/long')),
    ];
    const httpRoutes = cases.map(({ name, rule }, age) =>
      httpRoute(name, { rules: [{ matches: [rule], ...to('web') }] }, { age }),
    );
    httpRoutes.push(httpRoute('twin', { rules: [{ matches: [match('/')], ...to('web') }] }, { age: 9 }));
    const planned = plan({ gateways: [EDGE], httpRoutes });
    const name = (url: string, method = 'POST', headers = {}) =>
      matchAt(planned, url, { method, headers })?.route.origin.name;
    expect(name('a/')).toBe('plain');
    expect(name('a/?q=x')).toBe('parameter');
    expect(name('a/?q=x', 'POST', { a: 'x' })).toBe('header');
    expect(name('a/?q=x', 'POST', { a: 'x', b: 'x' })).toBe('two headers');
    expect(name('a/?q=x', 'GET', { a: 'x', b: 'x' })).toBe('method');
    expect(name('a/long', 'GET', { a: 'x', b: 'x' })).toBe('longer');
  });

  test('by patterns, of the whole path and of whole values', () => {
    const rules = [
      { matches: [match('/v[0-9]+/.*', 'RegularExpression')], ...to('web') },
      { matches: [{ headers: [{ type: 'RegularExpression', name: 'Version', value: 'a|ab' }] }], ...to('blog') },
    ];
    const planned = plan({ gateways: [EDGE], httpRoutes: [httpRoute('route', { rules })] });
    expect(leads(planned, 'a/v12/x')).toBe('default/web:80 HTTP');
    expect(leads(planned, 'a/x/v12/x')).toBeUndefined();
    expect(leads(planned, 'a/', { headers: { version: 'ab' } })).toBe('default/blog:80 HTTP');
    expect(leads(planned, 'a/', { headers: { version: 'abc' } })).toBeUndefined();
  });

  test('whose pattern cannot be read is not accepted', () => {
    const rules = [{ matches: [match('/(', 'RegularExpression')], ...to('web') }];
    const planned = plan({ gateways: [EDGE], httpRoutes: [httpRoute('route', { rules })] });
    expect(parentOf(planned)).toMatchObject({ Accepted: 'False UnsupportedValue' });
    expect(attached(planned)).toEqual({ http: 0 });
  });

  test('without rules leads nowhere, as does a rule without backends', () => {
    const planned = plan({ gateways: [EDGE], httpRoutes: [httpRoute('route', { rules: [{}] })] });
    expect(leads(planned, 'a/')).toBe('500 the rule has no backend');
  });

  test.each<[why: string, reference: Partial<BackendReference>, reason: string, words: string]>([
    ['is not there', { name: 'gone' }, 'BackendNotFound', 'there is no Service default/gone'],
    ['has no such port', { port: 81 }, 'BackendNotFound', 'the Service default/web has no port 81'],
    ['is no Service', { kind: 'Bucket', group: 'x' }, 'InvalidKind', 'a Bucket cannot be asked: only Services are'],
    [
      'is another namespace’s',
      { namespace: 'other' },
      'RefNotPermitted',
      'nothing in other grants the Service web to HTTPRoutes of default',
    ],
  ])('whose backend %s says so, and is answered 500', (_, reference, reason, words) => {
    const planned = plan({ gateways: [EDGE], httpRoutes: [httpRoute('route', { rules: [to('web', reference)] })] });
    expect(parentOf(planned)).toEqual({ Accepted: 'True Accepted', ResolvedRefs: `False ${reason}` });
    expect(leads(planned, 'a/')).toBe(`500 ${words}`);
  });

  test('may lead to another namespace that grants it', () => {
    const httpRoutes = [httpRoute('route', { rules: [to('web', { namespace: 'other' })] })];
    const granted = (...args: Parameters<typeof grant>) =>
      parentOf(plan({ gateways: [EDGE], httpRoutes, grants: [grant(...args)] })).ResolvedRefs;
    expect(granted('other', ['HTTPRoute', 'default'], { kind: 'Service' })).toBe('True ResolvedRefs');
    expect(granted('other', ['HTTPRoute', 'default'], { kind: 'Service', name: 'web' })).toBe('True ResolvedRefs');
    expect(granted('other', ['HTTPRoute', 'default'], { kind: 'Service', name: 'blog' })).toBe('False RefNotPermitted');
    expect(granted('other', ['GRPCRoute', 'default'], { kind: 'Service' })).toBe('False RefNotPermitted');
    expect(granted('other', ['HTTPRoute', 'elsewhere'], { kind: 'Service' })).toBe('False RefNotPermitted');
    expect(granted('default', ['HTTPRoute', 'default'], { kind: 'Service' })).toBe('False RefNotPermitted');
  });
});

describe('filters', () => {
  const first = (rule: NonNullable<HTTPRoute['spec']['rules']>[number]) =>
    matchAt(plan({ gateways: [EDGE], httpRoutes: [httpRoute('route', { rules: [rule] })] }), 'a/')?.route;

  test('change headers, in lower case', () => {
    const requestHeaderModifier = {
      set: [{ name: 'X-Set', value: '1' }],
      add: [{ name: 'X-Add', value: '2' }],
      remove: ['X-Gone'],
    };
    const found = first({ ...to('web'), filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier }] });
    expect(found?.policy.requestHeaders).toEqual([
      { set: [['x-set', '1']], add: [['x-add', '2']], remove: ['x-gone'] },
    ]);
  });

  test('of a backend are done for it alone', () => {
    const responseHeaderModifier = { add: [{ name: 'X', value: '1' }] };
    const found = first(to('web', { filters: [{ type: 'ResponseHeaderModifier', responseHeaderModifier }] }));
    expect(found?.policy.responseHeaders).toBeUndefined();
    expect(found?.action).toMatchObject({ targets: [{ policy: { responseHeaders: [{ add: [['x', '1']] }] } }] });
  });

  test('redirect and rewrite', () => {
    const requestRedirect = {
      hostname: 'x',
      path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/n' },
      statusCode: 301,
    };
    expect(first({ filters: [{ type: 'RequestRedirect', requestRedirect }] })?.action).toEqual({
      kind: 'redirect',
      status: 301,
      host: 'x',
      path: { kind: 'prefix', path: '/n' },
    });
    const urlRewrite = { hostname: 'inner', path: { type: 'ReplaceFullPath', replaceFullPath: '/x' } };
    expect(first({ ...to('web'), filters: [{ type: 'URLRewrite', urlRewrite }] })?.policy).toMatchObject({
      upstreamHost: 'inner',
      rewrite: { kind: 'full', path: '/x' },
    });
  });

  test('mirror a part, and say where there is nobody', () => {
    const backendRef = { name: 'blog', port: 80 };
    const mirrors = (mirror: object) =>
      first({ ...to('web'), filters: [{ type: 'RequestMirror', requestMirror: { backendRef, ...mirror } }] })?.policy
        .mirrors;
    expect(mirrors({})).toEqual([{ backend: 'default/blog:80 HTTP', part: 100, of: 100 }]);
    expect(mirrors({ percent: 20 })).toEqual([{ backend: 'default/blog:80 HTTP', part: 20, of: 100 }]);
    expect(mirrors({ fraction: { numerator: 1, denominator: 3 } })).toMatchObject([{ part: 1, of: 3 }]);
    expect(mirrors({ backendRef: { name: 'gone', port: 80 } })).toBeUndefined();
  });

  test('that are not known are never left out of a request', () => {
    const filters = [{ type: 'ExtensionRef', extensionRef: { group: 'x', kind: 'Guard', name: 'a' } }];
    expect(first({ ...to('web'), filters })?.action).toMatchObject({ kind: 'refuse', status: 500 });
    expect(first(to('web', { filters }))?.action).toMatchObject({ targets: [{ status: 500 }] });
  });

  test('and timeouts are those of the Gateway API', () => {
    const timeouts = (written: object) => first({ ...to('web'), timeouts: written })?.policy.timeouts;
    expect(timeouts({ request: '1m30s', backendRequest: '500ms' })).toMatchObject({ whole: 90_000, attempt: 500 });
    expect(timeouts({ request: '0s' })).toMatchObject({ whole: 0 });
    expect(timeouts({ request: 'soon' })).toMatchObject({ whole: 0 });
  });
});

describe('calls', () => {
  const method = (service?: string, name?: string, type?: string) => ({
    matches: [{ method: { ...(service && { service }), ...(name && { method: name }), ...(type && { type }) } }],
  });

  test('lead by service and method', () => {
    const rules = [
      { ...method('shop.Cart', 'Add'), ...to('web') },
      { ...method('shop.Cart'), ...to('blog') },
      { ...method(undefined, 'Ping'), ...to('calls') },
      { ...method('log.*', undefined, 'RegularExpression'), ...to('web') },
    ];
    const planned = plan({ gateways: [EDGE], grpcRoutes: [grpcRoute('route', { rules })] });
    expect(leads(planned, 'a/shop.Cart/Add')).toBe('default/web:80 GRPC');
    expect(leads(planned, 'a/shop.Cart/Remove')).toBe('default/blog:80 GRPC');
    expect(leads(planned, 'a/any.Service/Ping')).toBe('default/calls:80 GRPC');
    expect(leads(planned, 'a/logs.Book/Write')).toBe('default/web:80 GRPC');
    expect(leads(planned, 'a/shop.Carts/Add')).toBeUndefined();
    expect(attached(planned)).toEqual({ http: 1 });
  });
});

describe('listeners', () => {
  const planOf = (listeners: Listener[], more: Parameters<typeof plan>[0] = {}) =>
    plan({ gateways: [gateway('edge', listeners)], ...more });
  const secure = (more: Partial<Listener> = {}): Listener =>
    listener('https', 443, { protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'good' }] }, ...more });

  test('that can be served say so', () => {
    expect(listenerOf(planOf([listener('http')]))).toEqual({
      Accepted: 'True Accepted',
      Conflicted: 'False NoConflicts',
      ResolvedRefs: 'True ResolvedRefs',
      Programmed: 'True Programmed',
    });
  });

  test.each<[why: string, one: Listener, expected: object]>([
    [
      'of another protocol',
      listener('http', 80, { protocol: 'TCP' }),
      { Accepted: 'False UnsupportedProtocol', Programmed: 'False Invalid' },
    ],
    [
      'that pass TLS on',
      secure({ name: 'http', tls: { mode: 'Passthrough' } }),
      { Accepted: 'False UnsupportedValue' },
    ],
    [
      'without a certificate',
      secure({ name: 'http', tls: {} }),
      { ResolvedRefs: 'False InvalidCertificateRef', Programmed: 'False Invalid' },
    ],
    [
      'whose certificate is not there',
      secure({ name: 'http', tls: { certificateRefs: [{ name: 'gone' }] } }),
      { Accepted: 'True Accepted', ResolvedRefs: 'False InvalidCertificateRef', Programmed: 'False Invalid' },
    ],
    [
      'whose certificate is something else',
      secure({ name: 'http', tls: { certificateRefs: [{ name: 'good', kind: 'ConfigMap' }] } }),
      { ResolvedRefs: 'False InvalidCertificateRef' },
    ],
    [
      'whose certificate is another namespace’s',
      secure({ name: 'http', tls: { certificateRefs: [{ name: 'good', namespace: 'other' }] } }),
      { ResolvedRefs: 'False RefNotPermitted' },
    ],
    [
      'that take only kinds nobody knows',
      listener('http', 80, { allowedRoutes: { kinds: [{ kind: 'TCPRoute' }] } }),
      { ResolvedRefs: 'False InvalidRouteKinds', Programmed: 'False Invalid' },
    ],
    [
      'that take such kinds as well',
      listener('http', 80, { allowedRoutes: { kinds: [{ kind: 'TCPRoute' }, { kind: 'HTTPRoute' }] } }),
      { ResolvedRefs: 'False InvalidRouteKinds', Programmed: 'True Programmed' },
    ],
  ])('%s say so', (_, one, expected) => {
    expect(listenerOf(planOf([one]))).toMatchObject(expected);
  });

  test('that cannot be told apart are conflicted, both of them', () => {
    const twice = planOf([
      listener('a', 80, { hostname: 'x' }),
      listener('b', 80, { hostname: 'X' }),
      listener('c', 80),
    ]);
    expect([listenerOf(twice, 'a'), listenerOf(twice, 'b'), listenerOf(twice, 'c')]).toMatchObject([
      { Conflicted: 'True HostnameConflict', Accepted: 'False HostnameConflict' },
      { Conflicted: 'True HostnameConflict' },
      { Conflicted: 'False NoConflicts' },
    ]);
    const both = planOf([listener('a', 443), secure({ name: 'b' })]);
    expect(listenerOf(both, 'a')).toMatchObject({ Conflicted: 'True ProtocolConflict' });
  });

  test('take routes of their own namespace, of all, or of those that are selected', () => {
    const httpRoutes = [
      httpRoute(
        'route',
        { parentRefs: [{ name: 'edge', namespace: 'default' }], rules: [to('web', { namespace: 'team' })] },
        { namespace: 'team' },
      ),
    ];
    const accepted = (namespaces: NonNullable<Listener['allowedRoutes']>['namespaces']) =>
      parentOf(
        planOf([listener('http', 80, { allowedRoutes: { ...(namespaces && { namespaces }) } })], { httpRoutes }),
        'team/route',
      ).Accepted;
    const selector = (name: string) => ({
      from: 'Selector',
      selector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
    });
    expect(accepted(undefined)).toBe('False NotAllowedByListeners');
    expect(accepted({ from: 'All' })).toBe('True Accepted');
    expect(accepted(selector('team'))).toBe('True Accepted');
    expect(accepted(selector('other'))).toBe('False NotAllowedByListeners');
    expect(accepted({ from: 'Selector', selector: { matchExpressions: [{ key: 'a', operator: 'Odd' }] } })).toBe(
      'False NotAllowedByListeners',
    );
  });

  test('are asked for by name and by port', () => {
    const listeners = [listener('a', 80, { hostname: 'a.example.com' }), listener('b', 8080)];
    const accepted = (parent: object) =>
      parentOf(
        planOf(listeners, {
          httpRoutes: [httpRoute('route', { parentRefs: [{ name: 'edge', ...parent }], rules: [to('web')] })],
        }),
      ).Accepted;
    expect(accepted({ sectionName: 'a' })).toBe('True Accepted');
    expect(accepted({ sectionName: 'c' })).toBe('False NoMatchingParent');
    expect(accepted({ port: 8080 })).toBe('True Accepted');
    expect(accepted({ port: 81 })).toBe('False NoMatchingParent');
    expect(accepted({ sectionName: 'a', port: 8080 })).toBe('False NoMatchingParent');
  });

  test.each<[of: string | undefined, hostnames: string[] | undefined, hosts: string[] | undefined]>([
    [undefined, undefined, ['']],
    [undefined, ['a.example.com'], ['a.example.com']],
    ['a.example.com', undefined, ['a.example.com']],
    ['a.example.com', ['a.example.com', 'b.example.com'], ['a.example.com']],
    ['*.example.com', ['a.example.com', 'example.com', 'a.b.example.com'], ['a.example.com', 'a.b.example.com']],
    ['a.example.com', ['*.example.com'], ['a.example.com']],
    ['*.example.com', ['*.com'], ['*.example.com']],
    ['*.example.com', ['*.a.example.com'], ['*.a.example.com']],
    ['a.example.com', ['b.example.com'], undefined],
  ])('of %j have of the hostnames %j these: %j', (hostname, hostnames, hosts) => {
    const planned = planOf([listener('http', 80, { ...(hostname !== undefined && { hostname }) })], {
      httpRoutes: [httpRoute('route', { ...(hostnames && { hostnames }), rules: [to('web')] })],
    });
    expect(parentOf(planned).Accepted).toBe(hosts ? 'True Accepted' : 'False NoMatchingListenerHostname');
    for (const host of hosts ?? []) {
      const asked = host.replace('*', 'any') || 'whoever';
      expect(leads(planned, `${asked}/`)).toBe('default/web:80 HTTP');
    }
  });

  test('show certificates by their hostname, and others by the names that those are for', () => {
    const certificateRefs = [{ name: 'good' }];
    const planned = planOf([
      secure({ hostname: 'Shop.example.com' }),
      secure({ name: 'all', tls: { certificateRefs } }),
    ]);
    const [port] = planned.gateways.get('default/edge')?.ports ?? [];
    expect(port?.certificates?.map(({ host }) => host)).toEqual(['shop.example.com', '']);
    expect([...planned.secrets]).toEqual(['default/good']);
  });
});

test('Gateways of other classes, routes of other Gateways and what is being deleted are left alone', () => {
  const other: Gateway = { ...EDGE, spec: { ...EDGE.spec, gatewayClassName: 'other' } };
  const going: Gateway = { ...EDGE, metadata: { ...EDGE.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
  for (const gateways of [[other], [going]]) {
    const planned = plan({ gateways, httpRoutes: [httpRoute('route', { rules: [to('web')] })] });
    expect([planned.gateways.size, planned.routes.size]).toEqual([0, 0]);
  }
});
