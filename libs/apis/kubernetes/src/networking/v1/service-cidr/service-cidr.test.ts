import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import type { ServiceCIDR } from '../index.js';
import { serviceCidrs } from './definition.js';

const draft = (...cidrs: string[]): ServiceCIDR => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'ServiceCIDR',
  metadata: { name: 'more' },
  spec: { cidrs },
});
const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);
const FAMILIES = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64';

describe('a ServiceCIDR', () => {
  it.each<[reason: string, cidrs: string[], expected: string[]]>([
    ['may be of both families', ['10.0.0.0/16', '2001:db8::/64'], []],
    ['has a network', [], ['spec.cidrs: Required value: at least one CIDR required']],
    [
      'or two',
      ['10.0.0.0/16', '2001:db8::/64', '10.1.0.0/16'],
      [
        'spec.cidrs: Invalid value: {"CIDRs":["10.0.0.0/16","2001:db8::/64","10.1.0.0/16"]}: may only hold up to 2 values',
      ],
    ],
    [
      'not of one family',
      ['10.0.0.0/16', '10.1.0.0/16'],
      [`spec.cidrs: Invalid value: ["10.0.0.0/16","10.1.0.0/16"]: ${FAMILIES}`],
    ],
    [
      'is written in one way',
      ['10.0.0.1/16', '2001:DB8::/64'],
      [
        'spec.cidrs[0]: Invalid value: "10.0.0.1/16": must not have bits set beyond the prefix length',
        'spec.cidrs[1]: Invalid value: "2001:DB8::/64": must be in canonical form ("2001:db8::/64")',
      ],
    ],
    [
      'is one',
      ['ten'],
      ['spec.cidrs[0]: Invalid value: "ten": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'],
    ],
  ])('%s', (_reason, cidrs, expected) => {
    expect(texts(rehearseCreate(serviceCidrs, draft(...cidrs)).errors)).toEqual(expected);
  });

  it.each<[reason: string, old: string[], next: string[], expected: string[]]>([
    ['stays', ['10.0.0.0/16'], ['10.0.0.0/16'], []],
    ['gets a second family', ['10.0.0.0/16'], ['10.0.0.0/16', '2001:db8::/64'], []],
    [
      'which is one',
      ['10.0.0.0/16'],
      ['10.1.0.0/16', 'x'],
      [
        'spec.cidrs[0]: Invalid value: "10.1.0.0/16": field is immutable',
        expect.stringContaining('spec.cidrs[1]: Invalid value: "x": must be a valid CIDR value'),
      ],
    ],
    [
      'does not change',
      ['10.0.0.0/16'],
      ['10.1.0.0/16'],
      ['spec.cidrs[0]: Invalid value: "10.1.0.0/16": field is immutable'],
    ],
    [
      'nor shrink',
      ['10.0.0.0/16', '2001:db8::/64'],
      ['10.0.0.0/16'],
      ['spec.cidrs: Invalid value: ["10.0.0.0/16"]: field is immutable'],
    ],
  ])('%s', (_reason, before, after, expected) => {
    const { object: old } = rehearseCreate(serviceCidrs, draft(...before));
    expect(texts(rehearseUpdate(serviceCidrs, draft(...after), old).errors)).toEqual(expected);
  });

  it('is held by who says of which domain it is', () => {
    const { object: old } = rehearseCreate(serviceCidrs, draft('10.0.0.0/16'));
    const next = { ...old, metadata: { ...old.metadata, finalizers: ['mine', 'example.com/x'] } };
    expect(rehearseUpdate(serviceCidrs, next, old).errors.map(({ field }) => field)).toEqual([
      'metadata.finalizers[0]',
    ]);
    expect(rehearseStatusUpdate(serviceCidrs, draft('10.0.0.0/16'), old).object.status).toEqual({});
  });

  it('has a status that its controller writes, and nothing else', () => {
    const { object: old } = rehearseCreate(serviceCidrs, { ...draft('10.0.0.0/16'), status: { conditions: [] } });
    const status = {
      conditions: [
        { type: 'Ready', status: 'True', reason: 'A', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
      ],
    };
    expect(old.status).toEqual({});
    expect(rehearseUpdate(serviceCidrs, { ...old, status } as ServiceCIDR, old).object.status).toEqual({});
    const next = { ...draft('10.9.0.0/16'), metadata: { name: 'more', labels: { a: 'b' } }, status } as ServiceCIDR;
    const { object } = rehearseStatusUpdate(serviceCidrs, next, old);
    expect(object).toMatchObject({
      metadata: { name: 'more' },
      spec: old.spec,
      status: { conditions: [{ type: 'Ready' }] },
    });
    expect(object.metadata).not.toHaveProperty('labels');
  });
});
