import type { IPAddress, ServiceCIDR } from '@binnacle/apis-kubernetes/networking/v1';
import { formatTime } from '@binnacle/machinery-meta';
import { describe, expect, test } from 'vitest';
import { planServiceCidr, PROTECTION } from './plan.js';

const NOW = Date.UTC(2026, 0, 1);
const apiVersion = 'networking.k8s.io/v1';
const range = (name: string, cidr: string, more: Partial<ServiceCIDR['metadata']> = {}): ServiceCIDR => ({
  apiVersion,
  kind: 'ServiceCIDR',
  metadata: { name, finalizers: [PROTECTION], ...more },
  spec: { cidrs: [cidr] },
});
const going = (cidr: string, secondsAgo = 60) =>
  range('r', cidr, { deletionTimestamp: formatTime(NOW - secondsAgo * 1000) });
const address = (name: string): IPAddress => ({
  apiVersion,
  kind: 'IPAddress',
  metadata: { name },
  spec: { parentRef: { resource: 'services', name: 'web' } },
});

describe('a range', () => {
  test('is protected and ready', () => {
    expect(planServiceCidr(range('r', '10.0.0.0/24', { finalizers: [] }), [], [], NOW)).toMatchObject({
      finalizer: 'add',
      condition: { type: 'Ready', status: 'True', lastTransitionTime: formatTime(NOW) },
    });
  });

  test('that is so is left alone', () => {
    const ready = { type: 'Ready', status: 'True', reason: '', message: '', lastTransitionTime: '' };
    expect(planServiceCidr({ ...range('r', '10.0.0.0/24'), status: { conditions: [ready] } }, [], [], NOW)).toEqual({});
  });

  test.each<[string, ServiceCIDR, ServiceCIDR[], string[], object]>([
    ['goes when nobody has an address of it', going('10.0.0.0/24'), [], ['10.0.1.1'], { finalizer: 'remove' }],
    ['waits until servers know that it goes', going('10.0.0.0/24', 4), [], [], { again: NOW + 6000 }],
    [
      'stays while somebody has',
      going('10.0.0.0/24'),
      [],
      ['10.0.0.7'],
      { condition: { type: 'Ready', status: 'False', reason: 'Terminating' }, again: NOW + 10_000 },
    ],
    [
      'goes where another holds that address',
      going('10.0.0.0/24'),
      [range('o', '10.0.0.0/28')],
      ['10.0.0.7'],
      { finalizer: 'remove' },
    ],
    [
      'stays where another holds only some',
      going('10.0.0.0/24'),
      [range('o', '10.0.0.0/28')],
      ['10.0.0.7', '10.0.0.77'],
      { condition: { status: 'False' } },
    ],
    [
      'goes within a larger one',
      going('10.0.0.0/24'),
      [range('o', '10.0.0.0/16')],
      ['10.0.0.7'],
      { finalizer: 'remove' },
    ],
    [
      'that nobody protects is left to go',
      range('r', '10.0.0.0/24', { ...going('').metadata, finalizers: [] }),
      [],
      [],
      {},
    ],
  ])('%s', (_, subject, others, ips, expected) => {
    expect(planServiceCidr(subject, [subject, ...others], ips.map(address), NOW)).toMatchObject(expected);
  });
});
