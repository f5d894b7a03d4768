import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { candidates, hostsEntry, resolverConfig } from './name-files.js';

const plain = { servers: [], searches: [], ndots: 1, timeoutMilliseconds: 5000, attempts: 2, useTcp: false };
const inCluster = ['search a.svc.cluster.local svc.cluster.local', 'nameserver 10.96.0.10', 'options ndots:5'].join(
  '\n',
);

describe('resolv.conf', () => {
  test.each<[string, string, object]>([
    [
      'of a Pod',
      inCluster,
      { servers: ['10.96.0.10'], searches: ['a.svc.cluster.local', 'svc.cluster.local'], ndots: 5 },
    ],
    ['that is empty', '', {}],
    ['with comments', '# nameserver 1.1.1.1\n; search x\nnameserver 2.2.2.2 # two', { servers: ['2.2.2.2'] }],
    [
      'with four servers has three',
      [1, 2, 3, 4].map((n) => `nameserver 1.1.1.${n}`).join('\n'),
      {
        servers: ['1.1.1.1', '1.1.1.2', '1.1.1.3'],
      },
    ],
    ['with two search paths has the last', 'search a\nsearch b c', { searches: ['b', 'c'] }],
    [
      'with options',
      'options timeout:2 attempts:1\noptions ndots:0 use-vc',
      {
        timeoutMilliseconds: 2000,
        attempts: 1,
        ndots: 0,
        useTcp: true,
      },
    ],
    [
      'with options that are too much',
      'options timeout:99 attempts:99 ndots:99',
      {
        timeoutMilliseconds: 30_000,
        attempts: 5,
        ndots: 15,
      },
    ],
    ['with options that say nothing', 'options timeout: attempts:x ndots:-1 timeout:0', { timeoutMilliseconds: 1000 }],
    ['with words nobody knows', 'sortlist 1\nnameserver\nsearch', {}],
  ])('%s', (_, text, expected) => {
    expect(resolverConfig(text)).toEqual({ ...plain, ...expected });
  });

  test('is bounded, whatever it says', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('search ', 'nameserver ', 'options ', 'a', ' ', '\n', ':9') }),
        (text) => {
          const { servers, searches, ndots } = resolverConfig(text);
          expect([servers.length <= 3, searches.length <= 32, ndots <= 15]).toEqual([true, true, true]);
        },
      ),
    );
  });
});

describe('hosts', () => {
  const text = '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n10.0.0.1 web.shop web # the shop\n# 10.0.0.2 no\n';
  test.each<[string, object | undefined]>([
    ['web', { address: '10.0.0.1', names: ['web.shop', 'web'] }],
    ['WEB.shop.', { address: '10.0.0.1', names: ['web.shop', 'web'] }],
    ['localhost', { address: '127.0.0.1', names: ['localhost'] }],
    ['ip6-localhost', { address: '::1', names: ['localhost', 'ip6-localhost'] }],
    ['no', undefined],
    ['10.0.0.1', undefined],
  ])('%s is %j', (name, expected) => {
    expect(hostsEntry(text, name)).toEqual(expected);
  });
});

test('the root in the search path is the name itself', () => {
  expect(candidates('web', { searches: ['.', '_a.b'], ndots: 5 })).toEqual(['web', 'web._a.b']);
});

describe('along the search path', () => {
  const config = { searches: ['a.svc.', 'svc'], ndots: 2 };
  test.each([
    ['web', ['web.a.svc', 'web.svc', 'web']],
    ['web.b', ['web.b.a.svc', 'web.b.svc', 'web.b']],
    ['web.b.c', ['web.b.c', 'web.b.c.a.svc', 'web.b.c.svc']],
    ['web.', ['web']],
    ['web.svc', ['web.svc.a.svc', 'web.svc.svc', 'web.svc']],
  ])('%s may be %j', (name, expected) => {
    expect(candidates(name, config)).toEqual(expected);
  });
});
