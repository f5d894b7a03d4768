import type { Informer, InformerHandler } from '@binnacle/client-informers';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { newConflict, type KubeObject } from '@binnacle/machinery-meta';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventCorrelator } from './event-correlator.js';
import {
  controllerKey,
  createController,
  done,
  type Enqueue,
  forEachBounded,
  fromChanges,
  fromMapped,
  fromObjects,
  settleBounded,
  TerminalError,
} from './index.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('work that is bounded', () => {
  test('has so many under way at most, is all done, and answers in its order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { maxLength: 20 }),
        fc.integer({ min: 1, max: 6 }),
        async (good, limit) => {
          let [running, most] = [0, 0];
          const results = await settleBounded(good, limit, async (isGood) => {
            running += 1;
            most = Math.max(most, running);
            await Promise.resolve();
            running -= 1;
            if (!isGood) throw new Error('no');
            return 'yes';
          });
          expect(results.map(({ status }) => status === 'fulfilled')).toEqual(good);
          expect(most).toBe(Math.min(limit, good.length));
        },
      ),
    );
  });

  test('fails with the first that failed, once all are done', async () => {
    const ended: number[] = [];
    const work = forEachBounded([1, 2, 3, 4], 2, async (item) => {
      await Promise.resolve();
      ended.push(item);
      if (item % 2 === 0) throw new Error(`no ${item}`);
    });
    await expect(work).rejects.toThrow('no 2');
    expect(ended).toEqual([1, 2, 3, 4]);
  });
});

describe('a control loop', () => {
  type Deed = { readonly what: 'wake' | 'finish' | 'fail' | 'pass'; readonly key: string };
  const deed: fc.Arbitrary<Deed> = fc.record({
    what: fc.constantFrom('wake', 'wake', 'finish', 'fail', 'pass'),
    key: fc.constantFrom('a', 'b', 'c'),
  });

  test('reconciles each key after its last wake, one at a time, however they fail', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 25 }), fc.integer({ min: 1, max: 3 }), async (deeds, workers) => {
        const [clock, abort] = [new FakeClock(0), new AbortController()];
        const open = new Map<string, { end: (failure?: Error) => void; begun: number }>();
        const woken = new Map<string, number>();
        const settled = new Map<string, number>();
        let [step, enqueue] = [0, undefined as Enqueue | undefined];
        const controller = createController({
          name: 'test',
          workers,
          retry: { baseDelay: 10, maxDelay: 100 } as object,
          sources: [{ start: (wake) => void (enqueue = wake), synced: () => Promise.resolve() }],
          reconciler: {
            reconcile: (_, key) =>
              new Promise((resolve, reject) => {
                expect(open.has(key)).toBe(false);
                expect(open.size).toBeLessThan(workers);
                const begun = step;
                const end = (failure?: Error) => {
                  open.delete(key);
                  if (failure) return reject(failure);
                  settled.set(key, begun);
                  resolve(done);
                };
                open.set(key, { end, begun });
              }),
          },
        });
        const ended = controller.run({ signal: abort.signal, clock, logger: silentLogger });
        for (const { what, key } of deeds) {
          step += 1;
          if (what === 'wake') {
            woken.set(key, step);
            enqueue?.(key);
          } else if (what === 'pass') clock.step(1_000);
          else open.get(key)?.end(what === 'fail' ? new Error('no') : undefined);
          await turn();
        }
        // From now on all goes well.
        for (let round = 0; round < 30; round += 1) {
          step += 1;
          for (const { end } of open.values()) end();
          await turn();
          clock.step(60_000);
          await turn();
        }
        expect(open.size).toBe(0);
        for (const [key, at] of woken) expect(settled.get(key)).toBeGreaterThanOrEqual(at);
        abort.abort();
        await ended;
      }),
      { numRuns: 60 },
    );
  });

  async function attempts(failure: () => Error): Promise<[count: number, warnings: string[]]> {
    const [clock, abort] = [new FakeClock(0), new AbortController()];
    let [count, enqueue] = [0, undefined as Enqueue | undefined];
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (message: string) => void warnings.push(message), child: () => logger };
    const controller = createController({
      name: 'test',
      sources: [{ start: (wake) => void (enqueue = wake), synced: () => Promise.resolve() }],
      reconciler: {
        reconcile: async () => {
          count += 1;
          throw failure();
        },
      },
    });
    const ended = controller.run({ signal: abort.signal, clock, logger });
    enqueue?.('a');
    for (let pass = 0; pass < 4; pass += 1) {
      await turn();
      clock.step(10_000);
    }
    abort.abort();
    await ended;
    return [count, [...new Set(warnings)]];
  }

  test('tries again what failed and says so, but says nothing of a lost race', async () => {
    expect(await attempts(() => new Error('no'))).toEqual([5, ['reconcile failed, trying again']]);
    expect(await attempts(() => newConflict({ group: '', resource: 'pods' }, 'a', 'changed'))).toEqual([5, []]);
  });

  test('gives up what cannot be mended until it changes', async () => {
    expect(await attempts(() => new TerminalError('never'))).toEqual([1, ['reconcile failed for good']]);
  });
});

describe('sources', () => {
  const object = (name: string, more: object = {}): KubeObject =>
    ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'ns', ...more } }) as KubeObject;

  /** An informer that says what the test says. */
  function listen(source: (informer: Informer<KubeObject>) => { start(enqueue: Enqueue): void }) {
    let handler: InformerHandler<KubeObject> = {};
    const informer = { addHandler: (given: InformerHandler<KubeObject>) => void (handler = given) };
    const woken: string[] = [];
    const enqueue = Object.assign((key: string) => void woken.push(key), { after: () => undefined });
    source(informer as Informer<KubeObject>).start(enqueue);
    return { handler, woken };
  }

  test('wake the object itself at every change', () => {
    const { handler, woken } = listen(fromObjects);
    handler.added?.(object('a'));
    handler.updated?.(object('b'), object('b'));
    handler.deleted?.(object('c'));
    expect(woken).toEqual(['ns/a', 'ns/b', 'ns/b', 'ns/c']);
  });

  test('wake what the object led to before, and what it leads to now', () => {
    const { handler, woken } = listen((informer) =>
      fromMapped(informer, ({ metadata }) => metadata.labels?.to?.split(',')),
    );
    handler.updated?.(object('a', { labels: { to: 'y,z' } }), object('a', { labels: { to: 'x' } }));
    handler.added?.(object('a'));
    expect(woken).toEqual(['x', 'y', 'z']);
  });

  test('tell a handler what was, and whether it is the last of it', () => {
    const told: unknown[] = [];
    const { handler } = listen((informer) =>
      fromChanges(informer, (now, old, _, deleted) => told.push([now.metadata.name, old?.metadata.name, deleted])),
    );
    handler.added?.(object('a'));
    handler.updated?.(object('b'), object('c'));
    handler.deleted?.(object('d'));
    expect(told).toEqual([
      ['a', undefined, false],
      ['b', 'c', false],
      ['d', undefined, true],
    ]);
  });

  test.each<[string, object, string | undefined]>([
    [
      'its controller',
      {
        ownerReferences: [
          { kind: 'Job', name: 'x' },
          { kind: 'ReplicaSet', name: 'w', controller: true },
        ],
      },
      'ns/w',
    ],
    ['a controller of another kind', { ownerReferences: [{ kind: 'Job', name: 'x', controller: true }] }, undefined],
    ['an owner that is none', { ownerReferences: [{ kind: 'ReplicaSet', name: 'w' }] }, undefined],
    ['nobody', {}, undefined],
    [
      'a controller without a namespace',
      { namespace: undefined, ownerReferences: [{ kind: 'ReplicaSet', name: 'w', controller: true }] },
      'w',
    ],
  ])('wake %s', (_, metadata, key) => {
    expect(controllerKey('ReplicaSet')(object('a', metadata))).toBe(key);
  });
});

test('Events of one object are so many at once, and one more every five minutes', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 1, maxLength: 120 }), (pauses) => {
      const correlator = new EventCorrelator();
      const about = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } };
      const passed: number[] = [];
      let now = 0;
      for (const pause of pauses) {
        now += pause;
        if (correlator.correlate({ about, type: 'Normal', reason: 'R', message: 'm' }, now)) passed.push(now);
      }
      for (const [first, from] of passed.entries()) {
        for (let last = first; last < passed.length; last += 1) {
          const most = 25 + ((passed[last] ?? 0) - from) / 300_000;
          expect(last - first + 1).toBeLessThanOrEqual(most + 1e-6);
        }
      }
      expect(passed.length).toBeGreaterThanOrEqual(Math.min(25, pauses.length));
    }),
    { numRuns: 50 },
  );
});
