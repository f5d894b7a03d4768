import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseUpdate } from '@binnacle/apis-registry';
import type { StorageClass, VolumeAttributesClass } from '../index.js';
import { volumeAttributesClasses } from '../volume-attributes-class/definition.js';
import { storageClasses } from './definition.js';
import { printer } from './printer.js';
import { storageClassWarnings } from './warnings.js';

const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

const storageClass = (fields: Partial<StorageClass> = {}): StorageClass => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'fast' },
  provisioner: 'example.com/disks',
  ...fields,
});
const zones = (...values: string[]) => ({ matchLabelExpressions: [{ key: 'topology.kubernetes.io/zone', values }] });

describe('a StorageClass', () => {
  it('deletes volumes and binds them at once unless it says otherwise', () => {
    const { object } = rehearseCreate(storageClasses, storageClass());
    expect(object).toEqual({ ...storageClass(), reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' });
  });

  it.each<[reason: string, Partial<StorageClass>, expected: string[]]>([
    ['takes parameters', { parameters: { type: 'ssd', 'example.com/x': '' } }, []],
    ['says who provides volumes', { provisioner: '' }, ['provisioner: Required value']],
    [
      'names whoever provides them',
      { provisioner: 'bad provisioner' },
      [
        `provisioner: Invalid value: "bad provisioner": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      ],
    ],
    [
      'has no parameter without a name',
      { parameters: { '': 'x' } },
      ['parameters: Invalid value: "": field can not be empty.'],
    ],
    [
      'has 512 parameters at most',
      { parameters: Object.fromEntries(Array.from({ length: 513 }, (_, index) => [`p${index}`, ''])) },
      ['parameters: Too long: may not be more than 512 bytes'],
    ],
    [
      'has 256 KiB of parameters at most',
      { parameters: { a: 'x'.repeat(256 * 1024) } },
      ['parameters: Too long: may not be more than 262144 bytes'],
    ],
    ['may leave the policy empty', { reclaimPolicy: '' }, []],
    [
      'does not recycle',
      { reclaimPolicy: 'Recycle' },
      ['reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"'],
    ],
    [
      'binds in a known way',
      { volumeBindingMode: 'Never' },
      ['volumeBindingMode: Unsupported value: "Never": supported values: "Immediate", "WaitForFirstConsumer"'],
    ],
    ['may be of two zones apart', { allowedTopologies: [zones('a'), zones('b')] }, []],
    [
      'says a topology once, whatever the order',
      { allowedTopologies: [zones('a', 'b'), zones('b', 'a')] },
      ['allowedTopologies[1].matchLabelExpressions: Duplicate value: ""'],
    ],
    [
      'says each value and each key once',
      {
        allowedTopologies: [
          {
            matchLabelExpressions: [
              { key: 'zone', values: ['a', 'a'] },
              { key: 'zone', values: [] },
            ],
          },
        ],
      },
      [
        'allowedTopologies[0].matchLabelExpressions[0].values[1]: Duplicate value: "a"',
        'allowedTopologies[0].matchLabelExpressions[1].values: Required value',
        'allowedTopologies[0].matchLabelExpressions[1].key: Duplicate value: "zone"',
      ],
    ],
    [
      'has a topology that says something',
      { allowedTopologies: [{ matchLabelExpressions: [] }] },
      ['allowedTopologies[0].matchLabelExpressions: Duplicate value: ""'],
    ],
  ])('%s', (_reason, fields, expected) => {
    expect(texts(rehearseCreate(storageClasses, storageClass(fields)).errors)).toEqual(expected);
  });

  it('changes nothing that volumes were made by', () => {
    const { object: old } = rehearseCreate(storageClasses, storageClass());
    const next = storageClass({
      provisioner: 'example.com/other',
      parameters: { a: 'b' },
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'WaitForFirstConsumer',
      allowVolumeExpansion: true,
      mountOptions: ['ro'],
    });
    expect(texts(rehearseUpdate(storageClasses, next, old).errors)).toEqual([
      'parameters: Invalid value: {"a":"b"}: field is immutable',
      'provisioner: Invalid value: "example.com/other": field is immutable',
      'reclaimPolicy: Invalid value: "Retain": field is immutable',
      'volumeBindingMode: Invalid value: "WaitForFirstConsumer": field is immutable',
    ]);
  });

  it('warns of labels that are out of use', () => {
    const term = { matchLabelExpressions: [{ key: 'beta.kubernetes.io/os', values: ['linux'] }] };
    expect(storageClassWarnings(storageClass({ allowedTopologies: [term] }))).toEqual([
      'allowedTopologies[0].matchLabelExpressions[0].key: deprecated since v1.14; use "kubernetes.io/os" instead',
    ]);
  });

  it.each([
    ['storageclass.kubernetes.io/is-default-class', 'true', 'fast (default)'],
    ['storageclass.beta.kubernetes.io/is-default-class', 'true', 'fast (default)'],
    ['storageclass.kubernetes.io/is-default-class', 'false', 'fast'],
  ])('with %s: %s is shown as %s', (annotation, value, shown) => {
    const object = storageClass({ metadata: { name: 'fast', annotations: { [annotation]: value } } });
    expect(printer.row(object, 0).slice(0, 5)).toEqual([shown, 'example.com/disks', 'Delete', 'Immediate', false]);
  });
});

describe('a VolumeAttributesClass', () => {
  const attributes = (fields: Partial<VolumeAttributesClass> = {}): VolumeAttributesClass => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttributesClass',
    metadata: { name: 'gold' },
    driverName: 'disks.example.com',
    parameters: { iops: '3000' },
    ...fields,
  });

  it('has a driver and at least one parameter', () => {
    const { errors } = rehearseCreate(volumeAttributesClasses, attributes({ driverName: '', parameters: {} }));
    expect(texts(errors)).toEqual([
      'driverName: Required value',
      'parameters: Required value: must contain at least one key/value pair',
    ]);
  });

  it('never changes', () => {
    const next = attributes({ driverName: 'other.example.com', parameters: { iops: '1' } });
    expect(texts(rehearseUpdate(volumeAttributesClasses, next, attributes()).errors)).toEqual([
      'driverName: Forbidden: updates to driverName are forbidden.',
      'parameters: Forbidden: updates to parameters are forbidden.',
    ]);
  });
});
