import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { asServer, type CallerContext, KindLeft, type ResourceStore, systemContext } from '@binnacle/server-registry';
import { StorageError, type StoredObject, type Watch, type WatchItem } from '@binnacle/server-storage';
import { expect, test } from 'vitest';
import { Budget } from './cost/budget.js';
import { Pacer } from './cost/pacer.js';
import { RelatedObjects } from './related-objects.js';
import { SubscriptionRows } from './subscription-rows.js';

const ctx = systemContext(
  { signal: new AbortController().signal, clock: new FakeClock(), logger: silentLogger },
  'main',
);

const changed = (revision: number): WatchItem => ({
  kind: 'change',
  change: {
    type: 'MODIFIED',
    object: { revision, body: Buffer.alloc(0) } as unknown as StoredObject,
    actor: { user: '', client: '' },
    time: 0,
  },
});
const bookmark = (revision: number): WatchItem => ({ kind: 'bookmark', revision });

/** A watch that delivers and then fails. */
function watchOf(items: readonly WatchItem[], error: Error): Watch {
  return {
    reached: 0,
    close: () => undefined,
    conclude: () => undefined,
    async *[Symbol.asyncIterator]() {
      yield items;
      throw error;
    },
  };
}

/** Rows of watches that end one after the other, and where each of them was asked to begin. */
async function rowsOf(after: number | undefined, watches: Watch[], room = () => Promise.resolve()) {
  const asked: (number | undefined)[] = [];
  const store = {
    watch: (_: unknown, __: unknown, options: { after?: number }) => {
      asked.push(options.after);
      return Promise.resolve(watches.shift());
    },
    decode: ({ revision }: StoredObject) => ({ revision }),
  } as unknown as ResourceStore;
  const request = {
    ctx,
    stores: undefined as never,
    authorize: (caller: CallerContext) => Promise.resolve(asServer(caller)),
    related: new RelatedObjects(),
    budget: new Budget({ lane: new Pacer().lane(), estimated: 0 }),
    room,
  };
  return { asked, rows: await SubscriptionRows.open({ request, ctx, store, selection: {} }, after) };
}

const slow = new StorageError('overloaded', 'the watcher is too slow');
const next = async (rows: SubscriptionRows) => (await rows.next()).value?.resourceVersion;

test('a subscriber that was too slow goes on from the last change it was given', async () => {
  const gone = new StorageError('expired', 'no longer kept');
  const { rows, asked } = await rowsOf(4, [
    watchOf([changed(5), changed(6)], slow),
    watchOf([changed(7), bookmark(9)], slow),
    watchOf([changed(10)], gone),
  ]);
  const seen = [];
  for (let at = 0; at < 5; at += 1) seen.push(await next(rows));
  expect(seen).toEqual(['5', '6', '7', '9', '10']);
  expect(asked).toEqual([4, 6, 9]);
  await expect(rows.next()).rejects.toMatchObject({ reason: 'Expired', code: 410 });
});

test('one that was too slow before it had the present state is told to begin anew', async () => {
  const { rows, asked } = await rowsOf(undefined, [watchOf([changed(5)], slow)]);
  expect(await next(rows)).toBe('0');
  await expect(rows.next()).rejects.toMatchObject({ reason: 'Expired' });
  expect(asked).toEqual([undefined]);
});

test('one that follows a kind that leaves is told to begin anew', async () => {
  const { rows, asked } = await rowsOf(4, [watchOf([changed(5)], new KindLeft())]);
  expect(await next(rows)).toBe('5');
  await expect(rows.next()).rejects.toMatchObject({ reason: 'Expired', code: 410 });
  expect(asked).toEqual([4]);
});

test('no change is made ready for a subscriber that takes nothing', async () => {
  let take: () => void = () => undefined;
  const room = () => new Promise<void>((resolve) => (take = resolve));
  const { rows } = await rowsOf(4, [watchOf([changed(5)], slow)], room);
  let seen: string | undefined;
  const waiting = next(rows).then((version) => (seen = version));
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toBeUndefined();
  take();
  await waiting;
  expect(seen).toBe('5');
});
