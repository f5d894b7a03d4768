import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { DeviceTaint, ResourceClaim, ResourceSlice } from '@binnacle/apis-kubernetes/resource/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { allocatedOn, pod, resourceClaim, resourceSlice } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { deviceTaintEvictionController } from './device-taint-eviction.controller.js';

let bench: LoopBench;
let slices: Objects<ResourceSlice>;
let claims: Objects<ResourceClaim>;
let pods: Objects<Pod>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [deviceTaintEvictionController(ctx, deps)]);
  slices = bench.objects(refs.resourceslices);
  claims = bench.objects(refs.resourceclaims);
  pods = bench.objects(refs.pods);
  await slices.create(resourceSlice('node-1', [{ name: 'gpu-0' }]));
});

const FIRE: DeviceTaint = { key: 'fire', effect: 'NoExecute' };
const taint = (...taints: DeviceTaint[]) =>
  slices.change('node-1-gpus', { spec: { devices: [{ name: 'gpu-0', taints }] } });

/** A Pod on the node that has the device, and bears the fire for so many seconds. */
async function add(seconds?: number): Promise<void> {
  await claims.create(resourceClaim());
  const resourceClaims = [{ name: 'c', resourceClaimName: 'gpu' }];
  const made = await pods.create(pod({ metadata: { name: 'p' }, spec: { resourceClaims } }));
  await bench.kubelet.run();
  const status = allocatedOn('node-1', ['gpu-0'], [made]);
  const bears = { key: 'fire', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: seconds };
  const tolerations = seconds === undefined ? undefined : [bears];
  const results = (status.allocation?.devices?.results ?? []).map((result) => ({ ...result, tolerations }));
  await claims.change('gpu', { status: { ...status, allocation: { devices: { results } } } }, 'status');
}
const isLeaving = async () => (await pods.get('p')).metadata.deletionTimestamp !== undefined;

test('a Pod whose device is tainted leaves at once, and is told why', async () => {
  await add();
  await bench.drain();
  expect(await isLeaving()).toBe(false);
  await taint(FIRE);
  await bench.drain();
  expect(await isLeaving()).toBe(true);
  const condition = (await pods.get('p')).status?.conditions?.find(({ type }) => type === 'DisruptionTarget');
  expect(condition).toMatchObject({ status: 'True', reason: 'DeletionByDeviceTaintManager' });
  expect(await bench.events()).toEqual(['Pod/p DeviceTaintManagerEviction: Marking for deletion']);
});

test('one that bears it for a while leaves then, counted from when the taint came', async () => {
  await add(60);
  await bench.advance(1_000_000);
  await taint(FIRE);
  await bench.advance(58_000);
  expect(await isLeaving()).toBe(false);
  await bench.advance(2_000);
  expect(await isLeaving()).toBe(true);
});

test('a fire that goes out in time drives nobody off', async () => {
  await add(60);
  await taint(FIRE);
  await bench.advance(30_000);
  await taint();
  await bench.advance(100_000);
  expect([await isLeaving(), await bench.events()]).toEqual([
    false,
    ['Pod/p DeviceTaintManagerEviction: Cancelling deletion'],
  ]);
});

test('other effects are the scheduler’s matter', async () => {
  await add();
  await taint({ key: 'fire', effect: 'NoSchedule' });
  await bench.advance(1_000_000);
  expect(await isLeaving()).toBe(false);
});
