import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { MemoryStorage } from '@binnacle/server-storage';
import { beforeEach, expect, test } from 'vitest';
import { encrypted, encryptionIn } from './encryption.js';

const secretOf = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const configuration = (...names: string[]) => `
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
- resources: [secrets]
  providers:
  - aesgcm: {keys: [${names.map((name) => `{name: ${name}, secret: ${secretOf(name.charCodeAt(0))}}`).join(', ')}]}
  - identity: {}
`;

const clock = new FakeClock();
const ctx = { clock, logger: silentLogger, signal: new AbortController().signal };
let source: MemoryStorage;
let text: string;

beforeEach(async () => {
  source = new MemoryStorage();
  await source.createCluster(ctx, 'main');
  text = configuration('a');
});

const open = (reloads: boolean) => {
  const flags = { 'encryption-provider-config': 'e.yaml', 'encryption-provider-config-automatic-reload': reloads };
  return encrypted(ctx, source, flags, () => text);
};
const key = (name: string) => ({ cluster: 'main', resource: 'secrets', namespace: 'n', name });
const body = Buffer.from('{"metadata":{"name":"s"}}');
const attributes = { labels: {}, fields: {} };
const actor = { user: 'u', client: 'c' };
const write = (storage: ReturnType<typeof open>, name: string) =>
  storage.write(ctx, { op: 'create', key: key(name), body, attributes, actor });
const sealedBy = async (name: string) => String((await source.get(ctx, key(name)))?.body).split(':')[4];

test('without a file the store is as it is', () => {
  const flags = { 'encryption-provider-config': '', 'encryption-provider-config-automatic-reload': false };
  expect(encrypted(ctx, source, flags, () => text)).toBe(source);
});

test('another first key writes as soon as the file says so, and the older ones still read', async () => {
  const storage = open(true);
  await write(storage, 'one');
  text = configuration('b', 'a');
  clock.step(10_000);
  await write(storage, 'two');
  expect([await sealedBy('one'), await sealedBy('two')]).toEqual(['a', 'b']);
  expect((await storage.get(ctx, key('one')))?.body).toEqual(body);
});

test('a file that is wrong by now leaves what was right before', async () => {
  const storage = open(true);
  text = 'kind: Pod';
  clock.step(10_000);
  await write(storage, 'one');
  expect(await sealedBy('one')).toBe('a');
});

test('a file is not looked at again unless that is asked for', async () => {
  const storage = open(false);
  text = configuration('b', 'a');
  clock.step(60_000);
  await write(storage, 'one');
  expect(await sealedBy('one')).toBe('a');
});

test('a file with a wrong key is refused without it', () => {
  const wrong = configuration('a').replace(secretOf(97), 'aHVudGVyMg==');
  const refused = () => encryptionIn('e.yaml', () => wrong);
  expect(refused).toThrow('must be 16, 24 or 32 bytes');
  expect(refused).not.toThrow('aHVudGVyMg');
  expect(() => encryptionIn('e.yaml', () => `{ secret: ${secretOf(1)}`)).toThrow('e.yaml cannot be read as YAML');
});
