import { readFileSync } from 'node:fs';
import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type {
  AllocationResult,
  DeviceClass,
  ResourceClaim,
  ResourceSlice,
} from '@binnacle/apis-kubernetes/resource/v1';
import { deepFreeze } from '@binnacle/client-informers';
import { canonicalQuantity, parseQuantity } from '@binnacle/machinery-quantity';
import { deviceClass, node, resourceClaim, resourceSlice } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { Allocator } from './allocator.js';
import { DevicesInUse, type UsedDevices } from './devices-in-use.js';
import { DevicePools } from './pools.js';

/** What kube-scheduler 1.36 makes of claims on a node, with the gates that are on by default. */
interface Case {
  readonly name: string;
  readonly node: Node;
  readonly claims: readonly ResourceClaim[];
  readonly classes: readonly DeviceClass[] | null;
  readonly slices: readonly ResourceSlice[] | null;
  /** Devices of other claims, wholly or in part. */
  readonly taken?: readonly string[];
  readonly shared?: readonly string[];
  readonly capacity?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly results?: readonly AllocationResult[] | null;
  readonly error?: string;
}

const file = new URL('./testing/allocator-cases.json', import.meta.url);
const cases = deepFreeze(JSON.parse(readFileSync(file, 'utf8')) as Case[]);
const SHARE = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa';

function usedIn({ taken = [], shared = [], capacity = {} }: Case): UsedDevices {
  const amounts = (device: string) =>
    new Map(Object.entries(capacity[device] ?? {}).map(([name, amount]) => [name, parseQuantity(amount).nano]));
  return {
    isTaken: (device) => taken.includes(device),
    sharesOf: (device) => (shared.includes(device) || device in capacity ? amounts(device) : undefined),
  };
}

function outcome(one: Case): unknown {
  const classes = new Map((one.classes ?? []).map((each) => [each.metadata.name, each]));
  const allocator = new Allocator({
    pools: new DevicePools(one.slices ?? []),
    used: usedIn(one),
    classNamed: (name) => classes.get(name),
    newShareId: () => SHARE,
  });
  try {
    const found = allocator.allocate(one.node, one.claims);
    return found && 'onNode' in found ? { error: found.onNode } : { results: found ?? [] };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** Upstream writes an empty list where there is none, and orders what is the same in any order by chance. */
const plain = (results: readonly AllocationResult[]) =>
  results.map(({ devices = {}, nodeSelector }) => ({
    nodeSelector,
    config: devices.config,
    results: (devices.results ?? []).map((result) => ({
      ...result,
      consumedCapacity: Object.fromEntries(
        Object.entries(result.consumedCapacity ?? {}).map(([name, amount]) => [name, canonicalQuantity(amount)]),
      ),
    })),
  }));

describe('an allocator does as kube-scheduler’s', () => {
  test.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const ours = outcome(one) as { results?: AllocationResult[]; error?: string };
    expect(ours.error).toBe(one.error);
    expect(plain(ours.results ?? [])).toEqual(plain(one.results ?? []));
  });
});

describe('an allocator', () => {
  const gpus = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `gpu-${index}` }));
  const onNode = node({ metadata: { name: 'n' } });
  const steps = { node: 5_000, pod: 8_000 };
  const allocatorOf = (devices: Array<{ name: string }>, used: UsedDevices = new DevicesInUse()) =>
    new Allocator({
      ...{ pools: new DevicePools([resourceSlice('n', devices)]), used, classNamed: () => deviceClass() },
      steps,
    });

  test('stops looking where there is too much to look at', () => {
    const requests = Array.from({ length: 12 }, (_, index) => ({
      name: `r${index}`,
      exactly: { deviceClassName: 'gpu', allocationMode: 'ExactCount', count: 2 },
    }));
    const claim = resourceClaim({ spec: { devices: { requests } } });
    const why = 'node n: timed out trying to allocate devices';
    const allocator = allocatorOf(gpus(23));
    expect(() => allocator.allocate(onNode, [claim])).toThrow(why);
    expect(() => allocator.allocate(onNode, [resourceClaim()])).not.toThrow();
  });

  test('gives no device twice that a claim has, wholly or in part', () => {
    const used = new DevicesInUse();
    const result = { request: 'gpu', driver: 'gpu.example.com', pool: 'n', device: 'gpu-0' };
    const allocate = () => allocatorOf(gpus(1), used).allocate(onNode, [resourceClaim()]);
    used.set('a', [result]);
    used.set('b', [{ ...result, adminAccess: true }]);
    expect(allocate()).toBeUndefined();
    used.set('a', undefined);
    expect(allocate()).toHaveLength(1);
    used.set('a', [{ ...result, shareID: 's', consumedCapacity: { memory: '4Gi' } }]);
    expect(used.sharesOf('gpu.example.com/n/gpu-0')?.get('memory')).toBe(parseQuantity('4Gi').nano);
    used.set('a', undefined);
    expect(used.sharesOf('gpu.example.com/n/gpu-0')).toBeUndefined();
  });
});
