import 'reflect-metadata';
import { TestAuthority } from '@binnacle/testing-cluster';
import * as x509 from '@peculiar/x509';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { certificateRequest, clientCertificate, isFor, requestName, servingCertificate } from './asked-certificate.js';
import { renewalTime } from './certificate-manager.js';
import { holds, lifetimeOf, newKey } from './key-pair.js';

const read = async (pem: Promise<string>) => new x509.Pkcs10CertificateRequest(await pem);

describe('a request', () => {
  test('of who calls has a name and a group, and is signed', async () => {
    const request = await read(certificateRequest(newKey(), clientCertificate('a')));
    expect(request.subject).toBe('O=system:nodes, CN=system:node:a');
    expect(request.extensions).toEqual([]);
    expect(await request.verify()).toBe(true);
  });

  test('of who is called has its names and addresses, each once', async () => {
    const request = await read(certificateRequest(newKey(), servingCertificate('a', ['a', '10.0.0.1', '::1', 'a'])));
    const [extension] = request.extensions;
    const names = new x509.SubjectAlternativeNameExtension(extension?.rawData as ArrayBuffer).names.items;
    expect(names.map(({ type }) => type)).toEqual(['dns', 'ip', 'ip']);
    expect(names.slice(0, 2).map(({ value }) => value)).toEqual(['a', '10.0.0.1']);
  });

  test('is called by what is asked and for which key', () => {
    const [one, other] = [newKey(), newKey()];
    const name = requestName(one, clientCertificate('a'));
    expect(name).toMatch(/^node-csr-[0-9a-f]{64}$/);
    expect(requestName(one, clientCertificate('a'))).toBe(name);
    expect(requestName(other, clientCertificate('a'))).not.toBe(name);
    expect(requestName(one, servingCertificate('a', []))).not.toBe(name);
  });
});

test('a certificate is for a node with all its names', async () => {
  const authority = await TestAuthority.create(Date.now());
  const { certificate } = await authority.issue({ commonName: 'system:node:a', hosts: ['a', '10.0.0.1'] });
  expect(isFor(certificate, clientCertificate('a'))).toBe(true);
  expect(isFor(certificate, clientCertificate('b'))).toBe(false);
  expect(isFor(certificate, servingCertificate('a', ['10.0.0.1']))).toBe(true);
  expect(isFor(certificate, servingCertificate('a', ['10.0.0.2']))).toBe(false);
});

test('a pair holds between its times', async () => {
  const pair = await (await TestAuthority.create(Date.now())).issue({ commonName: 'x' });
  const { notBefore, notAfter } = lifetimeOf(pair.certificate);
  const at = [notBefore - 1, notBefore, notAfter - 1, notAfter];
  expect(at.map((now) => holds(pair, now))).toEqual([false, true, true, false]);
  expect(holds({ ...pair, key: newKey() }, notBefore)).toBe(false);
  expect(holds(undefined, notBefore)).toBe(false);
});

test('what lives is renewed between 70 and 90 % of its life', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 1e9 }), random, (notBefore, life, chance) => {
      const share = (renewalTime({ notBefore, notAfter: notBefore + life }, chance) - notBefore) / life;
      expect(share).toBeGreaterThanOrEqual(0.7 - 1e-6);
      expect(share).toBeLessThanOrEqual(0.9 + 1e-6);
    }),
  );
});
