import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSimulatedNode, readSimulatedNode, simulatedNodeText } from './index.js';

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
      devices: [],
    });
  });

  test.each([
    ['{"address":"127.0.0.1"}', '"name"'],
    ['{"name":"a","address":"192.0.2.1"}', '"address"'],
    ['{"name":"a","address":"127.0.0.1","cpu":"many"}', '"cpu"'],
    ['{"name":"a","address":"127.0.0.1","state":"asleep"}', '"state"'],
    ['{"name":"a","address":"127.0.0.1","pods":-1}', '"pods"'],
    ['{"name":"a..b","address":"127.0.0.1"}', '"name"'],
    ['{"name":"../x","address":"127.0.0.1"}', '"name"'],
    ['{"name":"a","address":"127.0.0.999"}', '"address"'],
    ['{"name":"a","address":"127.0.0.1","memory":"0"}', '"memory"'],
    ['{"name":"a","address":"127.0.0.1","labels":{"a b":"c"}}', '"labels"'],
    ['{"name":"a","address":"127.0.0.1","labels":{"a":7}}', '"labels"'],
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

test('what is written is read again', () => {
  const node = readSimulatedNode('{"name":"worker-1","address":"127.0.0.11","state":"stopped","labels":{"a":"b"}}');
  expect(readSimulatedNode(simulatedNodeText(node))).toEqual(node);
});

test('a file that is wrong can still be looked at', () => {
  expect(parseSimulatedNode('{"name":"a..b"}')).toMatchObject({ name: 'a..b', state: 'running', pods: 110 });
  expect(() => parseSimulatedNode('7')).toThrow('an object');
});
