import type { Device, ResourceSlice } from '@binnacle/apis-kubernetes/resource/v1';
import { expect, test } from 'vitest';
import { planSlices } from './plan-slices.js';

const owner = { apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'u', controller: true };
const publisher = { driver: 'simulated.binnacle.dev', node: 'n', owner };
const devices = (count: number, more: Partial<Device> = {}): Device[] =>
  Array.from({ length: count }, (_, index) => ({ name: `gpu-${index}`, ...more }));

/** What stands there after a plan was carried out. */
function after(known: readonly ResourceSlice[], wanted: readonly Device[]): ResourceSlice[] {
  const { create, update, remove } = planSlices(publisher, known, wanted);
  const kept = known.filter((slice) => !remove.includes(slice));
  const changed = new Map(update.map((slice) => [slice.metadata.name, slice]));
  const made = create.map((slice, index) => ({
    ...slice,
    metadata: { ...slice.metadata, name: `s${known.length + index}` },
  }));
  return [...kept.map((slice) => changed.get(slice.metadata.name) ?? slice), ...made];
}
const summary = (slices: readonly ResourceSlice[]) =>
  slices.map(({ spec }) => [spec.pool.generation, spec.pool.resourceSliceCount, spec.devices?.length]);

test('a node tells of its devices in one slice, which is its Node’s', () => {
  expect(planSlices(publisher, [], devices(2)).create).toEqual([
    {
      apiVersion: 'resource.k8s.io/v1',
      kind: 'ResourceSlice',
      metadata: { generateName: 'n-simulated.binnacle.dev-', ownerReferences: [owner] },
      spec: {
        driver: 'simulated.binnacle.dev',
        nodeName: 'n',
        pool: { name: 'n', generation: 1, resourceSliceCount: 1 },
        devices: devices(2),
      },
    },
  ]);
});

test('what is told already is not told again, whenever the server says that a taint came', () => {
  const taints = [{ key: 'a', effect: 'NoExecute' }];
  const dated = [{ key: 'a', effect: 'NoExecute', timeAdded: '2026-01-01T00:00:00Z' }];
  const there = after([], devices(1, { taints: dated }));
  expect(planSlices(publisher, there, devices(1, { taints }))).toEqual({ create: [], update: [], remove: [] });
});

test('a slice that changes keeps its generation, several change together under the next', () => {
  const one = after([], devices(2));
  expect(summary(after(one, devices(3)))).toEqual([[1, 1, 3]]);
  const three = after(one, devices(150));
  expect(summary(three)).toEqual([
    [2, 3, 64],
    [2, 3, 64],
    [2, 3, 22],
  ]);
  expect(summary(after(three, devices(64)))).toEqual([[3, 1, 64]]);
});

test('a node without devices tells of none, and slices of other drivers are not touched', () => {
  const there = after([], devices(2));
  const foreign = there.map((slice) => ({ ...slice, spec: { ...slice.spec, driver: 'gpu.example.com' } }));
  expect(planSlices(publisher, there, []).remove).toEqual(there);
  expect(planSlices(publisher, foreign, [])).toEqual({ create: [], update: [], remove: [] });
});
