import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { node, pod } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, describe, expect, test } from 'vitest';
import { podGcController } from './pod-gc.controller.js';

let bench: LoopBench;
let nodes: Objects<Node>;
let pods: Objects<Pod>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [podGcController(ctx, deps, 2)]);
  nodes = bench.objects(refs.nodes);
  pods = bench.objects(refs.pods);
});

const add = (name: string, spec: object = {}, metadata: object = {}) =>
  pods.create(pod({ metadata: { name, ...metadata }, spec }));
const names = async () => (await pods.list()).map(({ metadata }) => metadata.name);

describe('Pods of a node that is gone', () => {
  beforeEach(async () => {
    await nodes.create(node());
    await add('a');
    await bench.kubelet.run();
    await bench.advance(1_000);
    await nodes.delete('node-1');
  });

  test('are cleared away once it has been away for long enough, not a millisecond before', async () => {
    await bench.advance(1_000);
    await bench.advance(39_999);
    expect(await names()).toEqual(['a']);
    await bench.advance(1);
    expect(await names()).toEqual([]);
  });

  test('stay where it comes back in time, and its next absence is counted from its own beginning', async () => {
    await bench.advance(30_000);
    await nodes.create(node());
    await bench.advance(60_000);
    expect(await names()).toEqual(['a']);
    await nodes.delete('node-1');
    await bench.advance(1_000);
    await bench.advance(39_999);
    expect(await names()).toEqual(['a']);
    await bench.advance(1);
    expect(await names()).toEqual([]);
  });

  test('stay where only our cache has not heard that it is back', async () => {
    await bench.advance(1_000);
    bench.api.hold(/nodes\?.*watch=true/);
    await nodes.create(node());
    await bench.advance(60_000);
    expect(await names()).toEqual(['a']);
  });

  test('are told why', async () => {
    await pods.change('a', { metadata: { finalizers: ['example.com/hold'] } });
    await bench.advance(60_000);
    expect((await pods.get('a')).status).toMatchObject({
      phase: 'Failed',
      conditions: expect.arrayContaining([
        expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'DeletionByPodGC' }),
      ]),
    });
  });

  test('are waited for anew after a restart: nobody knows since when it has been away', async () => {
    await bench.advance(30_000);
    await bench.restart();
    await bench.advance(1_000);
    await bench.advance(39_999);
    expect(await names()).toEqual(['a']);
    await bench.advance(1);
    expect(await names()).toEqual([]);
  });
});

test('of finished Pods the oldest go, as many as are too many', async () => {
  await nodes.create(node());
  for (const name of ['first', 'second', 'third', 'fourth']) {
    await add(name);
    await bench.advance(1_000);
  }
  await bench.kubelet.run();
  await bench.kubelet.finish('Succeeded');
  await bench.advance(1_000);
  expect(await names()).toEqual(['fourth', 'third']);
});

test('a Pod that was deleted before any node had it goes', async () => {
  await add('waits', {}, { finalizers: ['example.com/hold'] });
  await pods.delete('waits');
  await pods.change('waits', { metadata: { finalizers: null } });
  await bench.advance(1_000);
  expect(await names()).toEqual([]);
});

test('what is out of service gives back the Pods that are on their way out, and only those', async () => {
  await nodes.create(node({ status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }));
  await nodes.change('node-1', { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }, 'status');
  for (const name of ['leaves', 'stays']) await add(name);
  await bench.kubelet.run();
  await pods.delete('leaves');
  await bench.advance(2_000);
  expect(await names()).toEqual(['leaves', 'stays']);
  await nodes.change('node-1', {
    spec: { taints: [{ key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' }] },
  });
  await bench.advance(1_000);
  expect(await names()).toEqual(['stays']);
});

test('a sweep that fails in part is done again', async () => {
  await nodes.create(node());
  for (const name of ['a', 'b', 'c', 'd']) await add(name);
  await bench.kubelet.run();
  await bench.kubelet.finish('Failed');
  let down = true;
  bench.api.befall(({ method }) => (method === 'DELETE' && down ? new Error('down') : undefined));
  const turns = await bench.advance(1_000);
  expect(turns.find(({ error }) => error)).toMatchObject({ key: 'sweep' });
  down = false;
  await bench.advance(1_000);
  expect(await names()).toHaveLength(2);
});
