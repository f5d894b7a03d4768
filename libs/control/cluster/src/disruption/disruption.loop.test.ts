import type { Deployment, ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { PodDisruptionBudget } from '@binnacle/apis-kubernetes/policy/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { deploymentController, replicaSetController } from '@binnacle/control-workloads';
import { formatTime } from '@binnacle/machinery-context';
import { deployment, pod, podDisruptionBudget } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, describe, expect, test } from 'vitest';
import { disruptionController } from './disruption.controller.js';

let bench: LoopBench;
let budgets: Objects<PodDisruptionBudget>;
let deployments: Objects<Deployment>;
let pods: Objects<Pod>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [
    deploymentController(ctx, deps),
    replicaSetController(ctx, deps),
    disruptionController(ctx, deps),
  ]);
  budgets = bench.objects(refs.poddisruptionbudgets);
  deployments = bench.objects(refs.deployments);
  pods = bench.objects(refs.pods);
});

/** A Deployment whose Pods all run. */
async function runs(replicas: number): Promise<void> {
  await deployments.create(deployment({ spec: { replicas } }));
  await bench.advance(100);
  await bench.kubelet.run();
  await bench.advance(100);
}

const limit = (spec: object) => budgets.create(podDisruptionBudget({ spec: { minAvailable: undefined, ...spec } }));
const statusOf = async () => (await budgets.get('web')).status;
const evict = async () => {
  const [first] = (await pods.list()).filter(({ metadata }) => !metadata.deletionTimestamp);
  const name = first?.metadata.name ?? '';
  const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'default' } };
  await bench.client.resource(refs.pods).createSubresource(bench.ctx, { name, namespace: 'default' }, 'eviction', body);
  return name;
};

describe('a budget', () => {
  test.each([
    ['of so many that must be there', { minAvailable: 3 }, { desiredHealthy: 3, disruptionsAllowed: 1 }],
    [
      'of a share that must be there, rounded up',
      { minAvailable: '51%' },
      { desiredHealthy: 3, disruptionsAllowed: 1 },
    ],
    ['of so many that may be missing', { maxUnavailable: 2 }, { desiredHealthy: 2, disruptionsAllowed: 2 }],
    ['of nobody that may be missing', { maxUnavailable: 0 }, { desiredHealthy: 4, disruptionsAllowed: 0 }],
    ['of more than there are', { minAvailable: 9 }, { desiredHealthy: 9, disruptionsAllowed: 0 }],
  ])('%s', async (_, spec, expected) => {
    await runs(4);
    await limit(spec);
    await bench.advance(100);
    expect(await statusOf()).toMatchObject({ currentHealthy: 4, expectedPods: 4, observedGeneration: 1, ...expected });
  });

  test('follows Pods as they become ready and unready', async () => {
    await runs(2);
    await limit({ minAvailable: 1 });
    await bench.advance(100);
    await bench.kubelet.unready();
    await bench.advance(100);
    expect(await statusOf()).toMatchObject({ currentHealthy: 0, disruptionsAllowed: 0 });
    expect((await statusOf())?.conditions).toMatchObject([{ status: 'False', reason: 'InsufficientPods' }]);
  });

  test('expects what is wanted as soon as it is wanted, before the Pods are there', async () => {
    await runs(2);
    await limit({ maxUnavailable: 1 });
    await bench.advance(100);
    await deployments.change('web', { spec: { replicas: 6 } });
    await bench.advance(100);
    expect(await statusOf()).toMatchObject({
      expectedPods: 6,
      desiredHealthy: 5,
      currentHealthy: 2,
      disruptionsAllowed: 0,
    });
  });

  test('counts Pods of its own choosing only', async () => {
    await runs(2);
    await limit({ minAvailable: 1 });
    await bench.advance(100);
    const [first] = await pods.list();
    await pods.change(first?.metadata.name ?? '', { metadata: { labels: { app: 'another' } } });
    await bench.turn('disruption');
    await bench.advance(25);
    expect(await statusOf()).toMatchObject({ currentHealthy: 1 });
  });
});

describe('an eviction that was granted', () => {
  test('counts against the budget until the Pod has gone', async () => {
    await runs(3);
    await limit({ minAvailable: 2 });
    await bench.advance(100);
    const evicted = await evict();
    expect(await statusOf()).toMatchObject({ disruptionsAllowed: 0, disruptedPods: { [evicted]: expect.any(String) } });
    await expect(evict()).rejects.toMatchObject({ reason: 'TooManyRequests' });
    await bench.kubelet.stop();
    await bench.advance(100);
    await bench.kubelet.run();
    await bench.advance(100);
    expect(await statusOf()).toMatchObject({ currentHealthy: 3, disruptionsAllowed: 1 });
    expect((await statusOf())?.disruptedPods).toBeUndefined();
  });

  test('and was not carried out is forgotten after two minutes, not a millisecond before', async () => {
    await runs(2);
    await limit({ minAvailable: 1 });
    await bench.advance(200);
    const [first] = await pods.list();
    const granted = Math.floor(bench.now / 1000) * 1000;
    const disruptedPods = { [first?.metadata.name ?? '']: formatTime(granted) };
    await budgets.change('web', { status: { disruptedPods, disruptionsAllowed: 0 } }, 'status');
    await bench.advance(granted + 119_999 - bench.now);
    expect(await statusOf()).toMatchObject({ currentHealthy: 1, disruptionsAllowed: 0, disruptedPods });
    await bench.advance(1);
    expect(await statusOf()).toMatchObject({ currentHealthy: 2, disruptionsAllowed: 1 });
  });
});

test('Pods of nobody count as far as they are healthy, and it is told that nobody says how many there should be', async () => {
  await pods.create(pod({ metadata: { labels: { app: 'web' } } }));
  await bench.kubelet.run();
  await limit({ maxUnavailable: 1 });
  await bench.advance(100);
  expect(await statusOf()).toMatchObject({
    currentHealthy: 1,
    expectedPods: 0,
    disruptionsAllowed: 0,
    conditions: [{ reason: 'InsufficientPods' }],
  });
  const [event] = (await bench.events()).filter((text) => text.includes('UnmanagedPods'));
  expect(event).toContain(
    'selector: &LabelSelector{MatchLabels:map[string]string{app: web,},MatchExpressions:[]LabelSelectorRequirement{},})',
  );
});

test('where the controller of a Pod is none that can be scaled, nothing may be disrupted, and that is told', async () => {
  const controller = { apiVersion: 'example.com/v1', kind: 'Thing', name: 'a', uid: 'u', controller: true };
  await pods.create(pod({ metadata: { name: 'one', labels: { app: 'web' }, ownerReferences: [controller] } }));
  await limit({ maxUnavailable: 1 });
  await bench.advance(100);
  expect(await statusOf()).toMatchObject({ disruptionsAllowed: 0, conditions: [{ reason: 'SyncFailed' }] });
  expect(await bench.events()).toContain(
    'PodDisruptionBudget/web CalculateExpectedPodCountFailed: Failed to calculate the number of expected pods: found no controllers for pod "one"',
  );
});

test('a budget of no Pods says so', async () => {
  await limit({ minAvailable: 1 });
  await bench.advance(100);
  expect(await bench.events()).toEqual(['PodDisruptionBudget/web NoPods: No matching pods found']);
});

test('an eviction granted meanwhile is not written over', async () => {
  await runs(3);
  await limit({ minAvailable: 1 });
  await bench.advance(100);
  bench.api.hold(/poddisruptionbudgets\?.*watch=true/);
  const evicted = await evict();
  await bench.kubelet.unready();
  const turns = await bench.advance(100);
  expect(turns.find(({ controller }) => controller === 'disruption')?.error).toMatchObject({ reason: 'Conflict' });
  expect((await statusOf())?.disruptedPods).toHaveProperty(evicted);
  bench.api.hold(undefined);
  await bench.advance(1_000);
  expect(await statusOf()).toMatchObject({ disruptionsAllowed: 0 });
});

test('a set that is nobody’s counts by itself', async () => {
  const sets = bench.objects<ReplicaSet>(refs.replicasets);
  await runs(2);
  await limit({ maxUnavailable: 1 });
  await deployments.delete('web', { propagationPolicy: 'Background' });
  for (const { metadata } of await sets.list())
    await sets.change(metadata.name ?? '', { metadata: { ownerReferences: null } });
  await bench.advance(100);
  expect(await statusOf()).toMatchObject({ expectedPods: 2, disruptionsAllowed: 1 });
});
