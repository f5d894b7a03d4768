import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSimulatedNode } from './simulated-nodes.js';

describe('the file of a simulated node', () => {
  test('needs no more than a name and an address', () => {
    expect(readSimulatedNode('{"name":"worker-1","address":"127.0.0.11"}')).toEqual({
      name: 'worker-1',
      address: '127.0.0.11',
      state: 'running',
      cpu: '4',
      memory: '8Gi',
      pods: 110,
      labels: {},
    });
  });

  test.each([
    ['{"address":"127.0.0.1"}', '"name"'],
    ['{"name":"a","address":"192.0.2.1"}', '"address"'],
    ['{"name":"a","address":"127.0.0.1","cpu":"many"}', '"cpu"'],
    ['{"name":"a","address":"127.0.0.1","state":"asleep"}', '"state"'],
    ['{"name":"a","address":"127.0.0.1","pods":-1}', '"pods"'],
    ['[]', '"name"'],
    ['null', 'an object'],
  ])('%s is refused', (text, message) => {
    expect(() => readSimulatedNode(text)).toThrow(message);
  });

  test('whatever JSON it holds is read or refused', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(() => readSimulatedNode(text)).toThrow(Error);
      }),
    );
  });
});
