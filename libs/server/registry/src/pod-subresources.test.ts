import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { beforeEach, describe, expect, test } from 'vitest';
import { bindPod, type PodBinding } from './bind-pod.js';
import { evictPod, type PodEviction } from './evict-pod.js';
import type { WriteOptions } from './create-object.js';
import { pod, type RegistryBench, registryBench } from './testing/registry-bench.js';

const PLACE = { namespace: 'default', name: 'a' };
let bench: RegistryBench;
beforeEach(async () => {
  bench = await registryBench();
});

const pods = () => bench.store('pods');
const read = async () => pods().decode(await pods().get(bench.ctx, PLACE));
const setStatus = (status: object) =>
  pods().update(bench.ctx, PLACE, (current) => ({ ...current, status }), { rules: 'none' });

describe('a binding', () => {
  const bind = (binding: PodBinding = { target: { kind: 'Node', name: 'n' } }, options?: WriteOptions) =>
    bindPod(pods(), bench.ctx, PLACE, binding, options);
  beforeEach(async () => {
    await pods().create(bench.ctx, PLACE, pod('a', { labels: { app: 'web' }, annotations: { kept: 'yes' } }));
  });

  test('gives a Pod its node, says that it is scheduled, and forgets whom it had been promised to', async () => {
    await setStatus({
      phase: 'Pending',
      nominatedNodeName: 'm',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }],
    });
    await bind({ target: { name: 'n' }, metadata: { annotations: { by: 'scheduler' }, labels: { tier: 'front' } } });
    expect(await read()).toMatchObject({
      metadata: { annotations: { kept: 'yes', by: 'scheduler' }, labels: { app: 'web', tier: 'front' } },
      spec: { nodeName: 'n' },
      status: { conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }] },
    });
    expect((await read()).status).not.toHaveProperty('nominatedNodeName');
  });

  test('is made once', async () => {
    await bind();
    await expect(bind({ target: { name: 'm' } })).rejects.toMatchObject({
      reason: 'Conflict',
      message: expect.stringContaining('pod a is already assigned to node "n"'),
    });
  });

  test.each([
    [
      'of a Pod that is going',
      () =>
        pods()
          .update(bench.ctx, PLACE, held, { rules: 'none' })
          .then(() => pods().delete(bench.ctx, PLACE)),
      'is being deleted, cannot be assigned to a host',
    ],
    [
      'of a Pod that waits behind a gate',
      () => pods().update(bench.ctx, PLACE, gated, { rules: 'none' }),
      'has non-empty .spec.schedulingGates',
    ],
  ])('%s is refused', async (_, prepare, message) => {
    await prepare();
    await expect(bind()).rejects.toMatchObject({ reason: 'Conflict', message: expect.stringContaining(message) });
  });
  const held = (current: UnstructuredObject) => ({
    ...current,
    metadata: { ...current.metadata, finalizers: ['example.com/hold'] },
  });
  const gated = (current: UnstructuredObject) => ({
    ...current,
    spec: { ...(current.spec as object), schedulingGates: [{ name: 'g' }] },
  });

  test.each([
    [{ target: {} }, 'target.name: Required value'],
    [
      { target: { kind: 'Minion', name: 'n' } },
      'target.kind: Unsupported value: "Minion": supported values: "Node", "<empty>"',
    ],
  ])('to %j fails, as upstream', async (binding, message) => {
    await expect(bind(binding)).rejects.toMatchObject({ code: 500, reason: '', message });
  });

  test('of another Pod of that name, or of what it was before, is refused', async () => {
    const target = { name: 'n' };
    await expect(bind({ target, metadata: { uid: 'another' } })).rejects.toMatchObject({ reason: 'Conflict' });
    await expect(bind({ target, metadata: { resourceVersion: '99' } })).rejects.toMatchObject({ reason: 'Conflict' });
  });

  test('that is only tried changes nothing', async () => {
    await bind(undefined, { dryRun: true });
    expect((await read()).spec).not.toHaveProperty('nodeName');
  });
});

describe('an eviction', () => {
  const stores = () => ({ pods: pods(), budgets: budgets() });
  const budgets = () => bench.store('poddisruptionbudgets', 'policy');
  const evict = (eviction: PodEviction = {}, options?: WriteOptions) =>
    evictPod(stores(), bench.ctx, PLACE, eviction, options);
  const ready = (status: string) => ({ phase: 'Running', conditions: [{ type: 'Ready', status }] });

  async function guard(name: string, status: object, spec: object = {}): Promise<void> {
    const place = { namespace: 'default', name };
    const selector = { matchLabels: { app: 'web' } };
    const budget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name },
      spec: { selector, minAvailable: 1, ...spec },
    };
    await budgets().create(bench.ctx, place, budget);
    await budgets().update(
      bench.ctx,
      place,
      (current) => ({ ...current, status: { observedGeneration: 1, ...status } }),
      { rules: 'none' },
    );
  }
  const budgetStatus = async () =>
    budgets().decode(await budgets().get(bench.ctx, { namespace: 'default', name: 'b' })).status;

  beforeEach(async () => {
    await pods().create(bench.ctx, PLACE, pod('a', { labels: { app: 'web' } }, { nodeName: 'n' }));
    await setStatus(ready('True'));
  });

  test('of a Pod that no budget guards sets it going, and says why', async () => {
    await evict();
    expect(await read()).toMatchObject({
      metadata: { deletionGracePeriodSeconds: 30 },
      status: {
        conditions: [{ type: 'Ready' }, { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI' }],
      },
    });
  });

  test('takes one disruption from its budget', async () => {
    await guard('b', { disruptionsAllowed: 2, currentHealthy: 3, desiredHealthy: 1 });
    await evict();
    expect(await budgetStatus()).toMatchObject({ disruptionsAllowed: 1, disruptedPods: { a: '2026-01-01T00:00:00Z' } });
  });

  test.each([
    [
      'has none left',
      { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1 },
      'needs 1 healthy pods and has 1 currently',
    ],
    [
      'has not been looked at since it was changed',
      { observedGeneration: 0, disruptionsAllowed: 5 },
      'is still being processed by the server.',
    ],
    [
      'waits for too many that were let go',
      {
        disruptionsAllowed: 1,
        disruptedPods: Object.fromEntries(Array.from({ length: 2001 }, (_, at) => [`p${at}`, '2026-01-01T00:00:00Z'])),
      },
      'has too many evicted pods that are not gone yet',
    ],
  ])('is refused where the budget %s', async (_, status, message) => {
    await guard('b', status);
    await expect(evict()).rejects.toMatchObject({
      code: 429,
      reason: 'TooManyRequests',
      details: { causes: [{ reason: 'DisruptionBudget', message: `The disruption budget b ${message}` }] },
    });
    expect((await read()).metadata.deletionTimestamp).toBeUndefined();
  });

  test('of a Pod that two budgets guard cannot be judged', async () => {
    for (const name of ['b', 'c']) await guard(name, { disruptionsAllowed: 1 });
    await expect(evict()).rejects.toMatchObject({
      code: 500,
      message: expect.stringContaining('more than one PodDisruptionBudget'),
    });
  });

  test.each([['Pending'], ['Succeeded'], ['Failed']])('of a Pod that is %s costs no budget', async (phase) => {
    await guard('b', { disruptionsAllowed: 0 });
    await setStatus({ phase });
    await evict();
    expect(await budgetStatus()).toMatchObject({ disruptionsAllowed: 0 });
  });

  describe('of a Pod that is not ready', () => {
    beforeEach(() => setStatus(ready('False')));

    test('costs nothing where the others suffice', async () => {
      await guard('b', { disruptionsAllowed: 0, currentHealthy: 2, desiredHealthy: 2 });
      await evict();
      expect((await read()).metadata.deletionTimestamp).toBeDefined();
    });

    test('is refused where they do not, unless the budget lets all such go', async () => {
      await guard('b', { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 2 });
      await expect(evict()).rejects.toMatchObject({ reason: 'TooManyRequests' });
      await budgets().delete(bench.ctx, { namespace: 'default', name: 'b' });
      await guard(
        'b',
        { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 2 },
        { unhealthyPodEvictionPolicy: 'AlwaysAllow' },
      );
      await evict();
      expect((await read()).metadata.deletionTimestamp).toBeDefined();
    });

    test('is judged anew where it became ready meanwhile', async () => {
      await guard('b', { disruptionsAllowed: 0, currentHealthy: 2, desiredHealthy: 2 });
      bench.storage.beforeNext(async () => {
        const recover = (current: UnstructuredObject) => ({ ...current, status: ready('True') });
        await bench.replica.get('', 'v1', 'pods').update(bench.ctx, PLACE, recover, { rules: 'none' });
      });
      await expect(evict()).rejects.toMatchObject({ reason: 'TooManyRequests', details: { retryAfterSeconds: 10 } });
      expect((await read()).metadata.deletionTimestamp).toBeUndefined();
    });
  });

  test('of another Pod of that name is refused', async () => {
    await expect(evict({ deleteOptions: { preconditions: { uid: 'another' } } })).rejects.toMatchObject({
      reason: 'Conflict',
    });
  });

  test('that is only tried costs nothing and moves nobody', async () => {
    await guard('b', { disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1 });
    await evict({}, { dryRun: true });
    expect(await budgetStatus()).toMatchObject({ disruptionsAllowed: 1 });
    expect((await read()).metadata.deletionTimestamp).toBeUndefined();
  });

  test('of what is not there is not found', async () => {
    const nowhere = { namespace: 'default', name: 'b' };
    await expect(evictPod(stores(), bench.ctx, nowhere, {})).rejects.toMatchObject({ reason: 'NotFound' });
  });
});
