import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import type { PodUsage, WorkloadUsage } from '@binnacle/apis-kubernetes/usage/v1';
import { type Context, FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import {
  admitEverything,
  createSystemObjects,
  fixedResourceSets,
  Registry,
  type RequestContext,
  selectionOf,
  systemContext,
} from '@binnacle/server-registry';
import { MemoryStorage, type StoredObject, type Watch } from '@binnacle/server-storage';
import { node, pod } from '@binnacle/testing-fixtures';
import { beforeEach, describe, expect, test } from 'vitest';
import type { MeasuredNode, MeasuredPod } from '../node-metrics/measured.js';
import { UsageHistory } from './usage-history.js';
import { UsageSampler } from './usage-sampler.js';
import { UsageSource } from './usage-source.js';
import { usedByNodes, usedByPods, usedByWorkloads } from './used.js';

const SLOT = 15_000;
let base: Context;
let clock: FakeClock;
let ctx: RequestContext;
let storage: MemoryStorage;
let registry: Registry;
let sampler: UsageSampler;
let history: UsageHistory;
/** What kubelets say, by node; the uid of a Pod is put in by its name. */
let said: Map<string, Record<string, number>>;
let uids: Map<string, string>;
let asked: string[];

const measuredPod = (name: string, nanoCores: number): MeasuredPod => {
  const containers = [{ name: 'main', nanoCores, bytes: 1024 }];
  return { uid: uids.get(name) ?? 'unknown', time: '2026-01-01T00:00:00Z', nanoCores, bytes: 1024, containers };
};
function measuredNode(name: string): MeasuredNode | undefined {
  const pods = said.get(name);
  if (!pods) return undefined;
  const read = Object.entries(pods).map(([pod, cores]) => [`default/${pod}`, measuredPod(pod, cores)] as const);
  return { time: '2026-01-01T00:00:00Z', nanoCores: 500, bytes: 2048, pods: new Map(read), size: read.length };
}
const summaries = {
  one: async (_: unknown, { key }: StoredObject) => {
    asked.push(`${key.cluster}/${key.name}`);
    return measuredNode(key.name);
  },
};

beforeEach(async () => {
  [said, uids, asked] = [new Map(), new Map(), []];
  clock = new FakeClock();
  base = { clock, logger: silentLogger, signal: new AbortController().signal };
  storage = new MemoryStorage();
  for (const name of ['main', 'other']) await storage.createCluster(base, name);
  ctx = systemContext(base, 'main');
  history = new UsageHistory();
  sampler = new UsageSampler(base, { storage, summaries, history });
  registry = new Registry({
    sets: fixedResourceSets(builtinResources),
    storage,
    admission: admitEverything,
    sources: {
      'usage.binnacle.dev/nodeusages': new UsageSource({ storage, sampler, of: 'nodes', find: usedByNodes }),
      'usage.binnacle.dev/podusages': new UsageSource({ storage, sampler, of: 'pods', find: usedByPods }),
      'usage.binnacle.dev/workloadusages': new UsageSource({ storage, sampler, of: 'pods', find: usedByWorkloads }),
    },
  });
  await createSystemObjects(ctx, registry);
  await create('', 'nodes', node({ metadata: { name: 'n' } }));
  for (const name of ['a', 'b']) await createPod(name);
});

async function create(group: string, plural: string, draft: object): Promise<UnstructuredObject> {
  const { metadata, status: _status, ...rest } = draft as UnstructuredObject;
  const { uid: _uid, resourceVersion: _version, creationTimestamp: _time, ...named } = metadata;
  const store = registry.get(group, 'v1', plural);
  const target = { namespace: store.definition.namespaced ? 'default' : '' };
  return store.decode(await store.create(ctx, target, { ...rest, metadata: named } as UnstructuredObject));
}

async function createPod(name: string, labels = { app: 'web' }): Promise<void> {
  const made = await create('', 'pods', pod({ metadata: { name, labels }, spec: { nodeName: 'n' } }));
  uids.set(name, made.metadata.uid ?? '');
}

/** Time goes on to the next measurement, which comes to its end. */
async function measure(pods: Record<string, number>): Promise<void> {
  said.set('n', pods);
  clock.step(SLOT);
  await settle();
}

async function settle(): Promise<void> {
  for (let wait = 0; wait < 10; wait += 1) await new Promise(setImmediate);
}

const usages = (plural: string) => registry.get('usage.binnacle.dev', 'v1', plural);
async function list<T = PodUsage>(plural: string, selection: object = {}): Promise<T[]> {
  const { items } = await usages(plural).list(ctx, selection, { revision: { at: 'any' } });
  return items.map((item) => usages(plural).decode(item) as unknown as T);
}
const selected = (plural: string, fieldSelector: string) => selectionOf(usages(plural).definition, { fieldSelector });

describe('what Pods use', () => {
  beforeEach(() => sampler.start());

  test('is told with what they have used', async () => {
    await measure({ a: 100, b: 1 });
    await measure({ a: 300, b: 1 });
    const [a] = await list('podusages', selected('podusages', 'step=15s,window=1m'));
    expect(a).toMatchObject({
      apiVersion: 'usage.binnacle.dev/v1',
      kind: 'PodUsage',
      metadata: { name: 'a', namespace: 'default', labels: { app: 'web' } },
      window: '1m',
      step: '15s',
      usage: { cpu: '300n', memory: '1Ki' },
      series: { usageNanoCores: [100, 300], workingSetBytes: [1024, 1024] },
    });
    const [from = 0, to = 0] = a?.series.times ?? [];
    expect(to - from).toBe(15);
  });

  test('is told of those that are selected alone', async () => {
    await createPod('c', { app: 'db' });
    await measure({ a: 1, b: 2, c: 3 });
    const selection = selectionOf(usages('podusages').definition, {
      labelSelector: 'app=db',
      fieldSelector: 'step=30s',
    });
    expect((await list('podusages', selection)).map(({ metadata }) => metadata.name)).toEqual(['c']);
    expect(await list('podusages', selected('podusages', 'spec.nodeName=n'))).toHaveLength(3);
    expect(await list('podusages', selected('podusages', 'spec.nodeName=m'))).toEqual([]);
    const got = await usages('podusages').get(ctx, { namespace: 'default', name: 'b' });
    expect(usages('podusages').decode(got)).toMatchObject({ metadata: { name: 'b' }, usage: { cpu: '2n' } });
    await expect(usages('podusages').get(ctx, { namespace: 'default', name: 'x' })).rejects.toMatchObject({
      reason: 'NotFound',
    });
    await expect(list('podusages', selected('podusages', 'window=3h'))).rejects.toMatchObject({ reason: 'BadRequest' });
  });

  test('is not believed of Pods of other nodes, or of none', async () => {
    await create('', 'nodes', node({ metadata: { name: 'm' } }));
    said.set('m', { a: 900, ghost: 900 });
    await measure({ b: 1 });
    expect((await list('podusages')).map(({ metadata }) => metadata.name)).toEqual(['b']);
    expect(history.of('main')?.pods.size).toBe(1);
  });

  test('is not known any more of one that is not measured, whose series stays for the hour', async () => {
    await measure({ a: 5 });
    for (let slot = 0; slot < 8; slot += 1) await measure({ b: 1 });
    const [a] = await list('podusages');
    expect(a).toMatchObject({ metadata: { name: 'a' }, series: { usageNanoCores: [5] } });
    expect(a).not.toHaveProperty('usage');
    for (let slot = 0; slot < 240; slot += 1) await measure({ b: 1 });
    expect((await list('podusages')).map(({ metadata }) => metadata.name)).toEqual(['b']);
  });

  test('of another Pod of the same name begins anew', async () => {
    await measure({ a: 700 });
    await registry.get('', 'v1', 'pods').delete(ctx, { namespace: 'default', name: 'a' }, { gracePeriodSeconds: 0 });
    await createPod('a');
    expect(await list('podusages')).toEqual([]);
    await measure({ a: 3 });
    expect((await list('podusages', selected('podusages', 'step=15s')))[0]?.series.usageNanoCores).toEqual([3]);
  });
});

describe('what workloads use', () => {
  const deployment = (name: string, app: string) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app } },
      template: { metadata: { labels: { app } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
    },
  });
  beforeEach(async () => {
    sampler.start();
    await create('apps', 'deployments', deployment('web', 'web'));
    await create('apps', 'deployments', deployment('idle', 'idle'));
  });

  test('is what their Pods use together, those that are gone too', async () => {
    await measure({ a: 100, b: 50 });
    await registry.get('', 'v1', 'pods').delete(ctx, { namespace: 'default', name: 'b' }, { gracePeriodSeconds: 0 });
    await measure({ a: 30 });
    const found = await list<WorkloadUsage>('workloadusages', selected('workloadusages', 'step=15s'));
    expect(found).toMatchObject([
      {
        kind: 'WorkloadUsage',
        metadata: { name: 'deployment.web', namespace: 'default' },
        workload: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        usage: { cpu: '30n' },
        pods: 1,
        series: { usageNanoCores: [150, 30], pods: [2, 1] },
      },
    ]);
  });

  test('is found by the kind and the name', async () => {
    await measure({ a: 100, b: 50 });
    expect(await list('workloadusages', selected('workloadusages', 'workload.kind=Job'))).toEqual([]);
    expect(await list('workloadusages', selected('workloadusages', 'workload.kind=Deployment'))).toHaveLength(1);
    const got = await usages('workloadusages').get(ctx, { namespace: 'default', name: 'deployment.web' });
    expect(usages('workloadusages').decode(got)).toMatchObject({ pods: 2, usage: { cpu: '150n' } });
    for (const name of ['deployment.idle', 'job.web', 'web'])
      await expect(usages('workloadusages').get(ctx, { namespace: 'default', name })).rejects.toMatchObject({
        reason: 'NotFound',
      });
  });
});

describe('measuring', () => {
  test('is done once a quarter of a minute in main, elsewhere while somebody wants to know', async () => {
    await create('', 'nodes', node({ metadata: { name: 'm' } }));
    sampler.start();
    await measure({});
    await measure({});
    expect(asked.filter((name) => name === 'main/n')).toHaveLength(2);
    ctx = systemContext(base, 'other');
    await createSystemObjects(ctx, registry);
    await create('', 'nodes', node({ metadata: { name: 'x' } }));
    await measure({});
    expect(asked).not.toContain('other/x');
    await list('nodeusages');
    await settle();
    await measure({});
    await measure({});
    expect(asked.filter((name) => name === 'other/x')).toHaveLength(3);
    for (let slot = 0; slot < 40; slot += 1) await measure({});
    asked = [];
    await measure({});
    expect(asked).not.toContain('other/x');
    expect(history.of('other')).toBeUndefined();
  });

  test('of the past of a cluster is not done', async () => {
    sampler.start();
    ctx = systemContext(base, 'main@42');
    expect(await list('nodeusages')).toEqual([]);
    asked = [];
    await measure({});
    expect(new Set(asked)).toEqual(new Set(['main/n']));
  });

  test('keeps no more Nodes and Pods than there is room for', async () => {
    history = new UsageHistory(2);
    sampler = new UsageSampler(base, { storage, summaries, history });
    sampler.start();
    await measure({ a: 1, b: 2 });
    expect(history.of('main')?.size).toBe(2);
  });

  test('ends when the server does', async () => {
    sampler.start();
    sampler.stop();
    await measure({ a: 1 });
    expect([asked, clock.pending]).toEqual([[], 0]);
  });
});

describe('a watch', () => {
  const read = async (watch: Watch): Promise<string[]> => {
    const next = await watch[Symbol.asyncIterator]().next();
    if (next.done) return ['over'];
    return next.value.map((item) =>
      item.kind === 'bookmark' ? 'bookmark' : `${item.change.type} ${item.change.object.key.name}`,
    );
  };
  beforeEach(() => sampler.start());

  test('tells what there is, and after each measurement what became another', async () => {
    await measure({ a: 100, b: 5 });
    const watch = await usages('podusages').watch(ctx, selected('podusages', 'window=1h,step=1h'), {});
    expect(await read(watch)).toEqual(['ADDED a', 'ADDED b', 'bookmark']);
    const next = read(watch);
    await measure({ a: 200, b: 5 });
    expect(await next).toEqual(['MODIFIED a']);
    const last = read(watch);
    await registry.get('', 'v1', 'pods').delete(ctx, { namespace: 'default', name: 'b' }, { gracePeriodSeconds: 0 });
    await measure({ a: 200 });
    expect(await last).toEqual(['DELETED b']);
    watch.close();
    expect(await read(watch)).toEqual(['over']);
  });

  test('goes on from a list, and lists anew where something was measured since', async () => {
    await measure({ a: 100, b: 5 });
    const { revision } = await usages('podusages').list(ctx, {}, { revision: { at: 'any' } });
    const watch = await usages('podusages').watch(ctx, {}, { after: revision });
    const next = read(watch);
    await measure({ a: 900, b: 5 });
    expect(await next).toEqual(['MODIFIED a']);
    await expect(usages('podusages').watch(ctx, {}, { after: revision })).rejects.toMatchObject({ reason: 'Expired' });
  });
});
