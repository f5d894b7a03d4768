import { openApiV3 } from '@binnacle/apis-schema';
import { expect, test } from 'vitest';
import type { TLSCertificate } from './index.js';
import { tlsCertificates } from './tls-certificate/definition.js';
import { printer } from './tls-certificate/printer.js';

const now = Date.parse('2026-11-30T12:00:00Z');
const certificate: TLSCertificate = {
  apiVersion: 'networking.binnacle.dev/v1',
  kind: 'TLSCertificate',
  metadata: { name: 'cert', namespace: 'shop', creationTimestamp: '2026-11-30T11:55:00Z' },
  status: { names: ['a.example', '*.b.example'], notAfter: '2026-12-12T13:00:00Z', issuer: 'CN=ca', keyFits: true },
};

test('a certificate is printed with its names and the days it has left', () => {
  expect(printer.row(certificate, now)).toEqual(['cert', 'a.example,*.b.example', '12d', '', '5m', 'CN=ca', 'true']);
  const ended = { ...certificate, status: { notAfter: '2026-11-27T12:00:00Z' } };
  expect(printer.row(ended, now)[2]).toBe('-3d');
  const bare = { ...certificate, status: { problem: 'NoKey' } as const };
  expect(printer.row(bare, now)).toEqual(['cert', '', '', 'NoKey', '5m', '', '']);
});

test('it is read, by who may view, and every field of it is described', async () => {
  expect([tlsCertificates.verbs, tlsCertificates.roles]).toEqual([['get', 'list', 'watch'], ['view']]);
  const document = JSON.parse(
    JSON.stringify(await openApiV3({ group: 'networking.binnacle.dev', version: 'v1' }, [tlsCertificates], 'v1')),
  );
  const { properties } = document.components.schemas['dev.binnacle.networking.v1.TLSCertificateStatus'];
  const described = Object.values<{ description?: string }>(properties).every(({ description }) => description);
  expect([Object.keys(properties).length, described]).toEqual([7, true]);
});
