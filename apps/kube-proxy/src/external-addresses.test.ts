import { describe, expect, test } from 'vitest';
import { externalInCluster, externalInMain } from './external-addresses.js';

describe('in main', () => {
  const mayBe = externalInMain({
    externalCidrs: ['10.97.0.0/16', '10.0.0.0/8', '192.0.2.0/24'],
    taken: ['10.96.0.0/16', '10.244.0.0/16'],
    ofMachine: () => ['192.0.2.7', '198.51.100.7'],
  });

  test.each([
    ['an address of the wire', '10.97.0.1'],
    ['one the operator opened', '10.200.0.1'],
    ['one of the machine that the operator opened', '192.0.2.7'],
  ])('%s may be given', (_, address) => expect(mayBe(address)).toBe(true));

  test.each([
    ["a Service's", '10.96.0.10'],
    ["a Pod's", '10.244.1.5'],
    ["another cluster's", '10.1.16.20'],
    ["the machine's", '10.0.0.1'],
    ['one that the machine has not', '192.0.2.8'],
    ['one of the machine that was not opened', '198.51.100.7'],
    ['the loopback address as it stands', '127.0.0.1'],
    ['nothing', ''],
  ])('%s may not', (_, address) => expect(mayBe(address)).toBe(false));

  test('without ranges none may', () => {
    const none = externalInMain({ externalCidrs: [], taken: [], ofMachine: () => ['192.0.2.7'] });
    expect([none('10.97.0.1'), none('192.0.2.7')]).toEqual([false, false]);
  });
});

test('in another cluster what is left of its own network may be given', () => {
  const mayBe = externalInCluster('10.1.16.0/22', ['10.1.16.0/22', '10.1.20.0/24', '10.1.24.0/21']);
  expect(mayBe('10.1.21.1')).toBe(true);
  for (const address of ['10.1.16.20', '10.1.20.11', '10.1.24.5', '10.1.37.1', '10.97.0.1', '192.0.2.1'])
    expect(mayBe(address)).toBe(false);
});

test('a cluster without a network is given nothing', () => {
  const nowhere = '255.255.255.255/32';
  expect(externalInCluster(nowhere, [nowhere])('10.97.0.1')).toBe(false);
});
