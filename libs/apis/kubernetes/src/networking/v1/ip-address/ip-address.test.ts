import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseUpdate } from '@binnacle/apis-registry';
import type { IPAddress } from '../index.js';
import { ipAddresses } from './definition.js';
import { printer } from './printer.js';

const parentRef = { resource: 'services', namespace: 'ns', name: 'web' };
const draft = (parent: object | undefined = parentRef, name = '10.96.0.1'): IPAddress => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IPAddress',
  metadata: { name },
  spec: { parentRef: parent } as IPAddress['spec'],
});
const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

describe('an IPAddress', () => {
  it.each<[reason: string, IPAddress, expected: string[]]>([
    ['is of a Service', draft(), []],
    ['of any family', draft(parentRef, '2001:db8::1'), []],
    [
      'is written in one way',
      draft(parentRef, '2001:db8:0::1'),
      ['metadata.name: Invalid value: "2001:db8:0::1": must be in canonical form ("2001:db8::1")'],
    ],
    ['belongs to something', { ...draft(), spec: {} } as unknown as IPAddress, ['spec.parentRef: Required value']],
    [
      'that has a name',
      draft({ group: 'A', namespace: 'a/b' }),
      [
        expect.stringContaining('spec.parentRef.group: Invalid value: "A"'),
        'spec.parentRef.resource: Required value',
        'spec.parentRef.name: Required value',
        'spec.parentRef.namespace: Invalid value: "a/b": may not contain \'/\'',
      ],
    ],
  ])('%s', (_reason, address, expected) => {
    expect(texts(rehearseCreate(ipAddresses, address).errors)).toEqual(expected);
  });

  it('stays whose it is', () => {
    const { object: old } = rehearseCreate(ipAddresses, draft());
    expect(texts(rehearseUpdate(ipAddresses, draft({ ...parentRef, name: 'other' }), old).errors)).toEqual([
      'spec.parentRef: Invalid value: {"Group":"","Resource":"services","Namespace":"ns","Name":"other"}: field is immutable',
    ]);
  });

  it.each([
    ['services/ns/web', parentRef],
    ['gateways.example.com/x', { group: 'example.com', resource: 'Gateways', name: 'x' }],
    ['<none>', undefined],
  ])('is printed with whose it is: %s', (text, parent) => {
    expect(printer.row({ ...draft(), spec: { parentRef: parent } } as IPAddress, 0)[1]).toBe(text);
  });
});
