import type { Pending } from '@binnacle/client-controller';
import type { ClusterObject, KubeClient } from '@binnacle/client-rest';
import { FakeClock, type Logger, silentLogger } from '@binnacle/machinery-context';
import type { WatchEvent } from '@binnacle/machinery-meta';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Clusters, type ClustersOptions } from './clusters.js';
import type { Resident, Settle } from './types.js';

type Event = WatchEvent<ClusterObject>;

/** A stream of clusters that a test feeds, and cuts off. */
class TestFeed {
  private pending: Array<Event | 'cut'> = [];
  private wake: () => void = () => undefined;
  opened = 0;

  tell(type: Event['type'], name: string, revision = 1, uid = `uid-${name}`): void {
    const metadata = { name, uid, resourceVersion: String(revision) };
    this.push({ type, object: { apiVersion: 'clusters.binnacle.dev/v1', kind: 'Cluster', metadata } });
  }

  complete(): void {
    this.push({ type: 'BOOKMARK', object: { apiVersion: '', kind: 'Cluster', metadata: {} } });
  }

  cut(): void {
    this.push('cut');
  }

  async *open(signal: AbortSignal): AsyncGenerator<Event> {
    this.opened += 1;
    signal.addEventListener('abort', () => this.wake(), { once: true });
    while (!signal.aborted) {
      const next = this.pending.shift();
      if (next === 'cut') throw new Error('the connection broke');
      if (next) yield next;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  private push(item: Event | 'cut'): void {
    this.pending.push(item);
    this.wake();
  }
}

let clock: FakeClock;
let feed: TestFeed;
let abort: AbortController;
let clusters: Clusters;
let running: Promise<void>;
let lives: string[];
let work: Map<string, Pending>;

const settle: Settle = (ctx, { name }) => {
  ctx.signal.addEventListener('abort', () => lives.push(`${name} given up`), { once: true });
  const resident: Resident = {
    live: (life) => {
      lives.push(`${name} wakes`);
      return new Promise((resolve) => {
        life.signal.addEventListener('abort', () => {
          lives.push(`${name} rests`);
          resolve();
        });
      });
    },
    pending: () => work.get(name) ?? { busy: false },
  };
  return resident;
};

const OPTIONS: ClustersOptions = { idleAfter: 60_000, lookFor: 2_000, awakeAtOnce: 3, unseenAtOnce: 1 };

function start(options: ClustersOptions = OPTIONS, how: Settle = settle, logger: Logger = silentLogger): void {
  const client = { watchClusters: ({ signal }: { signal: AbortSignal }) => feed.open(signal) };
  const views = { ...client, inCluster: (name: string) => ({ name }) } as unknown as KubeClient;
  clusters = new Clusters(views, options);
  running = clusters.run({ signal: abort.signal, clock, logger }, how);
}

/** Lets whatever is due happen, for so many milliseconds. */
async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 500) {
    clock.step(Math.min(left, 500));
    await settled();
  }
}
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
const count = (what: string) => lives.filter((line) => line === what).length;

beforeEach(() => {
  clock = new FakeClock();
  feed = new TestFeed();
  abort = new AbortController();
  lives = [];
  work = new Map();
});
afterEach(async () => {
  abort.abort(new Error('over'));
  await running;
});

test('the cluster main is awake at once and for ever, whether or not the clusters are told of', async () => {
  start();
  expect(lives).toEqual(['main wakes']);
  feed.tell('ADDED', 'main', 5, 'its uid');
  feed.complete();
  await pass(600_000);
  expect(lives).toEqual(['main wakes']);
});

test('a cluster that moves wakes, stays awake while it moves, and rests a minute later', async () => {
  start();
  feed.complete();
  await settled();
  feed.tell('ADDED', 'lab');
  await settled();
  expect(lives).toContain('lab wakes');
  await pass(50_000);
  feed.tell('MODIFIED', 'lab', 2);
  await pass(59_000);
  expect(count('lab rests')).toBe(0);
  await pass(2_000);
  expect(count('lab rests')).toBe(1);
  feed.tell('MODIFIED', 'lab', 3);
  await settled();
  expect(count('lab wakes')).toBe(2);
});

test('what a program does in a cluster is logged with its name from the first time it wakes, and in main without', async () => {
  const named: unknown[] = [];
  const loggerOf = (fields: object): Logger => ({
    ...silentLogger,
    info: (message) => named.push({ message, ...fields }),
    child: (more) => loggerOf({ ...fields, ...more }),
  });
  start(
    OPTIONS,
    (ctx, cluster) => {
      ctx.logger.info('settles');
      return settle(ctx, cluster);
    },
    loggerOf({}),
  );
  feed.tell('ADDED', 'lab');
  await pass(10_000);
  feed.tell('MODIFIED', 'lab', 2);
  await settled();
  const ofLab = { message: 'settles', cluster: 'lab' };
  expect(named).toEqual([{ message: 'settles' }, ofLab, ofLab]);
});

test('what was told already does not wake a cluster', async () => {
  start();
  feed.tell('ADDED', 'lab', 7);
  feed.complete();
  await pass(10_000);
  expect(lives.slice(1)).toEqual(['lab wakes', 'lab rests', 'lab given up']);
  feed.cut();
  await pass(1_000);
  feed.tell('ADDED', 'lab', 7);
  feed.complete();
  await pass(10_000);
  expect(feed.opened).toBe(2);
  expect(count('lab wakes')).toBe(1);
});

test('what moved while the stream was cut wakes a cluster', async () => {
  start();
  feed.tell('ADDED', 'lab', 7);
  feed.complete();
  await pass(10_000);
  feed.cut();
  await pass(1_000);
  feed.tell('ADDED', 'lab', 8);
  await settled();
  expect(count('lab wakes')).toBe(2);
});

test('the clusters there were before are looked at one after the other, and those that move come first', async () => {
  start();
  for (const name of ['a', 'b', 'c']) feed.tell('ADDED', name);
  feed.complete();
  await settled();
  expect(lives.slice(1)).toEqual(['a wakes']);
  feed.tell('MODIFIED', 'c', 2);
  await settled();
  expect(lives.slice(1)).toEqual(['a wakes', 'c wakes']);
  await pass(10_000);
  expect(count('b wakes')).toBe(1);
  expect(count('b rests')).toBe(1);
  expect(count('c wakes')).toBe(1);
});

test('a cluster does not rest while there is work in it', async () => {
  work.set('lab', { busy: true });
  start();
  feed.tell('ADDED', 'lab');
  await pass(300_000);
  expect(count('lab rests')).toBe(0);
  work.delete('lab');
  await pass(1_000);
  expect(count('lab rests')).toBe(1);
});

test('a cluster in which something is due later wakes then, and costs one timer until then', async () => {
  work.set('lab', { busy: false, nextAt: clock.now() + 600_000 });
  start();
  feed.tell('ADDED', 'lab');
  await pass(10_000);
  expect(lives.slice(1)).toEqual(['lab wakes', 'lab rests', 'lab given up']);
  expect(clock.pending).toBe(1);
  work.delete('lab');
  await pass(589_000);
  expect(count('lab wakes')).toBe(1);
  await pass(2_000);
  expect(count('lab wakes')).toBe(2);
});

test('a cluster in which something is due at once stays awake', async () => {
  start();
  feed.tell('ADDED', 'lab');
  for (let second = 0; second < 30; second += 1) {
    work.set('lab', { busy: false, nextAt: clock.now() + 1_500 });
    await pass(1_000);
  }
  expect(count('lab rests')).toBe(0);
});

test('a cluster that is deleted ends, and one of the same name is another', async () => {
  start();
  feed.complete();
  feed.tell('ADDED', 'lab', 5, 'first');
  await settled();
  feed.tell('DELETED', 'lab', 6, 'first');
  await settled();
  expect(count('lab given up')).toBe(1);
  expect(clusters.counts).toEqual({ known: 1, awake: 1 });
  feed.tell('ADDED', 'lab', 1, 'second');
  await settled();
  expect(count('lab wakes')).toBe(2);
  feed.tell('DELETED', 'lab', 9, 'first');
  await settled();
  expect(clusters.counts.known).toBe(2);
});

test('a cluster that was deleted while the stream was cut ends', async () => {
  start();
  feed.tell('ADDED', 'lab');
  feed.complete();
  await pass(1_000);
  feed.cut();
  await pass(1_000);
  feed.complete();
  await settled();
  expect(clusters.counts.known).toBe(1);
  expect(count('lab given up')).toBe(1);
});

test('whoever keeps something of clusters is told which there still are, once the work in others has ended', async () => {
  const told: string[][] = [];
  start({ ...OPTIONS, onlyThese: (uids) => told.push([...uids].filter(Boolean)) });
  for (const name of ['a', 'b']) feed.tell('ADDED', name);
  await settled();
  expect(told).toEqual([]);
  feed.complete();
  await settled();
  expect(told).toEqual([['uid-a', 'uid-b']]);
  feed.tell('DELETED', 'a', 2);
  await settled();
  expect(told.at(-1)).toEqual(['uid-b']);
  feed.cut();
  await pass(1_000);
  feed.complete();
  await settled();
  expect(told.at(-1)).toEqual([]);
  expect(told).toHaveLength(3);
});

test('no more are awake than may be: the idle ones make room', async () => {
  start();
  feed.complete();
  for (const name of ['a', 'b', 'c', 'd']) feed.tell('ADDED', name);
  await settled();
  expect(clusters.counts.awake).toBe(3);
  expect(count('c wakes')).toBe(0);
  await pass(5_000);
  expect([count('c wakes'), count('d wakes')]).toEqual([1, 1]);
});

test('a cluster that moves while it is going to rest wakes again when it has', async () => {
  let finish: () => void = () => undefined;
  const slow: Settle = (ctx, cluster) => {
    const resident = settle(ctx, cluster);
    if (cluster.name === 'main') return resident;
    const finished = () => new Promise<void>((resolve) => (finish = resolve));
    return { ...resident, live: (life) => resident.live(life).then(finished) };
  };
  start(OPTIONS, slow);
  feed.tell('ADDED', 'lab');
  await pass(5_000);
  expect(count('lab rests')).toBe(1);
  feed.tell('MODIFIED', 'lab', 2);
  await settled();
  expect(count('lab wakes')).toBe(1);
  finish();
  await settled();
  expect(count('lab wakes')).toBe(2);
  abort.abort(new Error('over'));
  await settled();
  finish();
});

test('work that ends by itself begins again a little later', async () => {
  const failing = vi.fn(async () => Promise.reject(new Error('broken')));
  start(OPTIONS, (ctx, cluster) =>
    cluster.name === 'main' ? settle(ctx, cluster) : { live: failing, pending: () => ({ busy: false }) },
  );
  feed.tell('ADDED', 'lab');
  await settled();
  expect(failing).toHaveBeenCalledTimes(1);
  await pass(6_000);
  expect(failing).toHaveBeenCalledTimes(2);
});

test('a resident that stays is kept while its cluster rests', async () => {
  let made = 0;
  start(OPTIONS, (ctx, cluster) => {
    if (cluster.name !== 'main') made += 1;
    return { ...settle(ctx, cluster), stays: true };
  });
  feed.tell('ADDED', 'lab');
  await pass(5_000);
  feed.tell('MODIFIED', 'lab', 2);
  await settled();
  expect([made, count('lab wakes'), count('lab given up')]).toEqual([1, 2, 0]);
});
