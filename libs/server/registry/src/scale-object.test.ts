import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { beforeEach, expect, test } from 'vitest';
import { type Scale, scaleOf, updateScale } from './scale-object.js';
import { configMap, type RegistryBench, registryBench } from './testing/registry-bench.js';

const PLACE = { namespace: 'default', name: 'web' };
let bench: RegistryBench;
const deployments = () => bench.store('deployments', 'apps');
beforeEach(async () => {
  bench = await registryBench();
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'i' }] } };
  const spec = { replicas: 2, selector: { matchLabels: labels }, template };
  await deployments().create(bench.ctx, PLACE, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec,
  });
});

const read = async (): Promise<UnstructuredObject> => deployments().decode(await deployments().get(bench.ctx, PLACE));
const to =
  (spec: Scale['spec'], metadata: object = {}) =>
  (current: Scale) => ({ ...current, spec, metadata });

test('shows how many there are, how many there should be, and how they are found', async () => {
  const object = { ...(await read()), status: { replicas: 1 } };
  expect(scaleOf(deployments(), object)).toEqual({
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name: 'web',
      namespace: 'default',
      uid: object.metadata.uid,
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: { replicas: 2 },
    status: { replicas: 1, selector: 'app=web' },
  });
});

test('writes the one number through the rules of its kind', async () => {
  const scaled = await updateScale(deployments(), bench.ctx, PLACE, to({ replicas: 5 }));
  expect([scaled.spec, (await read()).spec, (await read()).metadata.generation]).toMatchObject([
    { replicas: 5 },
    { replicas: 5 },
    2,
  ]);
});

test('without a number is none', async () => {
  expect((await updateScale(deployments(), bench.ctx, PLACE, to({}))).spec).toEqual({});
});

test.each([[-1], [1.5]])('of %d is not valid', async (replicas) => {
  await expect(updateScale(deployments(), bench.ctx, PLACE, to({ replicas }))).rejects.toMatchObject({
    reason: 'Invalid',
    details: { kind: 'Scale', causes: [{ field: 'spec.replicas' }] },
  });
});

test.each([[{ uid: 'another' }], [{ resourceVersion: '99' }]])(
  'of %j, which it is not, is a conflict',
  async (metadata) => {
    await expect(updateScale(deployments(), bench.ctx, PLACE, to({ replicas: 3 }, metadata))).rejects.toMatchObject({
      reason: 'Conflict',
    });
    expect((await read()).spec).toMatchObject({ replicas: 2 });
  },
);

test('that is only tried changes nothing', async () => {
  expect(
    (await updateScale(deployments(), bench.ctx, PLACE, to({ replicas: 9 }), { dryRun: true })).spec.replicas,
  ).toBe(9);
  expect((await read()).spec).toMatchObject({ replicas: 2 });
});

test('is nothing a ConfigMap has', async () => {
  expect(() => scaleOf(bench.store('configmaps'), configMap('a'))).toThrow('configmaps cannot be scaled');
});
