import type { Ingress } from '@binnacle/apis-kubernetes/networking/v1';
import { describe, expect, test } from 'vitest';
import { HostTable, INGRESS_HOSTS } from '../table/host-table.js';
import type { Route } from '../table/route.js';
import { ingress, service } from '../testing/ingresses.js';
import { facts } from '../testing/routes.js';
import { planIngresses } from './plan-ingresses.js';

const SERVICES = [
  service('web', [
    { name: 'http', port: 80 },
    { name: 'dns', port: 53, protocol: 'UDP' },
  ]),
  service('other', [{ port: 8080 }]),
  service('far', [{ port: 80 }], { type: 'ExternalName', externalName: 'example.org' }),
];
const plan = (...ingresses: readonly Ingress[]) =>
  planIngresses(ingresses, (namespace, name) =>
    SERVICES.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name),
  );

function routeOf(ingresses: readonly Ingress[], url: string): Route | undefined {
  const [host = '', ...path] = url.split('/');
  return new HostTable(plan(...ingresses).hosts, INGRESS_HOSTS).find(host, facts(`/${path.join('/')}`))?.route;
}

/** `Ingress backend` of where a URL leads, or why it leads nowhere. */
function leads(ingresses: readonly Ingress[], url: string): string | undefined {
  const found = routeOf(ingresses, url);
  if (!found) return undefined;
  const { action, origin } = found;
  const [target] = action.kind === 'forward' ? action.targets : [];
  if (target) return `${origin.name} ${'backend' in target ? target.backend : target.words}`;
  return action.kind === 'refuse' ? `${origin.name} ${action.status} ${action.words}` : action.kind;
}

const problems = (...ingresses: readonly Ingress[]) => Object.fromEntries(plan(...ingresses).problems);

test('a path of a host leads to a port of a Service, by number or name', () => {
  const shop = ingress('shop', { rules: { 'shop.example.com/': 'web:http', 'shop.example.com/api': 'other:8080' } });
  expect(leads([shop], 'shop.example.com/cart')).toBe('shop default/web:80 HTTP');
  expect(leads([shop], 'shop.example.com/api/v1')).toBe('shop default/other:8080 HTTP');
  expect(leads([shop], 'example.com/')).toBeUndefined();
  expect([...plan(shop).backends.values()]).toEqual([
    {
      id: 'default/web:80 HTTP',
      namespace: 'default',
      service: 'web',
      port: { name: 'http', port: 80 },
      protocol: 'HTTP',
    },
    { id: 'default/other:8080 HTTP', namespace: 'default', service: 'other', port: { port: 8080 }, protocol: 'HTTP' },
  ]);
});

test.each([
  ['nobody:80', 'there is no Service default/nobody'],
  ['web:81', 'the Service default/web has no port 81'],
  ['web:dns', 'the Service default/web has no port dns'],
  ['far:80', 'the Service default/far is only another name, and nobody is asked there'],
])('what leads to %s is answered in words', (backend, words) => {
  const shop = ingress('shop', { rules: { 'a/': backend } });
  expect(leads([shop], 'a/')).toBe(`shop 503 ${words}`);
  expect(problems(shop)).toEqual({ 'default/shop': [words] });
});

test('a backend that is no Service is refused in words', () => {
  const resource = { apiGroup: 'storage.example.com', kind: 'Bucket', name: 'files' };
  const files = ingress('files', { spec: { defaultBackend: { resource } } });
  expect(leads([files], 'any/')).toBe('files 503 a Bucket cannot be asked: only Services are');
});

describe('where two want the same', () => {
  const older = ingress('older', { age: 1, rules: { 'a/': 'web:80' } });
  const younger = ingress('younger', { age: 2, rules: { 'a/': 'other:8080', 'a/b': 'other:8080' } });

  test('the older has it, and the younger what is left', () => {
    for (const order of [
      [older, younger],
      [younger, older],
    ]) {
      expect(leads(order, 'a/')).toBe('older default/web:80 HTTP');
      expect(leads(order, 'a/b')).toBe('younger default/other:8080 HTTP');
    }
    expect(problems(younger, older)).toEqual({
      'default/younger': ['the path / of a is that of the older default/older'],
    });
  });

  test('of one age the first by name', () => {
    const twin = ingress('aaa', { age: 1, rules: { 'a/': 'other:8080' } });
    expect(leads([older, twin], 'a/')).toBe('aaa default/other:8080 HTTP');
  });

  test('an exact path is another than a prefix', () => {
    const exact = ingress('exact', { age: 3, rules: { '=a/': 'other:8080' } });
    expect(leads([older, exact], 'a/')).toBe('exact default/other:8080 HTTP');
    expect(leads([older, exact], 'a/x')).toBe('older default/web:80 HTTP');
  });
});

describe('hosts', () => {
  const hosts = [
    ingress('exact', { rules: { 'a.example.com/x': 'web:80' } }),
    ingress('wildcard', { rules: { '*.example.com/': 'web:80' } }),
    ingress('all', { rules: { '/': 'web:80' } }),
  ];

  test.each([
    ['a.example.com/x', 'exact'],
    ['a.example.com/y', undefined],
    ['b.example.com/', 'wildcard'],
    ['b.c.example.com/', 'all'],
    ['example.com/', 'all'],
  ])('%s is that of %s', (url, name) => {
    expect(routeOf(hosts, url)?.origin.name).toBe(name);
  });

  test('have aliases', () => {
    const shop = ingress('shop', { annotations: { 'server-alias': 'www.a, x.a' }, rules: { 'a/': 'web:80' } });
    for (const host of ['a', 'www.a', 'x.a']) expect(leads([shop], `${host}/`)).toBe('shop default/web:80 HTTP');
  });
});

describe('what nobody else has goes to', () => {
  const backend = (name: string, number: number) => ({ service: { name, port: { number } } });
  const rules = ingress('rules', { age: 1, rules: { 'a/x': 'web:80' } });
  const all = ingress('all', { age: 2, spec: { rules: [], defaultBackend: backend('other', 8080) } });

  test('the default backend of all', () => {
    expect(leads([rules, all], 'a/y')).toBe('all default/other:8080 HTTP');
    expect(leads([rules, all], 'b/')).toBe('all default/other:8080 HTTP');
    expect(leads([rules, all], 'a/x')).toBe('rules default/web:80 HTTP');
  });

  test('that of the host, where an Ingress with rules has one', () => {
    const own = ingress('own', { age: 3, rules: { 'a/z': 'web:80' }, spec: { defaultBackend: backend('web', 80) } });
    const asked = [rules, all, own];
    expect(leads(asked, 'a/y')).toBe('own default/web:80 HTTP');
    expect(leads(asked, 'b/')).toBe('all default/other:8080 HTTP');
  });

  test('the oldest of several', () => {
    const younger = ingress('younger', { age: 9, spec: { rules: [], defaultBackend: backend('web', 80) } });
    expect(leads([younger, all], 'b/')).toBe('all default/other:8080 HTTP');
  });
});

describe('patterns', () => {
  test('are meant where a target is rewritten, or where somebody says so', () => {
    const app = ingress('app', {
      annotations: { 'rewrite-target': '/$2' },
      rules: { '~a/app(/|$)(.*)': 'web:80', '=a/app/exact': 'other:8080' },
    });
    const found = routeOf([app], 'a/app/x/y');
    expect(found?.path.kind).toBe('regex');
    expect(found?.policy.rewrite).toEqual({ kind: 'template', path: '/$2' });
    expect(leads([app], 'a/app/exact')).toBe('app default/other:8080 HTTP');
    const regex = ingress('regex', { annotations: { 'use-regex': 'true' }, rules: { '~a/[0-9]+$': 'web:80' } });
    expect(leads([regex], 'a/42')).toBe('regex default/web:80 HTTP');
    expect(leads([regex], 'a/x')).toBeUndefined();
  });

  test('that cannot be read are told, and nothing is served there', () => {
    const broken = ingress('broken', { annotations: { 'use-regex': 'true' }, rules: { '~a/(x': 'web:80' } });
    expect(leads([broken], 'a/x')).toBeUndefined();
    expect(problems(broken)['default/broken']?.[0]).toContain('the path /(x cannot be used as a pattern');
  });
});

describe('canaries', () => {
  const main = ingress('main', { rules: { 'a/': 'web:80' } });
  const canary = (name: string, annotations: Record<string, string>, rules = { 'a/': 'other:8080' }) =>
    ingress(name, { age: 5, annotations: { canary: 'true', ...annotations }, rules });
  const canariesOf = (...all: readonly Ingress[]) => {
    const action = routeOf(all, 'a/')?.action;
    return action?.kind === 'forward' ? action.canaries : undefined;
  };

  test('are second places of a rule that is there', () => {
    expect(canariesOf(canary('c', { 'canary-weight': '20' }), main)).toEqual([
      { weight: 20, of: 100, target: { backend: 'default/other:8080 HTTP', weight: 1 } },
    ]);
    const byHeader = canary('c', { 'canary-by-header': 'X-Beta', 'canary-by-header-value': 'yes' });
    expect(canariesOf(main, byHeader)).toMatchObject([
      { header: { name: 'x-beta', value: { kind: 'exact', value: 'yes' } }, weight: 0 },
    ]);
  });

  test('are no rules of their own', () => {
    const alone = canary('alone', {}, { 'b/': 'other:8080' } as never);
    expect(leads([main, alone], 'b/')).toBeUndefined();
    expect(problems(main, alone)).toEqual({ 'default/alone': ['no other Ingress has the path / of b'] });
  });
});

describe('TLS', () => {
  const asked = ingress('secure', {
    rules: { 'a.example.com/': 'web:80', 'b.example.com/': 'web:80' },
    spec: { tls: [{ hosts: ['a.example.com'], secretName: 'cert' }] },
  });

  test('is asked for by host, and plain requests for it are sent there', () => {
    expect(plan(asked).certificates).toEqual([
      { secret: 'default/cert', hosts: ['a.example.com'], ingress: 'default/secure' },
    ]);
    expect(routeOf([asked], 'a.example.com/')?.policy.httpsRedirect).toBe(308);
    expect(routeOf([asked], 'b.example.com/')?.policy.httpsRedirect).toBeUndefined();
  });

  test.each([
    [{ 'ssl-redirect': 'false' }, undefined, undefined],
    [{ 'force-ssl-redirect': 'true' }, 308, 308],
    [{ 'ssl-redirect': 'false', 'force-ssl-redirect': 'true' }, 308, 308],
  ])('with %j', (annotations, ofA, ofB) => {
    const annotated = ingress('x', { annotations: annotations as unknown as Record<string, string> });
    const one = { ...asked, metadata: annotated.metadata };
    expect(routeOf([one], 'a.example.com/')?.policy.httpsRedirect).toBe(ofA);
    expect(routeOf([one], 'b.example.com/')?.policy.httpsRedirect).toBe(ofB);
  });
});

test('what would keep people out and cannot be done closes an Ingress', () => {
  const guarded = ingress('guarded', { annotations: { 'auth-url': 'http://x' }, rules: { 'a/': 'web:80' } });
  expect(leads([guarded], 'a/')).toBe('guarded 503 the annotation auth-url, which guards this page, is not known here');
  const ranges = ingress('ranges', {
    annotations: { 'whitelist-source-range': '10.0.0/8' },
    rules: { 'a/': 'web:80' },
  });
  expect(leads([ranges], 'a/')).toBe('ranges 503 the range of addresses that may ask cannot be read');
});
