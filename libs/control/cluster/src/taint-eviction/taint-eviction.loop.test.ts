import type { Node, Pod, Toleration } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { formatTime } from '@binnacle/machinery-context';
import { node, pod } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { taintEvictionController } from './taint-eviction.controller.js';

let bench: LoopBench;
let nodes: Objects<Node>;
let pods: Objects<Pod>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [taintEvictionController(ctx, deps)]);
  nodes = bench.objects(refs.nodes);
  pods = bench.objects(refs.pods);
  await nodes.create(node());
});

const taint = (...taints: object[]) => nodes.change('node-1', { spec: { taints } });
const FIRE = { key: 'fire', effect: 'NoExecute' };
/** A Pod on the node that bears the fire for so many seconds. */
async function add(name: string, seconds?: number): Promise<void> {
  const bears: Toleration = { key: 'fire', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: seconds };
  await pods.create(pod({ metadata: { name }, spec: { tolerations: seconds === undefined ? [] : [bears] } }));
  await bench.kubelet.run();
}
const leaving = async () =>
  (await pods.list()).filter(({ metadata }) => metadata.deletionTimestamp).map(({ metadata }) => metadata.name);

test('who does not bear a taint leaves at once, and is told why', async () => {
  await add('plain');
  await taint(FIRE);
  await bench.drain();
  expect(await leaving()).toEqual(['plain']);
  const condition = (await pods.get('plain')).status?.conditions?.find(({ type }) => type === 'DisruptionTarget');
  expect(condition).toMatchObject({ status: 'True', reason: 'DeletionByTaintManager' });
  expect(await bench.events()).toEqual(['Pod/plain TaintManagerEviction: Marking for deletion Pod default/plain']);
});

test('who bears it for a while leaves then, not a millisecond before', async () => {
  await add('patient', 60);
  await taint(FIRE);
  await bench.advance(59_999);
  expect(await leaving()).toEqual([]);
  await bench.advance(1);
  expect(await leaving()).toEqual(['patient']);
});

test('who was to leave and may stay is told so, once', async () => {
  await add('patient', 60);
  await taint(FIRE);
  await bench.advance(1_000);
  await taint();
  await bench.advance(100_000);
  expect(await leaving()).toEqual([]);
  await nodes.change('node-1', { metadata: { labels: { more: 'yes' } } });
  await bench.drain();
  expect(await bench.events()).toEqual([
    'Pod/patient TaintManagerEviction: Cancelling deletion of Pod default/patient',
  ]);
});

test('who bears it for ever, and who is elsewhere, stays', async () => {
  const tolerations = [{ operator: 'Exists' }];
  await pods.create(pod({ metadata: { name: 'stoic' }, spec: { tolerations } }));
  await bench.kubelet.run();
  await nodes.create(node({ metadata: { name: 'node-2' } }));
  await pods.create(pod({ metadata: { name: 'elsewhere' } }));
  await bench.kubelet.run(() => true, 'node-2');
  await taint(FIRE);
  await bench.advance(1_000_000);
  expect(await leaving()).toEqual([]);
});

test('a fire that goes out in time drives nobody off, and the next is borne anew', async () => {
  await add('patient', 60);
  await taint(FIRE);
  await bench.advance(40_000);
  await taint();
  await bench.advance(60_000);
  await taint(FIRE);
  await bench.advance(59_999);
  expect(await leaving()).toEqual([]);
  await bench.advance(1);
  expect(await leaving()).toEqual(['patient']);
});

test('a restart forgets when a taint was seen first, unless the taint says so', async () => {
  await add('patient', 60);
  await taint({ ...FIRE, timeAdded: formatTime(bench.now) });
  await bench.advance(40_000);
  await bench.restart();
  await bench.advance(19_999);
  expect(await leaving()).toEqual([]);
  await bench.advance(1);
  expect(await leaving()).toEqual(['patient']);
});

test('who comes to a node that has burnt for long has the time it bears', async () => {
  await taint({ ...FIRE, timeAdded: formatTime(bench.now) });
  await bench.advance(1_000_000);
  await add('late', 60);
  const arrived = bench.now;
  await bench.advance(arrived + 59_000 - bench.now);
  expect(await leaving()).toEqual([]);
  await bench.advance(1_000);
  expect(await leaving()).toEqual(['late']);
});

test('patience that is given while it burns counts', async () => {
  await add('patient', 60);
  await taint(FIRE);
  await bench.advance(30_000);
  const { spec } = await pods.get('patient');
  const more = [
    ...(spec?.tolerations ?? []),
    { key: 'fire', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 10 },
  ];
  await pods.change('patient', { spec: { tolerations: more } });
  await bench.drain();
  expect(await leaving()).toEqual(['patient']);
});

test('a Pod that reported something meanwhile leaves at the next try', async () => {
  await add('plain');
  await bench.drain();
  bench.api.hold(/pods\?.*watch=true/);
  await pods.change('plain', { metadata: { labels: { a: 'b' } } });
  await taint(FIRE);
  expect((await bench.turn())?.error).toMatchObject({ reason: 'Conflict' });
  bench.api.hold(undefined);
  await bench.advance(1_000);
  expect(await leaving()).toEqual(['plain']);
});

test('a Pod that went meanwhile, and another of its name, are not what was meant', async () => {
  await add('plain');
  await bench.drain();
  bench.api.hold(/pods\?.*watch=true/);
  await pods.delete('plain', { gracePeriodSeconds: 0 });
  await pods.create(pod({ metadata: { name: 'plain' } }));
  await taint(FIRE);
  expect((await bench.turn())?.error).toMatchObject({ reason: 'Conflict' });
  expect(await leaving()).toEqual([]);
  bench.api.hold(undefined);
  await bench.advance(1_000);
  expect(await leaving()).toEqual([]);
});
