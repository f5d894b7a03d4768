import { X509Certificate } from 'node:crypto';
import type * as x509 from '@peculiar/x509';
import { beforeAll, expect, test } from 'vitest';
import { certificateAuthority, type SignCertificate, unfit } from './certificate-authority.js';
import { readRequest } from './certificate-request.js';
import { usageExtensions } from './key-usages.js';
import { askedFor, testAuthority } from './testing/requests.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const HOUR = 3_600_000;
let files: { certificate: string; key: string };
let sign: SignCertificate;
beforeAll(async () => {
  files = await testAuthority(NOW + 1_000 * HOUR);
  sign = await certificateAuthority({ ...files, longest: 24 * HOUR });
});

const NAMES = [
  { type: 'dns', value: 'a.example' },
  { type: 'ip', value: '10.0.0.1' },
] as const;

test('a request is read as it was written', async () => {
  const asked = readRequest(await askedFor([{ O: ['devs'] }, { O: ['ops'] }, { CN: ['jane'] }], [...NAMES]));
  expect(asked).toMatchObject({ commonName: 'jane', organizations: ['devs', 'ops'], names: NAMES });
  expect(await asked.isSigned()).toBe(true);
});

test.each([
  ['nothing at all', ''],
  ['another kind of PEM', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
  ['no request within', '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----'],
])('%s is no request', (_, text) => expect(() => readRequest(btoa(text))).toThrow());

test('a certificate has the subject, the names and the key, is for what was said, and makes no authority', async () => {
  const asked = readRequest(await askedFor([{ O: ['devs'] }, { CN: ['jane'] }], [...NAMES]));
  const signed = new X509Certificate(await sign(asked, { usages: ['client auth', 'digital signature'] }, NOW));
  const authority = new X509Certificate(files.certificate);
  expect([signed.verify(authority.publicKey), signed.checkIssued(authority), signed.ca]).toEqual([true, true, false]);
  expect(signed.subject.split('\n')).toEqual(['O=devs', 'CN=jane']);
  expect([signed.checkHost('a.example'), signed.checkIP('10.0.0.1')]).toEqual(['a.example', '10.0.0.1']);
  expect(signed.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  const key = signed.publicKey.export({ type: 'spki', format: 'der' });
  expect(key.equals(Buffer.from(asked.publicKey.rawData))).toBe(true);
  expect(Date.parse(signed.validTo)).toBe(NOW + 24 * HOUR - 300_000);
});

test.each<[string, x509.JsonName, string | undefined]>([
  ['somebody', [{ O: ['devs'] }, { CN: ['jane'] }], undefined],
  ['nobody', [], undefined],
  [
    'who may do everything',
    [{ O: ['system:masters'] }, { CN: ['jane'] }],
    'a certificate of the group system:masters is not allowed',
  ],
  ['two at once', [{ CN: ['jane'] }, { CN: ['system:node:a'] }], 'the subject is not read alike by all'],
  [
    'who may do everything, in old letters',
    // UniversalString: four bytes a letter.
    [
      {
        O: [
          `#1c${(14 * 4).toString(16)}${[...'system:masters'].map((letter) => letter.charCodeAt(0).toString(16).padStart(8, '0')).join('')}`,
        ],
      },
      { CN: ['jane'] },
    ],
    'a certificate of the group system:masters is not allowed',
  ],
])('a certificate of %s is given out or not', async (_, name, why) => {
  const asked = readRequest(await askedFor(name));
  expect(unfit(await sign(asked, { usages: ['client auth'] }, NOW), asked)).toBe(why);
});

test('no two have the same number', async () => {
  const asked = readRequest(await askedFor([{ CN: ['jane'] }]));
  const numbers = await Promise.all(
    [1, 2].map(async () => new X509Certificate(await sign(asked, { usages: [] }, NOW)).serialNumber),
  );
  expect(numbers[0]).not.toBe(numbers[1]);
});

test('who has not the key gets nothing', async () => {
  const [one, other] = await Promise.all([askedFor([{ CN: ['a'] }]), askedFor([{ CN: ['b'] }])]);
  const asked = readRequest(one);
  const stolen = { ...asked, isSigned: async () => false };
  await expect(sign(stolen, { usages: [] }, NOW)).rejects.toThrow('unable to verify certificate request signature');
  const der = Buffer.from(
    Buffer.from(other, 'base64')
      .toString()
      .replace(/-----[^-]+-----|\s/g, ''),
    'base64',
  );
  der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
  const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----`;
  expect(await readRequest(btoa(forged)).isSigned()).toBe(false);
});

test('usages become the extensions that say them', () => {
  expect(usageExtensions([])).toEqual([]);
  expect(
    usageExtensions(['cert sign', 's/mime', 'email protection', 'any']).map(({ type, critical }) => [type, critical]),
  ).toEqual([
    ['2.5.29.15', true],
    ['2.5.29.37', false],
  ]);
  expect(() => usageExtensions(['client auth', 'fun'])).toThrow('unrecognized usage values: ["fun"]');
});
