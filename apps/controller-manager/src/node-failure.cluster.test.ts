import type { Lease } from '@binnacle/apis-kubernetes/coordination/v1';
import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createKubeClient, type KubeClient } from '@binnacle/client-rest';
import { type Context, silentLogger } from '@binnacle/machinery-context';
import { findCondition, formatMicroTime, formatTime, ignoreNotFound } from '@binnacle/machinery-meta';
import { systemClock } from '@binnacle/process-lifecycle';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { node, runningPod } from '@binnacle/testing-fixtures';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ControllerManager } from './controller-manager.js';

const GRACE = 1_500;
const NAMES = ['steady', 'steady-too', 'failing'];
let server: TestApiServer;
let client: KubeClient;
let managed: Promise<void>;
const abort = new AbortController();
const ctx: Context = { signal: abort.signal, clock: systemClock, logger: silentLogger };
/** How each node's heartbeat is stopped. */
const hearts = new Map<string, () => void>();

const nodes = () => server.client.resource<Node>(refs.nodes);
const pods = () => server.client.resource<Pod>(refs.pods);
const eventually = (probe: () => Promise<unknown>) => expect.poll(probe, { interval: 25, timeout: 40_000 });
const taints = async (name: string) =>
  ((await nodes().get(ctx, { name })).spec?.taints ?? []).map(({ key, effect }) => `${key}:${effect}`).sort();

function beat(name: string): void {
  const renew = async () => {
    const spec = { renewTime: formatMicroTime(Date.now()) };
    const at = { name, namespace: 'kube-node-lease' };
    await server.client.resource<Lease>(refs.leases).patch(ctx, at, 'merge', { spec });
  };
  const timer = setInterval(() => renew().catch(() => undefined), GRACE / 5);
  hearts.set(name, () => clearInterval(timer));
}

/** As the kubelet does when it starts again. */
async function reportReady(name: string): Promise<void> {
  const found = await nodes().get(ctx, { name });
  const time = formatTime(Date.now());
  const conditions = [{ type: 'Ready', status: 'True', lastHeartbeatTime: time, lastTransitionTime: time }];
  await nodes().updateStatus(ctx, { ...found, status: { ...found.status, conditions } });
}

async function addNode(name: string): Promise<void> {
  const { uid: _, resourceVersion: __, ...metadata } = node({ metadata: { name } }).metadata;
  await nodes().create(ctx, { ...node({ metadata: { name } }), metadata });
  await reportReady(name);
  const metadataOfLease = { name, namespace: 'kube-node-lease' };
  const lease: Lease = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: metadataOfLease,
    spec: { holderIdentity: name },
  };
  await server.client.resource<Lease>(refs.leases).create(ctx, lease);
  beat(name);
}

async function addPod(name: string, tolerationSeconds: number): Promise<void> {
  const tolerations = ['not-ready', 'unreachable'].map((key) => ({
    key: `node.kubernetes.io/${key}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds,
  }));
  const template = runningPod('failing', '10.213.0.5', { metadata: { name }, spec: { tolerations } });
  const made = await pods().create(ctx, { ...template, metadata: { name, namespace: 'default' } });
  await pods().updateStatus(ctx, { ...made, status: template.status });
}

beforeAll(async () => {
  server = await startTestApiServer();
  for (const name of NAMES) await addNode(name);
  client = createKubeClient(await server.configFor('system:kube-controller-manager'));
  const manager = new ControllerManager({
    client,
    settings: { clusterCidr: '10.213.0.0/16', ca: 'CA', nodeMonitorGrace: GRACE, terminatedPodThreshold: 100 },
  });
  managed = manager.run(ctx);
});
afterAll(async () => {
  for (const stop of hearts.values()) stop();
  abort.abort(new Error('over'));
  await managed;
  await Promise.all([client, server.client].map((one) => one.close()));
  await server.close();
});

test('a node that falls silent is tainted, its Pods leave when they cannot bear it, and it heals', async () => {
  await addPod('impatient', 0);
  await addPod('patient', 600);
  hearts.get('failing')?.();
  await eventually(
    async () => findCondition((await nodes().get(ctx, { name: 'failing' })).status?.conditions, 'Ready')?.status,
  ).toBe('Unknown');
  await eventually(() => taints('failing')).toEqual([
    'node.kubernetes.io/unreachable:NoExecute',
    'node.kubernetes.io/unreachable:NoSchedule',
  ]);
  await eventually(
    async () =>
      (await ignoreNotFound(pods().get(ctx, { name: 'impatient', namespace: 'default' })))?.metadata.deletionTimestamp,
  ).toBeDefined();
  const left = await pods().get(ctx, { name: 'impatient', namespace: 'default' });
  expect(findCondition(left.status?.conditions, 'DisruptionTarget')).toMatchObject({
    status: 'True',
    reason: 'DeletionByTaintManager',
  });
  const patient = await pods().get(ctx, { name: 'patient', namespace: 'default' });
  expect(patient.metadata.deletionTimestamp).toBeUndefined();
  expect(findCondition(patient.status?.conditions, 'Ready')?.status).toBe('False');
  expect(await taints('steady')).toEqual([]);
  beat('failing');
  await reportReady('failing');
  await eventually(() => taints('failing')).toEqual([]);
});

test('a cordoned node is tainted', async () => {
  await nodes().patch(ctx, { name: 'steady' }, 'merge', { spec: { unschedulable: true } });
  await eventually(() => taints('steady')).toEqual(['node.kubernetes.io/unschedulable:NoSchedule']);
});
