import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  createAuthority,
  createSigningKey,
  isCurrent,
  isOf,
  isPair,
  issue,
  type KeyPair,
  readableKey,
} from './authority.js';

const NOW = Date.UTC(2026, 0, 1);
const DAY = 24 * 3_600_000;
const API_SERVER = { commonName: 'kube-apiserver', hosts: ['127.0.0.1', '::1', 'localhost', 'kubernetes.default'] };
const ALICE = { commonName: 'alice', organizations: ['dev', 'ops'] };

let authority: KeyPair;
let other: KeyPair;
beforeAll(async () => {
  [authority, other] = await Promise.all(
    ['binnacle', 'another'].map((name) => createAuthority(name, NOW)) as [Promise<KeyPair>, Promise<KeyPair>],
  );
});

describe('an authority', () => {
  test('signs itself, may sign others and nothing else, for ten years', () => {
    const parsed = new X509Certificate(authority.certificate);
    expect([parsed.subject, parsed.issuer, parsed.ca]).toEqual(['CN=binnacle', 'CN=binnacle', true]);
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(Date.parse(parsed.validTo)).toBe(NOW + 3_650 * DAY);
  });

  test('never makes the same twice', async () => {
    const [first, second] = [await createAuthority('a', NOW), await createAuthority('a', NOW)];
    expect(first.key).not.toBe(second.key);
    expect(new X509Certificate(first.certificate).serialNumber).not.toBe(
      new X509Certificate(second.certificate).serialNumber,
    );
  });
});

describe('a certificate', () => {
  test('of a server says where it answers, and is its authority’s', async () => {
    const { certificate } = await issue(authority, API_SERVER, NOW);
    const parsed = new X509Certificate(certificate);
    for (const host of ['127.0.0.1', '::1']) expect(parsed.checkIP(host)).toBeDefined();
    for (const name of ['localhost', 'kubernetes.default']) expect(parsed.checkHost(name)).toBeDefined();
    expect(parsed.checkIP('127.0.0.2')).toBeUndefined();
    expect([parsed.ca, parsed.checkIssued(new X509Certificate(authority.certificate))]).toEqual([false, true]);
    expect(parsed.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  });

  test('of a person or a component is for clients only', async () => {
    const parsed = new X509Certificate((await issue(authority, ALICE, NOW)).certificate);
    expect([parsed.keyUsage, parsed.subjectAltName]).toEqual([['1.3.6.1.5.5.7.3.2'], undefined]);
    expect(parsed.subject.split('\n').sort()).toEqual(['CN=alice', 'O=dev', 'O=ops']);
  });

  test('is who it says, to the last group', async () => {
    const { certificate } = await issue(authority, ALICE, NOW);
    expect(isOf(certificate, { ...ALICE, organizations: ['ops', 'dev'] })).toBe(true);
    expect(isOf(certificate, { ...ALICE, organizations: ['dev'] })).toBe(false);
    expect(isOf(certificate, { ...ALICE, organizations: ['dev', 'ops', 'system:masters'] })).toBe(false);
    expect(isOf(certificate, { ...ALICE, commonName: 'bob' })).toBe(false);
  });

  test('is good until a month before its end, not a millisecond longer, and for its hosts only', async () => {
    const { certificate } = await issue(authority, API_SERVER, NOW);
    const last = NOW + (365 - 30) * DAY;
    expect([isCurrent(certificate, API_SERVER, last - 1), isCurrent(certificate, API_SERVER, last)]).toEqual([
      true,
      false,
    ]);
    expect(isCurrent(certificate, { ...API_SERVER, hosts: ['127.0.0.1'] }, NOW)).toBe(true);
    expect(isCurrent(certificate, { ...API_SERVER, hosts: ['10.0.0.1'] }, NOW)).toBe(false);
  });
});

describe('a pair', () => {
  test('is a certificate, its own key and its own authority', async () => {
    const [one, two] = [await issue(authority, ALICE, NOW), await issue(authority, ALICE, NOW)];
    expect(isPair(one, authority.certificate)).toBe(true);
    expect(isPair({ ...one, key: two.key }, authority.certificate)).toBe(false);
    expect(isPair(one, other.certificate)).toBe(false);
  });

  test.each([[''], ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n']])(
    'that cannot be read (%j) is none',
    async (text) => {
      const one = await issue(authority, ALICE, NOW);
      expect(isPair({ ...one, certificate: text }, authority.certificate)).toBe(false);
      expect(isPair({ ...one, key: text }, authority.certificate)).toBe(false);
      expect(isPair(one, text)).toBe(false);
    },
  );
});

test('a key for tokens is a pair of its own', async () => {
  const { publicKey, privateKey } = await createSigningKey();
  const derived = createPublicKey(createPrivateKey(privateKey)).export({ type: 'spki', format: 'der' });
  expect(createPublicKey(publicKey).export({ type: 'spki', format: 'der' }).equals(derived)).toBe(true);
});

describe('keys', () => {
  test('are in the form that all clients read', async () => {
    const { key } = await issue(authority, ALICE, NOW);
    const { privateKey } = await createSigningKey();
    for (const pem of [authority.key, key, privateKey]) expect(pem).toMatch(/^-----BEGIN EC PRIVATE KEY-----\n/);
  });

  test('of an older version are still used, and shown in that form', async () => {
    const older = createPrivateKey(authority.key).export({ type: 'pkcs8', format: 'pem' }).toString();
    const pair = await issue({ ...authority, key: older }, ALICE, NOW);
    expect(isPair(pair, authority.certificate)).toBe(true);
    expect(readableKey(older)).toBe(authority.key);
  });
});
