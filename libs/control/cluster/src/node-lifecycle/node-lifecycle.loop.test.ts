import type { Lease } from '@binnacle/apis-kubernetes/coordination/v1';
import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { formatMicroTime, formatTime } from '@binnacle/machinery-context';
import { lease, node, pod } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, describe, expect, test } from 'vitest';
import { nodeLifecycleController } from './node-lifecycle.controller.js';

const GRACE = 40_000;
const UNREACHABLE = 'node.kubernetes.io/unreachable';
const NOT_READY = 'node.kubernetes.io/not-ready';

let bench: LoopBench;
let nodes: Objects<Node>;
let leases: Objects<Lease>;
let pods: Objects<Pod>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [nodeLifecycleController(ctx, deps, GRACE)]);
  nodes = bench.objects(refs.nodes);
  leases = bench.objects(refs.leases, 'kube-node-lease');
  pods = bench.objects(refs.pods);
});

const ready = (status = 'True') => [
  { type: 'Ready', status, lastHeartbeatTime: formatTime(bench.now), lastTransitionTime: formatTime(bench.now) },
];
const report = (name: string, status?: string) =>
  nodes.change(name, { status: { conditions: ready(status) } }, 'status');
const renew = (name: string) => leases.change(name, { spec: { renewTime: formatMicroTime(bench.now) } });

/** A node that reports and renews its lease. */
async function join(name: string, zone = 'a'): Promise<void> {
  await nodes.create(node({ metadata: { name, labels: { 'topology.kubernetes.io/zone': zone } } }));
  await report(name);
  await leases.create(lease({ metadata: { name } }));
  await bench.drain();
}

/** Time passes in which only these are heard of. */
async function pass(milliseconds: number, ...alive: string[]): Promise<void> {
  const end = bench.now + milliseconds;
  while (bench.now < end) {
    await bench.advance(Math.min(10_000, end - bench.now));
    for (const name of alive) await renew(name);
  }
  await bench.drain();
}

const taintsOf = async (name: string) =>
  ((await nodes.get(name)).spec?.taints ?? []).map(({ key, effect }) => `${key}:${effect}`).sort();
const readinessOf = async (name: string) =>
  (await nodes.get(name)).status?.conditions?.find(({ type }) => type === 'Ready')?.status;
const isReady = async (name: string) =>
  (await pods.get(name)).status?.conditions?.find(({ type }) => type === 'Ready')?.status;

describe('a node that falls silent', () => {
  test('is given up after the grace, not a millisecond before, and its Pods are driven off', async () => {
    await join('other');
    await join('silent');
    const heard = bench.now;
    await pass(GRACE - 1, 'other');
    expect(await readinessOf('silent')).toBe('True');
    await bench.advance(heard + GRACE - bench.now);
    expect(await readinessOf('silent')).toBe('Unknown');
    expect(await taintsOf('silent')).toEqual([`${UNREACHABLE}:NoExecute`, `${UNREACHABLE}:NoSchedule`]);
    expect(await bench.events()).toContain('Node/silent NodeNotReady: Node silent status is now: NodeNotReady');
    expect(await taintsOf('other')).toEqual([]);
  });

  test('and renews its lease in time is heard of, whatever its status says', async () => {
    await join('other');
    await join('quiet');
    await pass(10 * GRACE, 'other', 'quiet');
    expect(await readinessOf('quiet')).toBe('True');
  });

  test('has Pods that serve nobody from then on', async () => {
    await join('other');
    await join('silent');
    await pods.create(pod());
    await bench.kubelet.run(() => true, 'silent');
    await pass(GRACE, 'other');
    expect(await isReady('pod-1')).toBe('False');
    expect(await bench.events()).toContain('Pod/pod-1 NodeNotReady: Node is not ready');
  });

  test('and comes back loses its taints', async () => {
    await join('other');
    await join('silent');
    await pass(2 * GRACE, 'other');
    await report('silent');
    await renew('silent');
    await bench.drain();
    expect(await taintsOf('silent')).toEqual([]);
    await pass(GRACE - 10_000, 'other', 'silent');
    expect(await readinessOf('silent')).toBe('True');
  });

  test('has the whole grace again after a restart of ours', async () => {
    await join('other');
    await join('silent');
    await pass(GRACE - 10_000, 'other');
    await bench.restart();
    await pass(GRACE - 10_000, 'other');
    expect(await readinessOf('silent')).toBe('True');
    await pass(10_000, 'other');
    expect(await readinessOf('silent')).toBe('Unknown');
  });

  test('is not given up by one who could not hear', async () => {
    await join('other');
    await join('silent');
    bench.api.breakWatches();
    bench.api.befall(({ method, path }) =>
      method !== 'GET' || path.includes('watch') ? new Error('no route') : undefined,
    );
    await bench.advance(GRACE + 5_000);
    bench.api.befall(() => undefined);
    for (const name of ['other', 'silent']) await renew(name);
    await bench.advance(10_000);
    expect(await readinessOf('silent')).toBe('True');
  });
});

test('a node that says itself that it is not ready is tainted as that, and a new one until it says so', async () => {
  await join('other');
  await join('ill');
  await report('ill', 'False');
  await bench.drain();
  expect(await taintsOf('ill')).toEqual([`${NOT_READY}:NoExecute`, `${NOT_READY}:NoSchedule`]);
  await report('ill');
  await bench.drain();
  expect(await taintsOf('ill')).toEqual([]);
});

test('pressure and cordons keep new Pods away and drive nobody off', async () => {
  await join('pressed');
  const conditions = [...ready(), { type: 'MemoryPressure', status: 'True' }];
  await nodes.change('pressed', { status: { conditions } }, 'status');
  await nodes.change('pressed', { spec: { unschedulable: true } });
  await bench.drain();
  expect(await taintsOf('pressed')).toEqual([
    'node.kubernetes.io/memory-pressure:NoSchedule',
    'node.kubernetes.io/unschedulable:NoSchedule',
  ]);
});

describe('where many fall silent', () => {
  test('one after the other is driven empty', async () => {
    for (const name of ['other', 'one', 'two']) await join(name);
    await pass(GRACE, 'other');
    const driven = async () =>
      (await Promise.all(['one', 'two'].map(taintsOf))).filter((taints) => taints.includes(`${UNREACHABLE}:NoExecute`));
    expect(await driven()).toHaveLength(1);
    await pass(10_000, 'other');
    expect(await driven()).toHaveLength(2);
  });

  test('all at once, the fault may be ours: nobody is driven off', async () => {
    for (const name of ['one', 'two']) await join(name);
    await pass(3 * GRACE);
    for (const name of ['one', 'two']) expect(await taintsOf(name)).toEqual([`${UNREACHABLE}:NoSchedule`]);
  });

  test('all at once, and one comes back: those that do not are driven empty after all', async () => {
    for (const name of ['one', 'two']) await join(name);
    await pass(3 * GRACE);
    await report('one');
    await renew('one');
    await pass(60_000, 'one');
    expect(await taintsOf('one')).toEqual([]);
    expect(await taintsOf('two')).toEqual([`${UNREACHABLE}:NoExecute`, `${UNREACHABLE}:NoSchedule`]);
  });
});

test('taints of others stay, and a change of theirs meanwhile is not written over', async () => {
  await join('other');
  await join('silent');
  await pass(GRACE - 10_000, 'other');
  bench.api.hold(/nodes\?.*watch=true/);
  await nodes.change('silent', { spec: { taints: [{ key: 'theirs', effect: 'NoSchedule' }] } });
  const turns = await bench.advance(10_000);
  expect(turns.find(({ error }) => error)?.error).toMatchObject({ reason: 'Conflict' });
  bench.api.hold(undefined);
  await renew('other');
  await bench.advance(10_000);
  expect(await taintsOf('silent')).toContain('theirs:NoSchedule');
  expect(await taintsOf('silent')).toContain(`${UNREACHABLE}:NoSchedule`);
});

test('a node that leaves is forgotten, and one of its name begins anew', async () => {
  await join('other');
  await join('a');
  await pass(GRACE - 10_000, 'other');
  await nodes.delete('a');
  await leases.delete('a');
  await bench.drain();
  await join('a');
  await pass(GRACE - 10_000, 'other');
  expect(await readinessOf('a')).toBe('True');
});
