import type { Change, Revision } from '@binnacle/server-storage';
import { StorageError } from '@binnacle/server-storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterTail } from './cluster-tail.js';

const change = (revision: Revision): Change => ({
  type: 'ADDED',
  object: {
    key: { cluster: 'c', resource: 'pods', namespace: '', name: `p${revision}` },
    revision,
    body: Buffer.alloc(0),
    attributes: { labels: {}, fields: {} },
  },
  actor: { user: '', client: '' },
  time: 0,
});
const changes = (after: Revision, upTo: Revision) =>
  Array.from({ length: upTo - after }, (_, i) => change(after + i + 1));
const settled = async () => {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
};

/** A log whose reads are answered a few changes at a time, and fail when told to. */
class FakeLog {
  newest = 0;
  failures = 0;
  final = false;
  reads = 0;
  /** Own batches that are committed, and whose answers are still on their way. */
  readonly flying: { base: Revision; end: Revision }[] = [];

  readonly source = {
    committing: () => this.flying.length > 0,
    read: async (after: Revision, upTo?: Revision) => {
      this.reads += 1;
      if (this.final) throw new StorageError('expired', 'gone');
      if (this.failures > 0) {
        this.failures -= 1;
        throw new Error('connection lost');
      }
      const end = Math.min(upTo ?? this.newest, this.newest, after + 3);
      await Promise.resolve();
      return changes(after, Math.max(after, end));
    },
    pause: async () => undefined,
    isFinal: (error: unknown) => error instanceof StorageError,
  };

  /** The answer to the oldest own batch under way arrives. */
  land(tail: ClusterTail): void {
    const landed = this.flying.shift();
    if (!landed) return;
    if (landed.end > landed.base) tail.published(landed.base, changes(landed.base, landed.end));
    if (this.flying.length === 0) tail.landed();
  }
}

class Follower {
  readonly seen: Revision[] = [];
  error: Error | undefined;

  readonly listener = {
    changes: (batch: readonly Change[]) => {
      this.seen.push(...batch.map(({ object }) => object.revision));
    },
    failed: (error: Error) => {
      this.error = error;
    },
  };
}

describe('ClusterTail', () => {
  it('hands on own batches without reading them', async () => {
    const log = new FakeLog();
    const tail = new ClusterTail(log.source);
    const follower = new Follower();
    tail.follow(0, follower.listener);
    await settled();
    const before = log.reads;
    log.newest = 2;
    tail.published(0, changes(0, 2));
    expect(follower.seen).toEqual([1, 2]);
    expect(log.reads).toBe(before);
  });

  it('fills what others wrote in between from the log', async () => {
    const log = new FakeLog();
    const tail = new ClusterTail(log.source);
    const follower = new Follower();
    tail.follow(0, follower.listener);
    await settled();
    log.newest = 10;
    tail.published(8, changes(8, 10));
    await settled();
    expect(follower.seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('waits for its own batch rather than read what is announced of it', async () => {
    const log = new FakeLog();
    const tail = new ClusterTail(log.source);
    const follower = new Follower();
    tail.follow(0, follower.listener);
    await settled();
    const before = log.reads;
    log.newest = 2;
    log.flying.push({ base: 0, end: 2 });
    tail.notified(2);
    log.land(tail);
    await settled();
    expect(follower.seen).toEqual([1, 2]);
    expect(log.reads).toBe(before);
  });

  it('reads what is announced when its own batch takes long', async () => {
    const log = new FakeLog();
    const tail = new ClusterTail(log.source);
    const follower = new Follower();
    tail.follow(0, follower.listener);
    await settled();
    log.flying.push({ base: 5, end: 5 });
    log.newest = 2;
    tail.notified(2);
    await settled();
    expect(follower.seen).toEqual([1, 2]);
  });

  it('reads again when a commit is announced that the read under way could not see', async () => {
    const log = new FakeLog();
    const tail = new ClusterTail(log.source);
    const follower = new Follower();
    tail.follow(0, follower.listener);
    log.newest = 1;
    tail.notified(1);
    await settled();
    expect(follower.seen).toEqual([1]);
  });

  it('tells followers when the past they need is gone', async () => {
    const log = new FakeLog();
    const tail = new ClusterTail(log.source);
    const follower = new Follower();
    log.final = true;
    tail.follow(0, follower.listener);
    await settled();
    expect(follower.error).toMatchObject({ code: 'expired' });
  });

  it('shows every follower every change once, in order, whatever comes in whatever order', async () => {
    const act = fc.oneof(
      fc.record({ kind: fc.constant('own' as const), count: fc.integer({ min: 0, max: 4 }) }),
      fc.record({ kind: fc.constant('land' as const) }),
      fc.record({ kind: fc.constant('others' as const), count: fc.integer({ min: 1, max: 4 }), told: fc.boolean() }),
      fc.record({ kind: fc.constant('follow' as const), back: fc.integer({ min: 0, max: 8 }) }),
      fc.record({ kind: fc.constant('fail' as const), count: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ kind: fc.constant('wait' as const) }),
      fc.record({ kind: fc.constant('stop' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
        const log = new FakeLog();
        const tail = new ClusterTail(log.source);
        const followers: { after: Revision; follower: Follower; stop(): void }[] = [];
        const follow = (back: number) => {
          const after = Math.max(0, log.newest - back);
          const follower = new Follower();
          followers.push({ after, follower, stop: tail.follow(after, follower.listener) });
        };
        const write = (step: { kind: string; count: number; told?: boolean }) => {
          const base = log.newest;
          log.newest += step.count;
          if (step.kind === 'own') log.flying.push({ base, end: log.newest });
          else if (step.told) tail.notified(log.newest);
        };
        for (const step of acts) {
          if (step.kind === 'fail') log.failures = step.count;
          else if (step.kind === 'wait') await settled();
          else if (step.kind === 'land') log.land(tail);
          else if (step.kind === 'stop') followers.shift()?.stop();
          else if (step.kind === 'follow') follow(step.back);
          else write(step);
        }
        log.failures = 0;
        while (log.flying.length > 0) log.land(tail);
        tail.notified(log.newest);
        await settled();
        await settled();
        for (const { after, follower } of followers) {
          expect(follower.seen).toEqual(changes(after, log.newest).map(({ object }) => object.revision));
        }
      }),
    );
  });
});
