import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseUpdate } from '@binnacle/apis-registry';
import type { CapacityRequestPolicy, Device, DeviceAttribute, ResourceSlice, ResourceSliceSpec } from '../index.js';
import { resourceSlices } from './definition.js';
import { printer } from './printer.js';

const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

const CREATED = '2026-01-01T00:00:00Z';
const slice = (spec: Partial<ResourceSliceSpec> = {}): ResourceSlice => ({
  apiVersion: 'resource.k8s.io/v1',
  kind: 'ResourceSlice',
  metadata: { name: 'x', creationTimestamp: CREATED },
  spec: {
    driver: 'gpu.example.com',
    nodeName: 'node-1',
    pool: { name: 'node-1', resourceSliceCount: 1, generation: 0 },
    ...spec,
  },
});
const { nodeName: _, ...NOWHERE } = slice().spec;
const problems = (spec: Partial<ResourceSliceSpec>) => texts(rehearseCreate(resourceSlices, slice(spec)).errors);
const gpu = (fields: Partial<Device> = {}): Device => ({ name: 'gpu-0', ...fields });
const terms = (count: number) => ({
  nodeSelectorTerms: Array.from({ length: count }, () => ({
    matchExpressions: [{ key: 'a', operator: 'Exists' }],
  })),
});
const ONE_PLACE = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required';

describe('a ResourceSlice', () => {
  it.each<[reason: string, Partial<ResourceSliceSpec>, expected: string[]]>([
    ['may be of no devices', {}, []],
    ['may share counters', { sharedCounters: [{ name: 'memory', counters: { bank: { value: '1Gi' } } }] }, []],
    ['is of a driver', { driver: '' }, ['spec.driver: Required value']],
    [
      'is of a pool',
      { pool: { name: '', resourceSliceCount: 0, generation: -1 } },
      [
        'spec.pool.name: Required value',
        'spec.pool.resourceSliceCount: Invalid value: 0: must be greater than zero',
        'spec.pool.generation: Invalid value: -1: must be greater than or equal to zero',
      ],
    ],
    [
      'is in one place',
      { allNodes: true },
      ['spec: Invalid value: "{`nodeName`, `allNodes`}": ' + `${ONE_PLACE}, but multiple fields are set`],
    ],
    [
      'says places or nothing',
      { nodeName: '', allNodes: false, perDeviceNodeSelection: false },
      [
        'spec.nodeName: Invalid value: "": must be either unset or set to a non-empty string',
        'spec.allNodes: Invalid value: false: must be either unset or set to true',
        'spec.perDeviceNodeSelection: Invalid value: false: must be either unset or set to true',
        `spec: Required value: ${ONE_PLACE}`,
      ],
    ],
    [
      'is of devices or of counters',
      { devices: [gpu()], sharedCounters: [{ name: '', counters: {} }] },
      [
        'spec: Invalid value: "": only one of `sharedCounters` or `devices` is allowed',
        'spec.sharedCounters[0].name: Required value',
        'spec.sharedCounters[0].counters: Required value',
      ],
    ],
    ['has each device once', { devices: [gpu(), gpu()] }, ['spec.devices[1]: Duplicate value: "gpu-0"']],
    [
      'has 128 devices at most',
      { devices: Array.from({ length: 129 }, (_device, index) => gpu({ name: `gpu-${index}` })) },
      ['spec.devices: Too many: 129: must have at most 128 items'],
    ],
    [
      'and 64 where any is tainted',
      {
        devices: Array.from({ length: 65 }, (_device, index) =>
          gpu({ name: `gpu-${index}`, taints: index ? [] : [{ key: 'a', effect: 'None' }] }),
        ),
      },
      ['spec.devices: Too many: 65: must have at most 64 items'],
    ],
  ])('%s', (_reason, spec, expected) => expect(problems(spec)).toEqual(expected));

  it('of several nodes says them in one term', () => {
    const spec = { ...NOWHERE, nodeSelector: terms(2) };
    expect(texts(rehearseCreate(resourceSlices, { ...slice(), spec }).errors)).toEqual([
      expect.stringMatching(/^spec\.nodeSelector\.nodeSelectorTerms: .*: must have exactly one node selector term$/),
    ]);
  });

  it('stays at its node, with its driver, in its pool', () => {
    const { object: old } = rehearseCreate(resourceSlices, slice());
    const pool = { name: 'other', resourceSliceCount: 1, generation: 0 };
    const { object, errors } = rehearseUpdate(resourceSlices, slice({ driver: 'b', nodeName: 'b', pool }), old);
    expect(texts(errors)).toEqual([
      'spec.pool.name: Invalid value: "other": field is immutable',
      'spec.driver: Invalid value: "b": field is immutable',
      'spec.nodeName: Invalid value: "b": field is immutable',
    ]);
    expect(object.metadata.generation).toBe(2);
  });

  it('warns of a driver in capitals, is found by its node, and shows it', () => {
    const object = slice({ driver: 'GPU.example.com' });
    expect(resourceSlices.strategy.warnings?.(object as never)).toEqual([
      'spec.driver: driver names should be lowercase; "GPU.example.com" contains uppercase characters',
    ]);
    expect(resourceSlices.fields['spec.nodeName']?.(object as never)).toBe('node-1');
    expect(printer.row(object, 0).slice(0, 4)).toEqual(['x', 'node-1', 'GPU.example.com', 'node-1']);
  });

  it('says since when devices are tainted, and keeps no field of an alpha feature', () => {
    const said = slice({
      devices: [
        gpu({
          taints: [{ key: 'a', effect: 'None' }],
          attributes: { a: { strings: ['x'] } },
          nodeAllocatableResourceMappings: { cpu: { allocationMultiplier: '2' } },
        }),
      ],
    });
    const { object } = rehearseCreate(resourceSlices, said);
    expect(object.spec.devices).toEqual([
      gpu({ taints: [{ key: 'a', effect: 'None', timeAdded: CREATED }], attributes: { a: {} } }),
    ]);
  });
});

describe('a device', () => {
  const faults = (fields: Partial<Device>, spec: Partial<ResourceSliceSpec> = {}) =>
    problems({ devices: [gpu(fields)], ...spec }).map((text) => text.replace('spec.devices[0]', 'device'));

  it.each<[reason: string, Partial<Device>, expected: string[]]>([
    [
      'may have attributes',
      { attributes: { model: { string: 'x' }, 'example.com/v': { version: '1.2.3-rc.1+b' } } },
      [],
    ],
    [
      'has a name',
      { name: 'GPU' },
      [expect.stringContaining('device.name: Invalid value: "GPU": a lowercase RFC 1123')],
    ],
    [
      'has attributes with names',
      { attributes: { 'a-b': { bool: true }, '/x': { bool: true }, 'example.com/': { bool: true } } },
      [
        expect.stringContaining('device.attributes: Invalid value: "a-b": a valid C identifier'),
        'device.attributes: Invalid value: "": the domain must not be empty',
        'device.attributes: Invalid value: "": the name must not be empty',
      ],
    ],
    [
      'has at most 32 facts',
      { attributes: Object.fromEntries(Array.from({ length: 33 }, (_value, index) => [`a${index}`, { int: 1 }])) },
      ['device: Invalid value: 33: the total number of attributes and capacities must not exceed 32'],
    ],
    [
      'has well-formed taints',
      {
        taints: [
          { key: '', effect: '', value: 'a b' },
          { key: 'a', effect: 'Hope' },
        ],
      },
      [
        expect.stringContaining('device.taints[0].key: Invalid value: "": name part must be non-empty'),
        expect.stringContaining('device.taints[0].key: Invalid value: "": name part must consist'),
        expect.stringContaining('device.taints[0].value: Invalid value: "a b": a valid label'),
        'device.taints[0].effect: Required value',
        'device.taints[1].effect: Unsupported value: "Hope": supported values: "NoExecute", "NoSchedule", "None"',
      ],
    ],
    [
      'uses up counters of a set, once',
      {
        consumesCounters: [
          { counterSet: 'a', counters: { b: { value: '1' } } },
          { counterSet: 'a', counters: {} },
        ],
      },
      ['device.consumesCounters[1].counters: Required value', 'device.consumesCounters[1]: Duplicate value: "a"'],
    ],
    [
      'is where its slice is',
      { nodeName: 'node-1' },
      [
        'device: Invalid value: null: `nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec',
      ],
    ],
    [
      'waits for something that can fail',
      { bindingConditions: ['a', 'a'] },
      [
        'device.bindingConditions[1]: Duplicate value: "a"',
        'device.bindingFailureConditions: Invalid value: null: bindingFailureConditions are required to use bindingConditions',
      ],
    ],
    [
      'fails by something it does not wait for',
      { bindingConditions: ['a'], bindingFailureConditions: ['a'] },
      [
        'device.bindingFailureConditions[0]: Invalid value: "a": bindingFailureConditions must not overlap with bindingConditions',
      ],
    ],
    [
      'fails only where it waits',
      { bindingFailureConditions: ['a'] },
      ['device.bindingConditions: Invalid value: null: bindingConditions are required to use bindingFailureConditions'],
    ],
    [
      'alone is not portioned',
      { capacity: { memory: { value: '1Gi', requestPolicy: {} } } },
      ['device.capacity[memory].requestPolicy: Forbidden: allowMultipleAllocations must be true'],
    ],
  ])('%s', (_reason, fields, expected) => expect(faults(fields)).toEqual(expected));

  it.each<[DeviceAttribute, expected: string[]]>([
    [{ int: 1 }, []],
    [{}, ['Invalid value: "": exactly one value must be specified']],
    [{ int: 1, bool: true }, ['Invalid value: {"int":1,"bool":true}: exactly one value must be specified']],
    [{ version: '1.2' }, ['Invalid value: "1.2": must be a string compatible with semver.org spec 2.0.0']],
    [{ string: 'x'.repeat(65) }, ['Too long: may not be more than 64 bytes']],
  ])('says one thing of an attribute: %j', (attribute, expected) => {
    const said = faults({ attributes: { a: attribute } }).map((text) =>
      text.replace(/^device\.attributes\[a\]\S*: /, ''),
    );
    expect(said).toEqual(expected);
  });

  it('of a slice that leaves it to devices says where it is', () => {
    const each = (fields: Partial<Device>) =>
      texts(
        rehearseCreate(resourceSlices, {
          ...slice(),
          spec: { ...NOWHERE, perDeviceNodeSelection: true, devices: [gpu(fields)] },
        }).errors,
      );
    expect(each({ nodeName: 'node-1' })).toEqual([]);
    expect(each({})).toEqual([expect.stringContaining('spec.devices[0]: Required value: exactly one of')]);
    expect(each({ nodeName: '', allNodes: false, nodeSelector: terms(1) })).toEqual([
      'spec.devices[0].nodeName: Invalid value: "": must not be empty',
      'spec.devices[0].allNodes: Invalid value: false: must be either unset or set to true',
    ]);
    expect(each({ nodeName: 'a', allNodes: true })).toEqual([
      expect.stringContaining('spec.devices[0]: Invalid value: "{`nodeName`, `allNodes`}": exactly one of'),
    ]);
  });

  const range = (fields: object, usual = '2') => ({ default: usual, validRange: { min: '1', ...fields } });

  it.each<[reason: string, CapacityRequestPolicy, expected: string[]]>([
    ['in any amount', {}, []],
    ['in steps', range({ max: '9', step: '1' }), []],
    ['in some amounts', { default: '2', validValues: ['1', '2'] }, []],
    [
      'in one way',
      { ...range({}), validValues: ['1'] },
      [
        ': Forbidden: exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time',
      ],
    ],
    ['in a usual amount', { validValues: ['1'] }, ['.default: Required value: required when validValues is defined']],
    [
      'in a usual amount of a range',
      { validRange: { min: '1' } },
      ['.default: Required value: required when validRange is defined'],
    ],
    [
      'in amounts that rise, differ and are there',
      { default: '3', validValues: ['2', '1', '1', '20'] },
      [
        '.validValues[1]: Invalid value: "1": values must be sorted in ascending order',
        '.validValues[3]: Invalid value: "20": option is larger than capacity value: 10',
        '.validValues[2]: Duplicate value: "1"',
        '.validValues: Invalid value: "3": default value is not valid according to the requestPolicy',
      ],
    ],
    [
      'within what is there',
      range({ min: '11', max: '20', step: '4' }, '10'),
      [
        '.validRange.min: Invalid value: "11": min is larger than capacity value: 10',
        '.validRange.min: Invalid value: "10": default is less than min: 11',
        '.validRange.max: Invalid value: "20": max is larger than capacity value: 10',
        '.validRange.step: Invalid value: "4": one step 15 is larger than capacity value: 10',
        '.validRange.step: Invalid value: "10": value is not a multiple of a given step (4) from (11)',
        '.validRange.step: Invalid value: "20": value is not a multiple of a given step (4) from (11)',
      ],
    ],
    [
      'within its own range',
      range({ min: '5', max: '4' }, '6'),
      [
        '.validRange.max: Invalid value: "5": min is larger than max: 4',
        '.validRange.max: Invalid value: "6": default is more than max: 4',
      ],
    ],
  ])('that is shared is portioned %s', (_reason, requestPolicy, expected) => {
    const capacity = { memory: { value: '10', requestPolicy } };
    const found = faults({ allowMultipleAllocations: true, capacity });
    expect(found.map((text) => text.replace('device.capacity[memory].requestPolicy', ''))).toEqual(expected);
  });
});
