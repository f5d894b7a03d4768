import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { encodeBody, MemoryStorage } from '@binnacle/server-storage';
import { beforeEach, expect, test } from 'vitest';
import { ClusterDirectory } from './cluster-directory.js';
import { MOST_NETWORKS, networkAt } from './cluster-network.js';

let clock: FakeClock;
let storage: MemoryStorage;
let directory: ClusterDirectory;
let told: string[][];
const ctx = () => ({ clock, logger: silentLogger, signal: new AbortController().signal });

beforeEach(async () => {
  clock = new FakeClock();
  storage = new MemoryStorage();
  await storage.createCluster(ctx(), 'main');
  directory = new ClusterDirectory(ctx(), storage);
  await directory.start();
  told = [];
});

function follow() {
  return directory.follow((moves) => {
    told.push(moves.map(({ name, revision, deleted }) => `${name}@${deleted ? 'deleted' : revision}`));
  });
}

async function write(cluster: string, name: string, resource = 'pods'): Promise<void> {
  const key = { cluster, resource, namespace: 'default', name };
  const body = encodeBody({ apiVersion: 'v1', kind: 'Pod', metadata: { name } });
  const attributes = { labels: {}, fields: {} };
  await storage.write(ctx(), { op: 'create', key, body, attributes, actor: { user: 'a', client: 'b' } });
}

test('what there is is told first, then a move at once and those after it a few times a second', async () => {
  follow();
  expect(told).toEqual([['main@0']]);
  clock.step(1000);
  for (const name of ['a', 'b', 'c']) await write('main', name);
  clock.step(5);
  await write('main', 'd');
  clock.step(200);
  expect(told).toEqual([['main@0'], ['main@3']]);
  clock.step(50);
  expect(told.at(-1)).toEqual(['main@4']);
  expect(clock.pending).toBe(0);
});

test('a cluster that was quiet is told at once, however busy another is', async () => {
  await storage.createCluster(ctx(), 'lab');
  follow();
  await write('main', 'a');
  clock.step(5);
  await write('main', 'b');
  clock.step(100);
  await write('lab', 'a');
  clock.step(5);
  expect(told.slice(1)).toEqual([['main@1'], ['lab@1']]);
  clock.step(150);
  expect(told.at(-1)).toEqual(['main@2']);
});

test('signs of life are no moves', async () => {
  follow();
  await write('main', 'node-1', 'coordination.k8s.io/leases');
  clock.step(1000);
  expect(told).toHaveLength(1);
});

test('a cluster that was deleted and made again under its name is told as the new one', async () => {
  follow();
  const { incarnation } = await storage.createCluster(ctx(), 'lab');
  await storage.deleteCluster(ctx(), 'lab');
  await storage.createCluster(ctx(), 'lab');
  clock.step(1000);
  expect(directory.all.find(({ name }) => name === 'lab')?.incarnation).not.toBe(incarnation);
  await storage.deleteCluster(ctx(), 'lab');
  clock.step(1000);
  expect(told.slice(1)).toEqual([['lab@0'], ['lab@deleted']]);
  expect(directory.all).toHaveLength(1);
});

test('a cluster that the directory has not heard of yet is found in the store', async () => {
  const deaf = new ClusterDirectory(ctx(), storage);
  expect(await deaf.find(ctx(), 'main')).toMatchObject({ name: 'main', place: 0 });
  expect(await deaf.find(ctx(), 'none')).toBeUndefined();
});

test('no two clusters share addresses, and where they end there are none', () => {
  expect(networkAt(0)).toEqual({
    pods: '10.1.8.0/21',
    services: '10.1.0.0/22',
    nodes: '10.1.4.0/24',
    loadBalancers: '10.1.5.0/24',
  });
  expect(networkAt(1)).toEqual({
    pods: '10.1.24.0/21',
    services: '10.1.16.0/22',
    nodes: '10.1.20.0/24',
    loadBalancers: '10.1.21.0/24',
  });
  expect(networkAt(MOST_NETWORKS - 1)?.pods).toBe('10.95.248.0/21');
  expect(networkAt(MOST_NETWORKS)).toBeUndefined();
});
