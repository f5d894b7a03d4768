import type { ClientCertificate } from '@binnacle/server-auth';
import { describe, expect, test } from 'vitest';
import { sourceAddresses } from './source-addresses.js';

const certificate = (commonName: string, authorized = true): ClientCertificate => ({
  authorized,
  commonName,
  organizations: [],
  fingerprint: '',
});
const from = (forwarded: string | undefined, who?: ClientCertificate) =>
  sourceAddresses(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }, {
    address: '192.0.2.1',
    certificate: who,
  });

describe('where a request came from', () => {
  test('is what our own front door says of it, and the front door', () => {
    expect(from('198.51.100.7, 203.0.113.2', certificate('system:web'))).toEqual([
      '198.51.100.7',
      '203.0.113.2',
      '192.0.2.1',
    ]);
    expect(from(undefined, certificate('system:web'))).toEqual(['192.0.2.1']);
    expect(from(' , ,', certificate('system:web'))).toEqual(['192.0.2.1']);
  });

  test.each([
    ['nobody known', undefined],
    ['an administrator', certificate('admin')],
    ['who calls itself the front door by another authority', certificate('system:web', false)],
  ])('is the address of the connection where %s says something else', (_, who) => {
    expect(from('198.51.100.7', who)).toEqual(['192.0.2.1']);
  });

  test('is told in few and short words, the nearest of them', () => {
    const many = Array.from({ length: 50 }, (_, index) => `10.0.0.${index}`).join(',');
    expect(from(many, certificate('system:web'))).toHaveLength(11);
    expect(from(many, certificate('system:web')).slice(-2)).toEqual(['10.0.0.49', '192.0.2.1']);
    expect(from('x'.repeat(5000), certificate('system:web'))).toEqual(['x'.repeat(64), '192.0.2.1']);
  });
});
