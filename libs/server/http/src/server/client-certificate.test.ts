import { expect, test } from 'vitest';
import { clientCertificate } from './client-certificate.js';

const request = (subject: object) => ({
  raw: {
    socket: {
      remoteAddress: '::1',
      authorized: true,
      getPeerCertificate: () => ({
        subject,
        fingerprint256: 'AB:01',
        valid_to: 'Jan  1 00:00:00 2026 GMT',
        raw: Buffer.from('der'),
      }),
    },
  },
});

test('the subject of a client certificate is read whole, its uid by the number upstream took', () => {
  expect(clientCertificate(request({ CN: 'alice', O: ['dev', 'ops'], '1.3.6.1.4.1.57683.2': 'u-1' }))).toEqual({
    authorized: true,
    commonName: 'alice',
    organizations: ['dev', 'ops'],
    uids: ['u-1'],
    fingerprint: 'ab01',
    expiresAt: Date.UTC(2026, 0, 1),
    raw: Buffer.from('der'),
  });
  expect(clientCertificate(request({ CN: 'bob' }))).toMatchObject({ organizations: [], uids: [] });
});
