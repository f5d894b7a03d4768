import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadConfig, forwardConfig } from './forward-config.js';

const UPSTREAM = { ip: '192.0.2.53', port: 53 };
const read = (data?: Record<string, string>) => {
  const { upstreams, stubDomains } = forwardConfig(data && { data }, [UPSTREAM]);
  return { upstreams, stubDomains: Object.fromEntries(stubDomains) };
};

test('nothing said is as the operator says', () => {
  const nothing: (Record<string, string> | undefined)[] = [
    undefined,
    {},
    { upstreamNameservers: ' ', federations: '{}' },
  ];
  for (const data of nothing) expect(read(data)).toEqual({ upstreams: [UPSTREAM], stubDomains: {} });
});

test('both may be said, as upstream’s kube-dns had them', () => {
  const stubDomains = '{"Acme.local.": ["1.2.3.4"], "corp": ["10.0.0.1:5353", "10.0.0.2"]}';
  expect(read({ stubDomains, upstreamNameservers: '["8.8.8.8", "8.8.4.4"]' })).toEqual({
    upstreams: [
      { ip: '8.8.8.8', port: 53 },
      { ip: '8.8.4.4', port: 53 },
    ],
    stubDomains: {
      'acme.local': [{ ip: '1.2.3.4', port: 53 }],
      corp: [
        { ip: '10.0.0.1', port: 5353 },
        { ip: '10.0.0.2', port: 53 },
      ],
    },
  });
});

test('nobody is asked where that is said', () => {
  expect(read({ upstreamNameservers: '[]' }).upstreams).toEqual([]);
});

describe('what cannot be understood is told', () => {
  const many = Object.fromEntries(Array.from({ length: 257 }, (_, at) => [`d${at}`, ['1.1.1.1']]));
  test.each<[Record<string, string>, string]>([
    [{ upstreamNameservers: '8.8.8.8' }, 'upstreamNameservers is no JSON'],
    [{ upstreamNameservers: '"8.8.8.8"' }, 'must be a list of at most 3 addresses'],
    [{ upstreamNameservers: '["1.1.1.1","1.1.1.2","1.1.1.3","1.1.1.4"]' }, 'must be a list of at most 3 addresses'],
    [{ upstreamNameservers: '["dns.example.com"]' }, '"dns.example.com" is no address'],
    [{ upstreamNameservers: '[8]' }, '8 is no address'],
    [{ stubDomains: '[]' }, 'must be an object'],
    [{ stubDomains: 'null' }, 'must be an object'],
    [{ stubDomains: '{"a b": ["1.1.1.1"]}' }, '"a b" is no domain'],
    [{ stubDomains: '{"": ["1.1.1.1"]}' }, '"" is no domain'],
    [{ stubDomains: '{"svc.cluster.local": ["1.1.1.1"]}' }, "is the cluster's own"],
    [{ stubDomains: '{"a": "1.1.1.1"}' }, 'stubDomains["a"] must be a list'],
    [{ stubDomains: JSON.stringify(many) }, 'more than 256 domains'],
    [{ stubDomains: ' '.repeat(65_537).concat('{}') }, 'longer than'],
  ])('%j: %s', (data, message) => {
    expect(() => read(data)).toThrow(BadConfig);
    expect(() => read(data)).toThrow(message);
  });
});

test('whatever is said is read, or told of as what cannot be', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.json(), fc.string()),
      fc.oneof(fc.json(), fc.string()),
      (stubDomains, upstreamNameservers) => {
        try {
          read({ stubDomains, upstreamNameservers });
        } catch (error) {
          expect(error).toBeInstanceOf(BadConfig);
        }
      },
    ),
  );
});
