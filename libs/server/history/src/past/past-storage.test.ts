import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { encodeBody, type Key, MemoryStorage, type StoredObject } from '@binnacle/server-storage';
import { beforeEach, describe, expect, it } from 'vitest';
import { PastStorage } from './past-storage.js';

const clock = new FakeClock();
const ctx = { clock, logger: silentLogger, signal: new AbortController().signal };
const latest = { revision: { at: 'latest' } } as const;
const keyOf = (name: string, cluster = 'main'): Key => ({ cluster, resource: 'pods', namespace: 'team', name });

let present: MemoryStorage;
let storage: PastStorage;
let first: number;

async function create(name: string): Promise<StoredObject> {
  const body = encodeBody({ apiVersion: 'v1', kind: 'Pod', metadata: { name } });
  const actor = { user: 'ada', client: 'test' };
  return storage.write(ctx, { op: 'create', key: keyOf(name), body, attributes: { labels: {}, fields: {} }, actor });
}

beforeEach(async () => {
  present = new MemoryStorage();
  await present.createCluster(ctx, 'main');
  storage = new PastStorage(ctx, present);
  first = (await create('a')).revision;
  await create('b');
});

const namesIn = async (cluster: string): Promise<string[]> =>
  (await storage.list(ctx, { cluster, resource: 'pods' }, latest)).items.map(({ key }) => key.name);

describe('a store with a past', () => {
  it('shows each moment as it was, and the present as it is', async () => {
    expect(await namesIn(`main@${first}`)).toEqual(['a']);
    expect(await namesIn('main')).toEqual(['a', 'b']);
    expect(await storage.get(ctx, keyOf('b', `main@${first}`))).toBeUndefined();
    expect((await storage.get(ctx, keyOf('a', `main@${first}`)))?.revision).toBe(first);
  });

  it('has the revision of the moment for its newest', async () => {
    expect(await storage.revision(ctx, `main@${first}`)).toBe(first);
    expect(await storage.revision(ctx, 'main')).toBe(first + 1);
  });

  it('keeps the past as it is', async () => {
    const write = {
      op: 'create',
      key: keyOf('c', `main@${first}`),
      body: encodeBody({ apiVersion: 'v1', kind: 'Pod', metadata: {} }),
      attributes: { labels: {}, fields: {} },
      actor: { user: 'ada', client: 'test' },
    } as const;
    await expect(storage.write(ctx, write)).rejects.toMatchObject({
      code: 405,
      reason: 'MethodNotAllowed',
      message: 'the past is read only',
    });
    expect(await namesIn('main')).toEqual(['a', 'b']);
  });

  it('is known without asking in the present only', () => {
    expect(storage.peek(keyOf('a'))?.key.name).toBe('a');
    expect(storage.peek(keyOf('a', `main@${first}`))).toBeUndefined();
    expect(storage.peekAll({ cluster: `main@${first}`, resource: 'pods' })).toBeUndefined();
  });

  it.each([
    ['main@9000', 400, 'revision 9000 of cluster "main" has not come: the newest is'],
    ['main@yesterday', 400, '"yesterday" is neither a revision nor a time'],
  ])('has no %s', async (cluster, code, message) => {
    await expect(namesIn(cluster)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });
});
