import type { LogicalCluster } from '@binnacle/client-clusters';
import { ConfigError } from '@binnacle/process-config';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { poolsIn, readLoadBalancerRanges } from './load-balancer-ranges.js';

const clusterOf = (name: string, network: LogicalCluster['network'] = {}) => ({ name, network }) as LogicalCluster;

test('ranges are told with or without a class', () => {
  const ranges = readLoadBalancerRanges('127.97.0.0/24, example.com/inner=127.98.0.0/24,127.97.1.0/24,2001:db8::/112');
  expect([...ranges]).toEqual([
    [undefined, ['127.97.0.0/24', '127.97.1.0/24', '2001:db8::/112']],
    ['example.com/inner', ['127.98.0.0/24']],
  ]);
  expect(readLoadBalancerRanges('').size).toBe(0);
});

test.each([
  ['127.97.0.1', 'must be'],
  ['127.97.0.1/24', 'must not have bits set'],
  ['a b=127.97.0.0/24', '"a b" is no class of load balancers'],
  ['=127.97.0.0/24', '"" is no class'],
  ['inner=', '""'],
])('%s is refused', (text, message) => {
  expect(() => readLoadBalancerRanges(text)).toThrow(ConfigError);
  expect(() => readLoadBalancerRanges(text)).toThrow(message);
});

test('whatever is said is read, or refused as a mistake', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('1', '2', '.', '/', '=', ',', 'a', ':') }), (text) => {
      try {
        readLoadBalancerRanges(text);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
      }
    }),
  );
});

test('a cluster has what the operator says, or its own range for all classes', () => {
  const ranges = readLoadBalancerRanges('127.97.0.0/24,inner=127.98.0.0/24');
  expect([...poolsIn(clusterOf('main'), ranges)].map(([name, pool]) => [name, pool.ranges])).toEqual([
    [undefined, ['127.97.0.0/24']],
    ['inner', ['127.98.0.0/24']],
  ]);
  const own = poolsIn(clusterOf('lab', { loadBalancerCIDR: '10.1.21.0/24' }), ranges);
  expect(own.get('inner')).toBe(own.get(undefined));
  expect(own.get(undefined)?.ranges).toEqual(['127.1.21.0/24']);
  expect(poolsIn(clusterOf('old'), ranges).get(undefined)?.ranges).toEqual([]);
});
