import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { devicesOf, readDevices, readSimulatedNode } from './index.js';

const gpu = (more: object = {}) => [{ type: 'gpu', ...more }];

describe('the devices of a simulated node', () => {
  test('are told of as a driver does', () => {
    const kinds = readDevices([
      {
        type: 'gpu',
        count: 2,
        attributes: { model: 'a100', cores: 8, nvlink: true },
        capacity: { memory: '80Gi' },
        taints: [{ key: 'example.com/broken', effect: 'NoExecute', index: 1 }],
      },
      { type: 'nic', shared: true },
    ]);
    const attributes = (type: string, index: number) => ({ type: { string: type }, index: { int: index } });
    const own = { model: { string: 'a100' }, cores: { int: 8 }, nvlink: { bool: true } };
    const capacity = { memory: { value: '80Gi' } };
    expect(devicesOf(kinds)).toEqual([
      { name: 'gpu-0', attributes: { ...own, ...attributes('gpu', 0) }, capacity },
      {
        name: 'gpu-1',
        attributes: { ...own, ...attributes('gpu', 1) },
        capacity,
        taints: [{ key: 'example.com/broken', effect: 'NoExecute' }],
      },
      { name: 'nic-0', attributes: attributes('nic', 0), allowMultipleAllocations: true },
    ]);
  });

  test.each<[string, unknown, string]>([
    ['no list', {}, 'a list'],
    ['no objects', [7], 'a list of objects'],
    ['no type', [{}], '"type"'],
    ['a type that is no name', [{ type: 'GPU!' }], '"type"'],
    ['no whole number', gpu({ count: 1.5 }), '"count"'],
    ['none', gpu({ count: 0 }), '"count"'],
    ['too many', gpu({ count: 257 }), 'no more than 256'],
    ['an attribute of ours', gpu({ attributes: { index: 7 } }), '"attributes"'],
    ['an attribute that is no value', gpu({ attributes: { a: {} } }), '"attributes"'],
    ['an attribute that is too long', gpu({ attributes: { a: 'x'.repeat(65) } }), '"attributes"'],
    ['a capacity that is no amount', gpu({ capacity: { a: 'many' } }), '"capacity"'],
    ['a taint without effect', gpu({ taints: [{ key: 'a' }] }), '"taints"'],
    ['a taint of a device that is not there', gpu({ taints: [{ key: 'a', effect: 'None', index: 1 }] }), '"taints"'],
    ['one type twice', [...gpu(), ...gpu()], '"type" of their own'],
  ])('cannot be %s', (_, value, why) => {
    expect(() => readDevices(value)).toThrow(why);
  });

  test('are read or refused, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.jsonValue().filter((value) => !Array.isArray(value) || value.length > 0),
        (value) => {
          expect(() => readDevices(value)).toThrow('"devices"');
        },
      ),
    );
  });

  test('stand in its file', () => {
    const file = { name: 'a', address: '127.0.0.1', devices: gpu() };
    expect(readSimulatedNode(JSON.stringify(file)).devices).toMatchObject([{ type: 'gpu', count: 1 }]);
    expect(() => readSimulatedNode(JSON.stringify({ ...file, devices: 'gpu' }))).toThrow('"devices"');
  });
});
