import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseYaml } from '@binnacle/machinery-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layout } from '../data-dir/layout.js';
import { prepareDataDir } from '../data-dir/prepare.js';
import { ensureCredentials } from '../pki/credentials.js';
import { durationOf } from './duration.js';
import { kubeconfig } from './kubeconfig.js';
import { keptKeys, rotateServiceAccountKey } from './rotate-service-account-key.js';
import { listenToStdout } from '../testing/said.js';

const NOW = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;
const dataDir = mkdtempSync(join(tmpdir(), 'bn-'));
const dir = layout(dataDir);
listenToStdout();
const pki = (name: string) => readFileSync(join(dir.pki, name), 'utf8');
beforeAll(async () => {
  prepareDataDir(dir);
  await ensureCredentials(dir, { server: 'https://127.0.0.1:6443', hosts: ['127.0.0.1'], nodeName: 'n', now: NOW });
});
afterAll(() => rmSync(dataDir, { recursive: true }));

const output = join(dataDir, 'jane.conf');
async function made(flags: object) {
  await kubeconfig({ dataDir, output, ...flags }, NOW);
  const config = parseYaml(readFileSync(output, 'utf8')).value as Record<string, never>;
  const [one] = config.users as unknown as { user: Record<string, string> }[];
  const text = (name: string) => Buffer.from(one?.user[name] ?? '', 'base64').toString();
  return { config, certificate: new X509Certificate(text('client-certificate-data')), key: text('client-key-data') };
}

describe('a kubeconfig for somebody', () => {
  it('has a certificate of the authority with their name and groups, for as long as was said, and is theirs to read alone', async () => {
    const { config, certificate, key } = await made({ user: 'jane', group: ['dev', 'ops'], ttl: '8h' });
    expect(certificate.subject.split('\n').sort()).toEqual(['CN=jane', 'O=dev', 'O=ops']);
    expect(certificate.verify(new X509Certificate(pki('ca.crt')).publicKey)).toBe(true);
    expect([Date.parse(certificate.validTo), certificate.ca]).toEqual([NOW + 8 * HOUR, false]);
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(config).toMatchObject({ 'current-context': 'jane@binnacle' });
    expect(statSync(output).mode & 0o777).toBe(0o600);
  });

  it('holds a day unless it is said, and may be for another cluster', async () => {
    const { certificate, config } = await made({ user: 'jane', cluster: 'lab' });
    expect(Date.parse(certificate.validTo)).toBe(NOW + 24 * HOUR);
    expect(config).toMatchObject({
      'current-context': 'lab',
      clusters: [{ cluster: { server: 'https://127.0.0.1:6443/clusters/lab' } }],
    });
  });

  it.each([
    [{ user: 'jane', group: ['system:masters'] }, 'may do everything'],
    [{ user: 'jane', group: ['system:nodes'] }, "is the cluster's own"],
    [{ user: 'system:web' }, "is the cluster's own"],
    [{ user: '' }, 'is no name'],
    [{ user: ' jane' }, 'is no name'],
    [{ user: 'a\nb' }, 'is no name'],
    [{ user: 'x'.repeat(257) }, 'is no name'],
    [{ user: 'jane', group: [''] }, 'is no name'],
    [{ user: 'jane', group: Array.from({ length: 65 }, (_, index) => `g${index}`) }, 'at most 64 groups'],
    [{ user: 'jane', ttl: 'soon' }, 'is no length of time'],
    [{ user: 'jane', ttl: '9999d' }, 'the authority itself ends in'],
    [{ group: ['dev'] }, 'name them with --user'],
  ])('for %j is refused', async (flags, message) => {
    await expect(kubeconfig({ dataDir, ...flags }, NOW)).rejects.toThrow(message);
  });

  it('may have names of the cluster’s own where that is said', async () => {
    const { certificate } = await made({ user: 'root', group: ['system:masters'], allowSystem: true });
    expect(certificate.subject).toContain('O=system:masters');
  });
});

describe('a length of time', () => {
  it.each([
    ['90s', 90_000],
    ['30m', 30 * 60_000],
    ['8h', 8 * HOUR],
    ['7d', 168 * HOUR],
  ])('%s is read', (text, expected) => expect(durationOf('--ttl', text)).toBe(expected));
  it.each(['', '0h', '1', 'h', '-1h', '1.5h', '1w', '99999999d'])('%j is none', (text) =>
    expect(() => durationOf('--ttl', text)).toThrow('--ttl'),
  );
});

describe('the key of service accounts', () => {
  const blocks = () => pki('sa.pub').match(/BEGIN PUBLIC KEY/g)?.length;

  it('is replaced, and the old ones read on until their tokens have ended', async () => {
    const [key, session] = [pki('sa.key'), pki('session.key')];
    await rotateServiceAccountKey({ dataDir }, NOW);
    expect(pki('sa.key')).not.toBe(key);
    expect([blocks(), pki('session.key')]).toEqual([2, session]);
    await rotateServiceAccountKey({ dataDir }, NOW + 1000);
    expect(blocks()).toBe(3);
    expect(pki('sa.pub')).toContain('# replaced 2026-01-01T00:00:00.000Z');
    await rotateServiceAccountKey({ dataDir }, NOW + 373 * 24 * HOUR);
    expect(blocks()).toBe(2);
  });

  it('is the only one where the old ones are revoked', async () => {
    await rotateServiceAccountKey({ dataDir, revokeOld: true }, NOW);
    expect(blocks()).toBe(1);
  });

  it('that signs now is kept once, wherever it stood', () => {
    const text = keptKeys(pki('sa.pub'), pki('sa.key'), NOW);
    expect(text.match(/BEGIN PUBLIC KEY/g)).toHaveLength(1);
  });

  it('is refused where there is no cluster', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'bn-'));
    writeFileSync(join(empty, 'x'), '');
    await expect(rotateServiceAccountKey({ dataDir: empty }, NOW)).rejects.toThrow('run "binnacle up" first');
    rmSync(empty, { recursive: true });
  });
});
