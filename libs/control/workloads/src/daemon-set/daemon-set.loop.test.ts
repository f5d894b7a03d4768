import type { ControllerRevision, DaemonSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { StatusError } from '@binnacle/machinery-meta';
import { daemonSet, node } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, describe, expect, test } from 'vitest';
import { daemonSetController } from './daemon-set.controller.js';
import { targetNode } from '@binnacle/apis-kubernetes/apps/v1/daemon-set-reading';

let bench: LoopBench;
let sets: Objects<DaemonSet>;
let pods: Objects<Pod>;
let nodes: Objects<Node>;
let revisions: Objects<ControllerRevision>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [daemonSetController(ctx, deps)]);
  sets = bench.objects(refs.daemonsets);
  pods = bench.objects(refs.pods);
  nodes = bench.objects(refs.nodes);
  revisions = bench.objects(refs.controllerrevisions);
});

async function addNode(name: string, taints: object[] = []): Promise<void> {
  await nodes.create(node({ metadata: { name, labels: { 'kubernetes.io/hostname': name } } }));
  // Nobody here takes away what admission puts on a node that has not reported yet.
  await nodes.change(name, { spec: { taints } });
}
const make = (spec: object = {}) => sets.create(daemonSet({ spec }));
const statusOf = async () => (await sets.get('agent')).status;
const roll = (image: string) =>
  sets.change('agent', { spec: { template: { spec: { containers: [{ name: 'main', image }] } } } });
const isCreation = ({ method, path }: { method: string; path: string }) => method === 'POST' && path.endsWith('/pods');
const staying = async () => (await pods.list()).filter(({ metadata }) => !metadata.deletionTimestamp);
const placed = async () => (await staying()).map(targetNode).sort();
const images = async () =>
  Object.fromEntries((await staying()).map((one) => [targetNode(one), one.spec?.containers[0]?.image]));

/** The kubelets run what is meant for their nodes. */
async function run(): Promise<number> {
  let moved = 0;
  for (const name of (await nodes.list()).map(({ metadata }) => metadata.name ?? '')) {
    moved += await bench.kubelet.run((one) => targetNode(one) === name, name);
  }
  return moved;
}

/** The kubelets run what there is and let go of what goes, until nothing moves any more. */
async function settle(): Promise<void> {
  for (let moved = 1; moved > 0; ) {
    await bench.advance(100);
    moved = (await run()) + (await bench.kubelet.stop());
  }
}

test('runs a Pod on every node that fits, counts them, and forgets nothing over a restart', async () => {
  await addNode('a');
  await addNode('b');
  await addNode('c', [{ key: 'example.com/dedicated', effect: 'NoSchedule' }]);
  await make();
  await settle();
  expect(await placed()).toEqual(['a', 'b']);
  await bench.restart();
  await bench.drain();
  expect(await statusOf()).toMatchObject({
    desiredNumberScheduled: 2,
    currentNumberScheduled: 2,
    numberMisscheduled: 0,
    numberReady: 2,
    numberAvailable: 2,
    updatedNumberScheduled: 2,
    observedGeneration: 1,
  });
  expect((await statusOf())?.numberUnavailable ?? 0).toBe(0);
  const [made] = await staying();
  expect(await bench.events()).toContain(`DaemonSet/agent SuccessfulCreate: Created pod: ${made?.metadata.name}`);
  expect(made?.metadata.labels).toMatchObject({ 'pod-template-generation': '1' });
});

describe('nodes', () => {
  test('that come get one, and those that go are counted no longer', async () => {
    await addNode('a');
    await make();
    await settle();
    await addNode('b');
    await settle();
    expect(await placed()).toEqual(['a', 'b']);
    await nodes.delete('b');
    await bench.drain();
    expect(await statusOf()).toMatchObject({ desiredNumberScheduled: 1 });
  });

  test('that are tainted keep theirs or lose them, as the taint says', async () => {
    await addNode('a');
    await make();
    await settle();
    const taint = (effect: string) => nodes.change('a', { spec: { taints: [{ key: 'example.com/x', effect }] } });
    await taint('NoSchedule');
    await settle();
    expect(await statusOf()).toMatchObject({ desiredNumberScheduled: 0, numberMisscheduled: 1 });
    expect(await placed()).toEqual(['a']);
    await taint('NoExecute');
    await settle();
    expect(await placed()).toEqual([]);
    await nodes.change('a', { spec: { taints: [] } });
    await settle();
    expect(await placed()).toEqual(['a']);
  });

  test('wake nobody with what does not matter', async () => {
    await addNode('a');
    await make();
    await settle();
    await nodes.change('a', { metadata: { annotations: { beat: '1' } } });
    expect(await bench.drain()).toEqual([]);
  });
});

describe('an update', () => {
  beforeEach(async () => {
    await addNode('a');
    await addNode('b');
  });

  test('takes one node after the other', async () => {
    await make();
    await settle();
    await roll('nginx:2');
    await bench.advance(100);
    expect(await staying()).toHaveLength(1);
    await settle();
    expect(await images()).toEqual({ a: 'nginx:2', b: 'nginx:2' });
    expect(await statusOf()).toMatchObject({ updatedNumberScheduled: 2, numberAvailable: 2, observedGeneration: 2 });
  });

  test('with surge leaves no node without one', async () => {
    await make({ updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } });
    await settle();
    await roll('nginx:2');
    await bench.advance(100);
    expect(await placed()).toEqual(['a', 'a', 'b']);
    await settle();
    expect(await images()).toEqual({ a: 'nginx:2', b: 'nginx:2' });
  });

  test('on deletion renews only what somebody deletes', async () => {
    await make({ updateStrategy: { type: 'OnDelete', rollingUpdate: undefined } });
    await settle();
    await roll('nginx:2');
    await settle();
    const onA = (await staying()).find((one) => targetNode(one) === 'a');
    await pods.delete(onA?.metadata.name ?? '', { gracePeriodSeconds: 0 });
    await settle();
    expect(await images()).toEqual({ a: 'nginx:2', b: 'nginx:1.29' });
  });

  test('taken back brings the old revision back instead of making another', async () => {
    await make();
    await settle();
    const [first] = await revisions.list();
    await roll('nginx:2');
    await settle();
    await roll('nginx:1.29');
    await settle();
    expect((await revisions.list()).map(({ revision }) => revision).sort()).toEqual([2, 3]);
    const [one] = await staying();
    expect(one?.metadata.labels?.['controller-revision-hash']).toBe(
      first?.metadata.labels?.['controller-revision-hash'],
    );
  });

  test('leaves no more revisions than the limit beside the one in use', async () => {
    await make({ revisionHistoryLimit: 1 });
    for (const image of ['nginx:2', 'nginx:3', 'nginx:4']) {
      await settle();
      await roll(image);
    }
    await settle();
    expect((await revisions.list()).map(({ revision }) => revision).sort()).toEqual([3, 4]);
  });
});

test('a failed daemon is made again at once, and then ever later', async () => {
  await addNode('a');
  await make();
  await settle();
  const fail = async () => {
    await bench.kubelet.finish('Failed');
    await bench.advance(50);
  };
  await fail();
  await settle();
  expect(await placed()).toEqual(['a']);
  await fail();
  expect((await staying())[0]?.status?.phase).toBe('Failed');
  await bench.advance(1_000);
  await settle();
  expect(await statusOf()).toMatchObject({ numberReady: 1 });
  expect((await bench.events()).join('\n')).toMatch(
    /FailedDaemonPod: Found failed daemon pod default\/agent-\w+ on node a/,
  );
});

test('a daemon is available when it has been ready for long enough', async () => {
  await addNode('a');
  await make({ minReadySeconds: 30 });
  await bench.drain();
  await run();
  await bench.advance(29_999);
  expect(await statusOf()).toMatchObject({ numberReady: 1, numberUnavailable: 1 });
  await bench.advance(1);
  expect(await statusOf()).toMatchObject({ numberAvailable: 1 });
});

test('what cannot be made is told of, and made when it can be', async () => {
  bench.api.befall((request) =>
    isCreation(request) ? new StatusError(403, 'Forbidden', 'exceeded quota') : undefined,
  );
  await addNode('a');
  await make();
  expect((await bench.turn())?.error).toMatchObject({ reason: 'Forbidden' });
  expect(await bench.events()).toEqual(['DaemonSet/agent FailedCreate: Error creating: exceeded quota']);
  bench.api.befall(() => undefined);
  await bench.advance(1_000);
  expect(await placed()).toEqual(['a']);
});

test('a set on its way out makes nothing', async () => {
  await addNode('a');
  await make();
  await bench.drain();
  await sets.delete('agent', { propagationPolicy: 'Foreground' });
  await pods.delete((await staying())[0]?.metadata.name ?? '', { gracePeriodSeconds: 0 });
  await bench.advance(1_000);
  expect(await placed()).toEqual([]);
});
