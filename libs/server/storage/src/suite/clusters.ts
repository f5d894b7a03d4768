import { describe, expect, it } from 'vitest';
import type { Change, ClusterMove, StoredObject } from '../types.js';
import { type Bench, WatchReader } from './fixture.js';

/** Follows all clusters and answers what is told of one. */
async function followOne({ under, ctx, cluster }: Bench) {
  const told: ClusterMove[] = [];
  const stop = await under.storage.followClusters(ctx, (moves) => {
    told.push(...moves.filter(({ name }) => name === cluster));
  });
  const revisions = () => told.map(({ revision, deleted = false }) => (deleted ? 'deleted' : revision));
  return { told, revisions, stop };
}

export function clusterTests(bench: () => Promise<Bench>): void {
  describe('clusters', () => {
    it('count their revisions and hold their objects apart', async () => {
      const one = await bench();
      const two = await bench();
      await one.create('a');
      await one.create('b');
      expect((await two.create('a')).revision).toBe(1);
      expect(await two.under.reader.get(two.ctx, two.key('b'))).toBeUndefined();
    });

    it('are listed, and refuse a name that is taken', async () => {
      const b = await bench();
      await b.create('a');
      const listed = await b.under.storage.listClusters(b.ctx);
      expect(listed.find((cluster) => cluster.name === b.cluster)).toMatchObject({ revision: 1 });
      await expect(b.under.storage.createCluster(b.ctx, b.cluster)).rejects.toMatchObject({ code: 'exists' });
    });

    it('have no names that stand for moments of others', async () => {
      const b = await bench();
      const at = `${b.cluster}@1`;
      await expect(b.under.storage.createCluster(b.ctx, at)).rejects.toMatchObject({ code: 'invalid' });
      await expect(b.under.storage.forkCluster(b.ctx, b.cluster, 0, at)).rejects.toMatchObject({ code: 'invalid' });
    });

    it('are gone at once when they are deleted, and begin anew under the same name', async () => {
      const b = await bench();
      await b.create('a');
      const scope = { cluster: b.cluster, resource: 'pods' };
      const reader = new WatchReader(await b.under.reader.watch(b.ctx, scope, { after: 1 }));
      await b.under.storage.deleteCluster(b.ctx, b.cluster);
      await expect(reader.next()).rejects.toMatchObject({ code: 'unknownCluster' });
      await expect(b.under.reader.get(b.ctx, b.key('a'))).rejects.toMatchObject({ code: 'unknownCluster' });
      await expect(b.create('b')).rejects.toMatchObject({ code: 'unknownCluster' });
      await b.under.storage.createCluster(b.ctx, b.cluster);
      expect(await b.under.reader.get(b.ctx, b.key('a'))).toBeUndefined();
      expect((await b.create('a')).revision).toBe(1);
      expect((await b.under.reader.get(b.ctx, b.key('a')))?.revision).toBe(1);
    });

    it('are handed over whole, by resource and key', async () => {
      const b = await bench();
      await b.create('b');
      await b.create('a');
      await b.create('web', { resource: 'apps/deployments' });
      const snapshot = await b.under.storage.snapshot(b.ctx, b.cluster);
      const items: StoredObject[] = [];
      for await (const chunk of snapshot.items) items.push(...chunk);
      expect(snapshot.revision).toBe(3);
      expect(items.map(({ key, revision }) => `${key.resource} ${key.name}@${revision}`)).toEqual([
        'apps/deployments web@3',
        'pods a@2',
        'pods b@1',
      ]);
    });

    it('tell a follower every change once, in order', async () => {
      const b = await bench();
      await b.create('a');
      await b.create('b');
      const seen: Change[] = [];
      const done = new Promise<void>((resolve, reject) => {
        const stop = b.under.storage.follow(b.cluster, 1, {
          changes: (batch) => {
            seen.push(...batch);
            if (seen.length < 101) return;
            stop();
            resolve();
          },
          failed: reject,
        });
      });
      await Promise.all(Array.from({ length: 100 }, (_, i) => b.create(`p${i}`)));
      await done;
      expect(seen.map((change) => change.object.revision)).toEqual(Array.from({ length: 101 }, (_, i) => i + 2));
    });

    it('tell who follows them all of every move, but not of signs of life', async () => {
      const b = await bench();
      await b.create('a');
      const { revisions, stop } = await followOne(b);
      expect(revisions()).toEqual([1]);
      await b.create('lease', { resource: 'coordination.k8s.io/leases' });
      await b.create('event', { resource: 'events' });
      expect(revisions()).toEqual([1]);
      await b.create('b');
      expect(revisions()).toEqual([1, 4]);
      await b.under.storage.deleteCluster(b.ctx, b.cluster);
      await expect.poll(revisions).toEqual([1, 4, 'deleted']);
      stop();
      await b.under.storage.createCluster(b.ctx, b.cluster);
      expect(revisions()).toHaveLength(3);
    });

    it('are told of once they are there, with a place that no other has', async () => {
      const [one, two] = [await bench(), await bench()];
      await two.under.storage.deleteCluster(two.ctx, two.cluster);
      const { told, stop } = await followOne(two);
      const { place, incarnation } = await two.under.storage.createCluster(two.ctx, two.cluster);
      await expect.poll(() => told).toMatchObject([{ revision: 0, place, incarnation }]);
      const all = await one.under.storage.listClusters(one.ctx);
      expect(new Set(all.map((cluster) => cluster.place)).size).toBe(all.length);
      stop();
    });
  });
}
