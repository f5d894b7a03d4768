import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseYaml } from '@binnacle/machinery-yaml';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addKey, prepareEncryption } from './encryption-config.js';

let folder: string;
let encryption: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'binnacle-encryption-'));
  encryption = join(folder, 'encryption.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Written {
  readonly resources: [
    {
      readonly resources: string[];
      readonly providers: [{ aesgcm: { keys: { name: string; secret: string }[] } }, object];
    },
  ];
}
const written = () => parseYaml(readFileSync(encryption, 'utf8')).value as Written;
const keys = () => written().resources[0].providers[0].aesgcm.keys;

test('a new installation gets a key of its own, for its owner alone', () => {
  prepareEncryption({ encryption }, 0);
  expect(statSync(encryption).mode & 0o777).toBe(0o600);
  expect(written().resources[0]).toMatchObject({ resources: ['secrets'], providers: [{}, { identity: {} }] });
  expect(keys().map(({ name, secret }) => [name, Buffer.from(secret, 'base64').length])).toEqual([
    ['key-19700101-000000', 32],
  ]);
});

test('a key that is there stays', () => {
  prepareEncryption({ encryption }, 0);
  const before = readFileSync(encryption, 'utf8');
  prepareEncryption({ encryption }, 5_000);
  expect(readFileSync(encryption, 'utf8')).toBe(before);
});

test('a new key goes before the old ones, which stay', () => {
  prepareEncryption({ encryption }, 0);
  const [old] = keys();
  expect(addKey({ encryption }, 5_000)).toBe('key-19700101-000005');
  expect(keys()[1]).toEqual(old);
  expect(keys()[0]?.secret).not.toBe(old?.secret);
  expect(() => addKey({ encryption }, 5_000)).toThrow('try again');
});

test('a file that somebody wrote is theirs', () => {
  expect(() => addKey({ encryption }, 0)).toThrow('start the cluster once');
  writeFileSync(encryption, 'resources: []');
  expect(() => addKey({ encryption }, 0)).toThrow('by hand');
});
