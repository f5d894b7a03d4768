import { MemoryStorage, type Storage, type StorageError } from '@binnacle/server-storage';
import { ALICE, runStorageSuite, testContext } from '@binnacle/server-storage/suite';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type EncryptionConfiguration,
  EncryptedStorage,
  isSealed,
  readEncryptionConfiguration,
  Sealer,
} from './index.js';

const key = (name: string, byte: number) => ({ name, secret: Buffer.alloc(32, byte).toString('base64') });
const identity = { identity: {} };
const aesgcm = (...keys: object[]) => ({ aesgcm: { keys } });

function read(resources: string[], ...providers: object[]): EncryptionConfiguration {
  const made = readEncryptionConfiguration({
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'EncryptionConfiguration',
    resources: [{ resources, providers }],
  });
  if (made.errors) throw new Error(JSON.stringify(made.errors));
  return made.configuration;
}

// A sealed body is longer, and pages have a size: what is sealed has tests of its own.
runStorageSuite('sealed storage', async () => {
  const source = new MemoryStorage();
  const storage = new EncryptedStorage(source, new Sealer(read(['secrets'], aesgcm(key('k', 1)))));
  return { storage, reader: storage, close: () => storage.close() };
});

const ctx = testContext();
const secretKey = { cluster: 'main', resource: 'secrets', namespace: 'n', name: 's' };
const body = Buffer.from('{"metadata":{"name":"s"},"data":{"a":"aHVudGVyMg=="}}');
const attributes = { labels: {}, fields: {} };
let source: MemoryStorage;

beforeEach(async () => {
  source = new MemoryStorage();
  await source.createCluster(ctx, 'main');
});

const over = (...providers: object[]) => new EncryptedStorage(source, new Sealer(read(['secrets'], ...providers)));
const write = (storage: Storage, resource = 'secrets') =>
  storage.write(ctx, { op: 'create', key: { ...secretKey, resource }, body, attributes, actor: ALICE });
const stored = async (resource = 'secrets') =>
  (await source.get(ctx, { ...secretKey, resource }))?.body ?? Buffer.alloc(0);

test('Secrets are sealed where they are kept, and nothing else is', async () => {
  const storage = over(aesgcm(key('k', 1)));
  expect((await write(storage)).body).toEqual(body);
  await write(storage, 'configmaps');
  expect(String(await stored())).toMatch(/^k8s:enc:aesgcm:v1:k:[A-Za-z0-9+/=]+$/);
  expect(await stored('configmaps')).toEqual(body);
  expect((await storage.get(ctx, secretKey))?.body).toEqual(body);
});

test('the past is sealed as the present is, and read as it was', async () => {
  const storage = over(aesgcm(key('k', 1)));
  const { revision } = await write(storage);
  const next = Buffer.from('{"metadata":{"name":"s"},"data":{}}');
  await storage.write(ctx, { op: 'update', key: secretKey, expected: revision, body: next, attributes, actor: ALICE });
  const range = { cluster: 'main', after: 0, upTo: 2, order: 'newestFirst', limit: 10 } as const;
  const raw = (await source.changes(ctx, range)).changes;
  expect(raw.every(({ object, previous }) => isSealed(object.body) && (!previous || isSealed(previous.body)))).toBe(
    true,
  );
  const [change] = (await storage.changes(ctx, range)).changes;
  expect([change?.object.body, change?.previous?.body]).toEqual([next, body]);
});

test('what was written before, plain or by an older key, is read; what is written is sealed by the first', async () => {
  await write(source);
  const storage = over(aesgcm(key('new', 2), key('old', 1)), identity);
  expect((await storage.get(ctx, secretKey))?.body).toEqual(body);
  const other = { ...secretKey, name: 't' };
  const old = over(aesgcm(key('old', 1)));
  const { revision: expected } = await old.write(ctx, { op: 'create', key: other, body, attributes, actor: ALICE });
  expect((await storage.get(ctx, other))?.body).toEqual(body);
  await storage.write(ctx, { op: 'update', key: other, expected, body, attributes, actor: ALICE });
  expect(String((await source.get(ctx, other))?.body)).toContain(':v1:new:');
});

describe('what cannot be opened', () => {
  const fails = (storage: Storage, at = secretKey) =>
    storage.get(ctx, at).catch((error: unknown) => error as StorageError);

  test('says which key it needs', async () => {
    await write(over(aesgcm(key('lost', 1))));
    const error = await fails(over(aesgcm(key('k', 1))));
    expect(error).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('sealed by the key "lost"') as string,
    });
  });

  test('was moved to another object, by who can write to the database', async () => {
    const storage = over(aesgcm(key('k', 1)));
    await write(storage);
    const at = { ...secretKey, name: 'mine' };
    await source.write(ctx, { op: 'create', key: at, body: Buffer.from(await stored()), attributes, actor: ALICE });
    expect(await fails(storage, at)).toMatchObject({ message: expect.stringContaining('it was altered') as string });
  });

  test('was altered anywhere', async () => {
    const sealer = new Sealer(read(['secrets'], aesgcm(key('k', 1))));
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (bytes, at, mask) => {
          const sealed = sealer.seal(secretKey, Buffer.from(bytes));
          expect(sealer.open(secretKey, sealed)).toEqual(Buffer.from(bytes));
          const from = 'k8s:enc:aesgcm:v1:k:'.length;
          const raw = Buffer.from(sealed.subarray(from).toString(), 'base64');
          const place = at % raw.length;
          raw[place] = (raw[place] ?? 0) ^ mask;
          const bad = Buffer.from(`${sealed.subarray(0, from)}${raw.toString('base64')}`);
          expect(() => sealer.open(secretKey, bad)).toThrow('cannot be opened');
        },
      ),
    );
  });

  test('ends who follows, and harms nobody else', async () => {
    const storage = over(aesgcm(key('k', 1)));
    const told: string[] = [];
    storage.follow('main', 0, {
      changes: () => void told.push('changes'),
      failed: (error) => void told.push(error.message),
    });
    await write(over(aesgcm(key('other', 2))));
    await expect.poll(() => told).toHaveLength(1);
    expect(told[0]).toContain('sealed by the key "other"');
  });
});

test('a new key is known as soon as something is sealed by it', async () => {
  let now = read(['secrets'], aesgcm(key('a', 1)));
  const sealer = new Sealer(now, () => now);
  now = read(['secrets'], aesgcm(key('b', 2), key('a', 1)));
  const other = new Sealer(now);
  expect(sealer.open(secretKey, other.seal(secretKey, body))).toEqual(body);
  expect(sealer.isCurrent(secretKey, other.seal(secretKey, body))).toBe(true);
});

test('the same body is never sealed twice alike', () => {
  const sealer = new Sealer(read(['secrets'], aesgcm(key('k', 1))));
  expect(sealer.seal(secretKey, body)).not.toEqual(sealer.seal(secretKey, body));
});

test.each([
  [['secrets'], 'secrets', true],
  [['secrets'], 'apps/secrets', false],
  [['widgets.example.com'], 'example.com/widgets', true],
  [['*.example.com'], 'example.com/widgets', true],
  [['*.example.com'], 'secrets', false],
  [['*.'], 'secrets', true],
  [['*.*'], 'apps/deployments', true],
])('%j names %s: %j', (resources, resource, isNamed) => {
  const sealer = new Sealer(read(resources, aesgcm(key('k', 1))));
  expect(isSealed(sealer.seal({ ...secretKey, resource }, body))).toBe(isNamed);
});

test.each<[string, unknown]>([
  ['no kind', { resources: [] }],
  ['no resources', { kind: 'EncryptionConfiguration', apiVersion: 'v1' }],
  [
    'a provider nobody knows',
    {
      kind: 'EncryptionConfiguration',
      apiVersion: 'v1',
      resources: [{ resources: ['secrets'], providers: [{ aescbc: {} }] }],
    },
  ],
  [
    'a short key',
    {
      kind: 'EncryptionConfiguration',
      apiVersion: 'v1',
      resources: [{ resources: ['secrets'], providers: [aesgcm({ name: 'k', secret: 'aHVudGVyMg==' })] }],
    },
  ],
  [
    'a key with a colon',
    {
      kind: 'EncryptionConfiguration',
      apiVersion: 'v1',
      resources: [{ resources: ['secrets'], providers: [aesgcm(key('a:b', 1))] }],
    },
  ],
])('a configuration with %s is refused, without its keys', (_what, value) => {
  const { errors } = readEncryptionConfiguration(value);
  expect(errors).toBeDefined();
  expect(JSON.stringify(errors)).not.toContain('aHVudGVyMg==');
});
