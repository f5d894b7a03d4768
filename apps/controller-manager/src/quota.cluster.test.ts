import type { Pod, ResourceQuota } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createKubeClient, type KubeClient } from '@binnacle/client-rest';
import { type Context, silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import {
  type ReplicatedStorage,
  replicatedStorage,
  startTestApiServer,
  type TestApiServer,
} from '@binnacle/testing-cluster';
import { pod } from '@binnacle/testing-fixtures';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ControllerManager } from './controller-manager.js';

const abort = new AbortController();
const ctx: Context = { signal: abort.signal, clock: systemClock, logger: silentLogger };
const CREATORS = 50;
const MOST = 20;
const namespace = 'default';

let stores: ReplicatedStorage;
let servers: TestApiServer[];
let manager: KubeClient;
let managed: Promise<void>;

beforeAll(async () => {
  stores = await replicatedStorage(ctx, 2);
  servers = [];
  for (const storage of stores.storages) servers.push(await startTestApiServer({ storage }));
  manager = createKubeClient(await (servers[0] as TestApiServer).configFor('system:kube-controller-manager'));
  const settings = { clusterCidr: '10.214.0.0/16', ca: 'CA', nodeMonitorGrace: 600_000, terminatedPodThreshold: 100 };
  managed = new ControllerManager({ client: manager, settings }).run(ctx);
});
afterAll(async () => {
  abort.abort(new Error('over'));
  await managed;
  await Promise.all([manager, ...servers.map(({ client }) => client)].map((client) => client.close()));
  await Promise.all(servers.map((server) => server.close()));
  await stores.dispose();
});

const pods = (server = 0) => (servers[server] as TestApiServer).client.resource<Pod>(refs.pods);
const quotas = () => (servers[0] as TestApiServer).client.resource<ResourceQuota>(refs.resourcequotas);
const used = async () => (await quotas().get(ctx, { name: 'few', namespace })).status?.used?.pods;
const eventually = (probe: () => Promise<unknown>) => expect.poll(probe, { interval: 50, timeout: 50_000 });

function podNamed(name: string): Pod {
  const made = pod({ metadata: { name } });
  return { ...made, metadata: { name, namespace } };
}

/** Everybody makes a Pod at the same time, half of them at each server. Answers how many could, and why the others could not. */
async function createAll(wave: string): Promise<{ made: number; refusals: Set<string> }> {
  const tries = Array.from({ length: CREATORS }, (_, index) =>
    pods(index % 2).create(ctx, podNamed(`${wave}-${index}`)),
  );
  const outcomes = await Promise.allSettled(tries);
  const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []));
  const refusals = new Set(reasons.map((text) => text.replace(/"[^"]*"/g, '').replace(/^.*forbidden/, 'forbidden')));
  return { made: CREATORS - reasons.length, refusals };
}

test('fifty at two servers never make more than there may be, nor fewer, while what is used is being counted', async () => {
  const spec = { hard: { pods: String(MOST) } };
  await quotas().create(ctx, { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'few', namespace }, spec });
  await eventually(used).toBe('0');
  const full = `forbidden: exceeded quota: few, requested: pods=1, used: pods=${MOST}, limited: pods=${MOST}`;
  expect(await createAll('first')).toEqual({ made: MOST, refusals: new Set([full]) });
  const { items } = await pods().list(ctx, { namespace });
  expect(items).toHaveLength(MOST);
  const gone = items.slice(0, 5).map(({ metadata: { name = '' } }) => name);
  await Promise.all(gone.map((name) => pods().delete(ctx, { name, namespace }, { gracePeriodSeconds: 0 })));
  await eventually(used).toBe(String(MOST - 5));
  expect((await createAll('second')).made).toBe(5);
  expect((await pods().list(ctx, { namespace })).items).toHaveLength(MOST);
  expect(await used()).toBe(String(MOST));
});
