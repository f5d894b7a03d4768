import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { encodeBody, MemoryStorage } from '@binnacle/server-storage';
import { beforeEach, describe, expect, it } from 'vitest';
import { Moments } from './moments.js';

let clock: FakeClock;
let storage: MemoryStorage;
let searches: number;
let moments: Moments;
const { signal } = new AbortController();
const context = () => ({ clock, logger: silentLogger, signal });

beforeEach(async () => {
  clock = new FakeClock();
  storage = new MemoryStorage();
  searches = 0;
  await storage.createCluster(context(), 'main');
  moments = new Moments({
    head: (ctx, cluster) => storage.head(ctx, cluster),
    revisionAt: (ctx, cluster, time) => {
      searches += 1;
      return storage.revisionAt(ctx, cluster, time);
    },
  });
});

async function write(name: string): Promise<string> {
  clock.step(1_000);
  const key = { cluster: 'main', resource: 'pods', namespace: 'default', name };
  const body = encodeBody({ apiVersion: 'v1', kind: 'Pod', metadata: { name } });
  const actor = { user: 'alice', client: 'test' };
  await storage.write(context(), { op: 'create', key, body, attributes: { labels: {}, fields: {} }, actor });
  return new Date(clock.now()).toISOString();
}

const revision = async (name: string) => (await moments.resolve(context(), name)).revision;

describe('a moment', () => {
  it('stands for a revision: that of now, that which it names, or the newest there was at a time', async () => {
    const times = [await write('a'), await write('b'), await write('c')];
    expect(await moments.resolve(context(), 'main')).toMatchObject({ cluster: 'main', revision: 3, isPast: false });
    expect(await moments.resolve(context(), 'main@2')).toMatchObject({ cluster: 'main', revision: 2, isPast: true });
    for (const [index, time] of times.entries()) expect(await revision(`main@${time}`)).toBe(index + 1);
  });

  it('is searched for once, when what it stands for will not change any more', async () => {
    const time = await write('a');
    expect([await revision(`main@${time}`), await revision(`main@${time}`), searches]).toEqual([1, 1, 2]);
    await write('b');
    expect([await revision(`main@${time}`), await revision(`main@${time}`), searches]).toEqual([1, 1, 3]);
  });

  it('of a cluster that is gone does not stand for one of its successor', async () => {
    const time = await write('a');
    await write('b');
    expect(await revision(`main@${time}`)).toBe(1);
    await storage.deleteCluster(context(), 'main');
    clock.step(1_000);
    await storage.createCluster(context(), 'main');
    await expect(revision(`main@${time}`)).rejects.toMatchObject({ code: 410 });
  });

  it('has to have come', async () => {
    await write('a');
    clock.step(1_000);
    await expect(revision('main@2')).rejects.toMatchObject({
      code: 400,
      message: expect.stringMatching(/newest is 1$/),
    });
    const soon = new Date(clock.now() + 1).toISOString();
    await expect(revision(`main@${soon}`)).rejects.toMatchObject({ code: 400 });
    expect(await revision(`main@${new Date(clock.now()).toISOString()}`)).toBe(1);
  });

  it('has to be within what is kept, also when it was before', async () => {
    const times = [await write('a'), await write('b'), await write('c')];
    expect(await revision(`main@${times[0]}`)).toBe(1);
    await storage.compact(context(), 'main', 2);
    for (const gone of [`main@${times[0]}`, 'main@1', 'main@2020-01-01T00:00:00Z'])
      await expect(revision(gone)).rejects.toMatchObject({ code: 410, reason: 'Expired' });
    expect(await revision(`main@${times[1]}`)).toBe(2);
  });

  it('of what is no cluster is none', async () => {
    await expect(revision('other@1')).rejects.toMatchObject({ code: 'unknownCluster' });
    await expect(revision('main@')).rejects.toMatchObject({ code: 400 });
  });
});
