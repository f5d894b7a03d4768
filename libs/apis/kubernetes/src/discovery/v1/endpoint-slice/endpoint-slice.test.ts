import { describe, expect, it } from 'vitest';
import { endpoints } from '../../../core/v1/endpoints/definition.js';
import type { Endpoints } from '../../../core/v1/index.js';
import { rehearseCreate, rehearseUpdate } from '@binnacle/apis-registry';
import type { EndpointSlice } from '../index.js';
import { endpointSlices } from './definition.js';
import { printer } from './printer.js';

const slice = (fields: Partial<EndpointSlice> = {}): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'web-1', namespace: 'ns' },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['10.244.0.1'] }],
  ports: [{ port: 80 }],
  ...fields,
});
const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

describe('an EndpointSlice', () => {
  it('names its port, if only with nothing', () => {
    expect(rehearseCreate(endpointSlices, slice()).object.ports).toEqual([{ name: '', port: 80, protocol: 'TCP' }]);
  });

  it.each<[reason: string, Partial<EndpointSlice>, expected: string[]]>([
    [
      'has addresses of one kind',
      { addressType: 'MAC' },
      ['addressType: Unsupported value: "MAC": supported values: "FQDN", "IPv4", "IPv6"'],
    ],
    [
      'has an address for each endpoint',
      { endpoints: [{ addresses: [] }] },
      ['endpoints[0].addresses: Required value: must contain at least 1 address'],
    ],
    [
      'has addresses of its family',
      { addressType: 'IPv6', endpoints: [{ addresses: ['10.244.0.1'] }] },
      ['endpoints[0].addresses: Invalid value: "10.244.0.1": must be an IPv6 address'],
    ],
    [
      'may have endpoints on this machine, as the control plane does',
      { endpoints: [{ addresses: ['127.0.0.1'] }] },
      [],
    ],
    ['has every port name once', { ports: [{ port: 80 }, { port: 81 }] }, ['ports[1].name: Duplicate value: ""']],
    [
      'has no more than a thousand endpoints',
      { endpoints: Array.from({ length: 1001 }, () => ({ addresses: ['10.244.0.1'] })) },
      ['endpoints: Too many: 1001: must have at most 1000 items'],
    ],
  ])('%s', (_reason, fields, expected) => {
    expect(texts(rehearseCreate(endpointSlices, slice(fields)).errors)).toEqual(expected);
  });

  const { object: old } = rehearseCreate(endpointSlices, slice());

  it('leaves out the topology of v1beta1', () => {
    const endpoints = [{ addresses: ['10.244.0.1'], deprecatedTopology: { a: 'b' } }];
    expect(rehearseCreate(endpointSlices, slice({ endpoints })).object.endpoints).toEqual([
      { addresses: ['10.244.0.1'] },
    ]);
  });

  it('may keep endpoints that are not valid any more, and takes no others', () => {
    const endpoints = [{ addresses: ['010.1.1.1'] }];
    const kept = { ...old, endpoints };
    expect(texts(rehearseUpdate(endpointSlices, { ...kept, ports: [] }, kept).errors)).toEqual([]);
    expect(texts(rehearseUpdate(endpointSlices, slice({ endpoints }), old).errors)).toHaveLength(1);
  });

  it('does not change the kind of its addresses', () => {
    const next = slice({ addressType: 'FQDN', endpoints: [{ addresses: ['a.example.com'] }] });
    expect(texts(rehearseUpdate(endpointSlices, next, old).errors)).toEqual([
      'addressType: Invalid value: "FQDN": field is immutable',
    ]);
  });

  it.each<[reason: string, EndpointSlice, generation: number]>([
    ['is of a new generation with new endpoints', { ...old, endpoints: [{ addresses: ['10.244.0.2'] }] }, 2],
    ['and with new labels', { ...old, metadata: { ...old.metadata, labels: { a: 'b' } } }, 2],
    ['but not with new annotations', { ...old, metadata: { ...old.metadata, annotations: { a: 'b' } } }, 1],
  ])('%s', (_reason, next, generation) => {
    expect(rehearseUpdate(endpointSlices, next, old).object.metadata.generation).toBe(generation);
  });

  it.each<[reason: string, Partial<EndpointSlice>, ports: string, addresses: string]>([
    ['prints nothing as unset', { endpoints: [], ports: [] }, '<unset>', '<unset>'],
    ['prints a port without a number by name', { ports: [{ name: 'all' }] }, 'all', '10.244.0.1'],
    [
      'prints the first three',
      { endpoints: [{ addresses: ['a', 'b'] }, { addresses: ['c'] }, { addresses: ['d'] }] },
      '80',
      'a,b,c + 1 more...',
    ],
  ])('%s', (_reason, fields, ports, addresses) => {
    expect(printer.row(slice(fields), 0).slice(2, 4)).toEqual([ports, addresses]);
  });
});

describe('Endpoints', () => {
  const object = (subset: object): Endpoints => ({
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'web', namespace: 'ns' },
    subsets: [subset],
  });

  it.each<[reason: string, subset: object, expected: string[]]>([
    ['have addresses', {}, ['subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`']],
    [
      'name their ports where there are several',
      { addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 1 }, { port: 2, name: 'b' }] },
      ['subsets[0].ports[0].name: Required value'],
    ],
    [
      'have ports from 1 to 65535',
      { addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 0 }] },
      ['subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive'],
    ],
  ])('%s', (_reason, subset, expected) => {
    expect(texts(rehearseCreate(endpoints, object(subset)).errors)).toEqual(expected);
  });
});
