import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { expect, test } from 'vitest';
import { fleet, podAddress, serviceAddress } from './fleet.js';

test('every Service has an address of its own, and every Pod one in the range of its node', () => {
  const all = (of: (at: number) => string, count: number) => Array.from({ length: count }, (_, at) => of(at));
  expect(new Set(all(serviceAddress, 5_100)).size).toBe(5_100);
  const pods = all(podAddress, 50_000);
  expect(new Set(pods).size).toBe(50_000);
  for (const address of [...all(serviceAddress, 5_100), ...pods])
    expect(address.split('.').every((byte) => Number(byte) <= 255)).toBe(true);
  expect(pods.every((address) => /^10\.128\.\d+\.\d+$/.test(address))).toBe(true);
});

test('there are so many Services of so many endpoints, and those that change lead to one', () => {
  const made = [...fleet({ services: 3, endpoints: 4, changed: 2 }, '10.128.0.9')];
  const slices = made.flatMap(({ path, body }) => (path.endsWith('endpointslices') ? [body as EndpointSlice] : []));
  expect(slices.map(({ endpoints }) => endpoints?.length)).toEqual([4, 4, 4, 1, 1]);
  expect(slices.at(-1)?.endpoints?.[0]?.addresses).toEqual(['10.128.0.9']);
  expect(made.filter(({ path }) => path.endsWith('/services'))).toHaveLength(5);
});
