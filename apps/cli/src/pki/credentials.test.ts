import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DataDir, layout } from '../data-dir/layout.js';
import { prepareDataDir } from '../data-dir/prepare.js';
import { ensureCredentials } from './credentials.js';

const now = Date.UTC(2026, 0, 1);
const options = { server: 'https://127.0.0.1:6443', hosts: ['127.0.0.1'], nodeName: 'control-plane', now };
let dir: DataDir;
const file = (name: string) => join(dir.pki, name);
const read = (name: string) => readFileSync(file(name), 'utf8');

beforeEach(async () => {
  dir = layout(mkdtempSync(join(tmpdir(), 'bn-')));
  prepareDataDir(dir);
  await ensureCredentials(dir, options);
});
afterEach(() => rmSync(dir.root, { recursive: true }));

test('what is good is kept', async () => {
  const before = read('apiserver.crt');
  await ensureCredentials(dir, options);
  expect(read('apiserver.crt')).toBe(before);
});

test.each([
  ['a certificate that cannot be read', () => writeFileSync(file('apiserver.crt'), 'garbage')],
  ['a key that cannot be read', () => writeFileSync(file('apiserver.key'), '')],
  ['a key of another certificate', () => writeFileSync(file('apiserver.key'), read('kubelet.key'))],
  ['a certificate of another authority', () => rmSync(file('ca.key'))],
])('%s is made anew', async (_, spoil) => {
  spoil();
  await ensureCredentials(dir, options);
  const certificate = new X509Certificate(read('apiserver.crt'));
  expect(certificate.verify(new X509Certificate(read('ca.crt')).publicKey)).toBe(true);
  expect(certificate.checkPrivateKey(createPrivateKey(read('apiserver.key')))).toBe(true);
});

test.each(['ca.crt', 'ca.key'])('an authority with a broken %s is not replaced behind its back', async (name) => {
  writeFileSync(file(name), '');
  await expect(ensureCredentials(dir, options)).rejects.toThrow(file('ca.crt'));
  expect(read(name)).toBe('');
});
