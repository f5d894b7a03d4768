import { once } from 'node:events';
import { Readable } from 'node:stream';
import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import {
  admitEverything,
  createSystemObjects,
  fixedResourceSets,
  Registry,
  type RequestContext,
  systemContext,
} from '@binnacle/server-registry';
import { MemoryStorage } from '@binnacle/server-storage';
import { node, pod } from '@binnacle/testing-fixtures';
import { beforeEach, expect, test } from 'vitest';
import { KubeletSummaries } from './kubelet-summaries.js';
import { ofNodes, ofPods, ResourceMetrics } from './resource-metrics.js';

let ctx: RequestContext;
let clock: FakeClock;
let registry: Registry;
let asked: string[];

const TIME = '2026-01-01T00:00:00Z';
const figures = (nanoCores: number, bytes: number) => ({
  cpu: { time: TIME, usageNanoCores: nanoCores },
  memory: { workingSetBytes: bytes },
});
const summaryOf = (name: string) => ({
  node: { nodeName: name, ...figures(250_000_000, 512 * 1024 * 1024) },
  pods: [
    {
      podRef: { name: `on-${name}`, namespace: 'default', uid: 'u' },
      ...figures(3_000_000, 2048),
      containers: [{ name: 'main', ...figures(3_000_000, 2048) }],
    },
  ],
});

/** Kubelets by their addresses: `10.0.0.2` does not answer. */
const kubelets = {
  get: async ({ host }: { host: string }) => {
    asked.push(host);
    if (host === '10.0.0.2') throw new Error('nobody is there');
    const body = Readable.from([Buffer.from(JSON.stringify(summaryOf(host === '10.0.0.1' ? 'a' : 'c')))]);
    await once(body, 'readable');
    return Object.assign(body, { statusCode: 200 }) as never;
  },
};

beforeEach(async () => {
  asked = [];
  clock = new FakeClock();
  const base = { clock, logger: silentLogger, signal: new AbortController().signal };
  const storage = new MemoryStorage();
  await storage.createCluster(base, 'main');
  ctx = systemContext(base, 'main');
  const summaries = new KubeletSummaries(kubelets, async (_, __, host) => host !== '10.9.9.9');
  registry = new Registry({
    sets: fixedResourceSets(builtinResources),
    storage,
    admission: admitEverything,
    sources: {
      'metrics.k8s.io/nodes': new ResourceMetrics(ofNodes, storage, summaries),
      'metrics.k8s.io/pods': new ResourceMetrics(ofPods, storage, summaries),
    },
  });
  await createSystemObjects(ctx, registry);
  const hosts = { a: '10.0.0.1', b: '10.0.0.2', foreign: '10.9.9.9' };
  for (const [name, address] of Object.entries(hosts)) {
    await create('nodes', node({ metadata: { name }, status: { addresses: [{ type: 'InternalIP', address }] } }));
    const labels = { app: name === 'a' ? 'web' : 'other' };
    await create('pods', pod({ metadata: { name: `on-${name}`, labels }, spec: { nodeName: name } }));
  }
});

async function create(plural: string, draft: object): Promise<void> {
  const { metadata, ...rest } = draft as UnstructuredObject;
  const { uid: _uid, resourceVersion: _version, creationTimestamp: _time, ...named } = metadata;
  const store = registry.get('', 'v1', plural);
  const target = { namespace: store.definition.namespaced ? 'default' : '' };
  await store.create(ctx, target, { ...rest, metadata: named } as UnstructuredObject);
  if (!rest.status) return;
  const change = (current: UnstructuredObject) => ({ ...current, status: rest.status });
  await store.update(ctx, { ...target, name: named.name ?? '' }, change, { rules: 'none', subresource: 'status' });
}

const metrics = (plural: string) => registry.get('metrics.k8s.io', 'v1beta1', plural);
async function list(plural: string, selection: object = {}): Promise<UnstructuredObject[]> {
  const { items } = await metrics(plural).list(ctx, selection, { revision: { at: 'any' } });
  return items.map((item) => metrics(plural).decode(item));
}

test('nodes that answer say what they use; others are not told of', async () => {
  expect(await list('nodes')).toMatchObject([
    {
      apiVersion: 'metrics.k8s.io/v1beta1',
      kind: 'NodeMetrics',
      metadata: { name: 'a', labels: { 'kubernetes.io/hostname': 'a' }, creationTimestamp: TIME },
      timestamp: TIME,
      window: '15s',
      usage: { cpu: '250000000n', memory: '524288Ki' },
    },
  ]);
  expect(asked.sort()).toEqual(['10.0.0.1', '10.0.0.2']);
});

test('Pods say what their containers use, by the labels of the Pods', async () => {
  expect(await list('pods', { namespace: 'default' })).toMatchObject([
    {
      kind: 'PodMetrics',
      metadata: { name: 'on-a', namespace: 'default', labels: { app: 'web' } },
      containers: [{ name: 'main', usage: { cpu: '3000000n', memory: '2Ki' } }],
    },
  ]);
  const matches = ({ labels }: { labels: Record<string, string> }) => labels['app'] === 'web';
  asked = [];
  clock.step(60_000);
  expect(await list('pods', { namespace: 'default', matches })).toHaveLength(1);
  expect(asked).toEqual(['10.0.0.1']);
});

test('one is found by its name, and only where it was measured', async () => {
  const place = { namespace: 'default', name: 'on-a' };
  expect(metrics('pods').decode(await metrics('pods').get(ctx, place))).toMatchObject({ metadata: { name: 'on-a' } });
  for (const name of ['on-b', 'nowhere'])
    await expect(metrics('pods').get(ctx, { ...place, name })).rejects.toMatchObject({ reason: 'NotFound' });
});

test('a kubelet is asked no more often than every ten seconds, however many want to know', async () => {
  await Promise.all([list('nodes'), list('nodes'), list('pods')]);
  expect(asked.filter((host) => host === '10.0.0.1')).toHaveLength(1);
  clock.step(10_000);
  await list('nodes');
  expect(asked.filter((host) => host === '10.0.0.1')).toHaveLength(2);
});
