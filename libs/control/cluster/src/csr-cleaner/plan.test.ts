import type { CertificateSigningRequest } from '@binnacle/apis-kubernetes/certificates/v1';
import { expect, test } from 'vitest';
import { expiresAt } from './plan.js';

const TIME = '2026-01-01T00:00:00Z';
const HOUR = 3_600_000;
const request = (status: object): CertificateSigningRequest => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name: 'r', creationTimestamp: TIME },
  spec: { request: '', signerName: 'example.com/s', usages: [] },
  status,
});
const is = (type: string, more: object = {}) => ({
  conditions: [{ type, status: 'True', lastUpdateTime: TIME }],
  ...more,
});

test.each([
  ['nobody decided', {}, 24],
  ['was denied', is('Denied'), 1],
  ['failed', is('Failed'), 1],
  ['was approved, and is not issued', is('Approved'), 24],
  ['was issued', is('Approved', { certificate: 'bm90IG9uZQ==' }), 1],
])('one that %s goes after its time', (_, status, hours) => {
  expect(expiresAt(request(status))).toBe(Date.parse(TIME) + hours * HOUR);
});

test('one of which no time is known stays', () => {
  expect(expiresAt(request({ conditions: [{ type: 'Denied', status: 'True' }] }))).toBeUndefined();
});
