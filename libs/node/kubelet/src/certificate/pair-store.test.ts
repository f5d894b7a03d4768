import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestAuthority } from '@binnacle/testing-cluster';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isPair } from './key-pair.js';
import { PairStore } from './pair-store.js';

let directory: string;
let store: PairStore;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pairs-'));
  store = new PairStore(join(directory, 'pki'), 'kubelet-client');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const issued = async () => (await TestAuthority.create(Date.now())).issue({ commonName: 'system:node:a' });
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

test('what is kept is found again, for its owner alone', async () => {
  const pair = await issued();
  store.keep(pair);
  const again = new PairStore(join(directory, 'pki'), 'kubelet-client').current();
  expect(again && isPair(again)).toBe(true);
  expect(again?.key).toBe(pair.key);
  expect([modeOf(store.path), modeOf(join(directory, 'pki'))]).toEqual(['600', '700']);
  expect(readdirSync(join(directory, 'pki'))).toEqual(['kubelet-client-current.pem']);
});

test('what was open to all is not, once it is replaced', async () => {
  mkdirSync(join(directory, 'pki'));
  writeFileSync(store.path, 'old');
  writeFileSync(`${store.path}.next`, 'left by one that was killed');
  for (const path of [store.path, `${store.path}.next`]) chmodSync(path, 0o666);
  store.keep(await issued());
  expect(modeOf(store.path)).toBe('600');
});

test('the key that is asked for stays until there is a certificate', async () => {
  const key = store.pendingKey();
  expect(new PairStore(join(directory, 'pki'), 'kubelet-client').pendingKey()).toBe(key);
  expect(modeOf(join(directory, 'pki', 'kubelet-client.key.tmp'))).toBe('600');
  store.keep(await issued());
  expect(store.pendingKey()).not.toBe(key);
});

test.each(['', 'damaged', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
  'what is no pair is none: %j',
  (text) => {
    mkdirSync(join(directory, 'pki'));
    writeFileSync(store.path, text);
    expect(store.current()).toBeUndefined();
  },
);

test('a certificate with another key is no pair', async () => {
  const [one, other] = [await issued(), await issued()];
  store.keep({ certificate: one.certificate, key: other.key });
  expect(readFileSync(store.path, 'utf8')).toContain('CERTIFICATE');
  expect(store.current()).toBeUndefined();
});
