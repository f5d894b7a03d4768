import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { formatTime } from '@binnacle/machinery-context';
import { pod } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { staleTargetController } from './stale-targets.controller.js';

let bench: LoopBench;
let pods: Objects<Pod>;
beforeEach(async () => {
  bench = await LoopBench.start((_, deps) => [staleTargetController(deps)]);
  pods = bench.objects(refs.pods);
  await pods.create(pod());
  await bench.kubelet.run();
});

const mark = () => {
  const lastTransitionTime = formatTime(bench.now);
  const conditions = [
    { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI', lastTransitionTime },
  ];
  return pods.change('pod-1', { status: { conditions } }, 'status');
};
const marked = async () =>
  (await pods.get('pod-1')).status?.conditions?.find(({ type }) => type === 'DisruptionTarget')?.status;

test('the mark of a disruption that did not happen is taken back after two minutes, not a millisecond before', async () => {
  await mark();
  await bench.advance(119_999);
  expect(await marked()).toBe('True');
  await bench.advance(1);
  expect(await marked()).toBe('False');
});

test('a restart does not begin the time anew', async () => {
  await mark();
  await bench.advance(60_000);
  await bench.restart();
  await bench.advance(60_000);
  expect(await marked()).toBe('False');
});

test('a Pod that is leaving keeps its mark', async () => {
  await mark();
  await pods.delete('pod-1');
  await bench.advance(300_000);
  expect(await marked()).toBe('True');
});

test('a Pod that reported something meanwhile loses the mark at the next try', async () => {
  await mark();
  await bench.drain();
  bench.api.hold(/pods\?.*watch=true/);
  await pods.change('pod-1', { metadata: { labels: { a: 'b' } } });
  const turns = await bench.advance(120_000);
  expect(turns.find(({ error }) => error)?.error).toMatchObject({ reason: 'Conflict' });
  bench.api.hold(undefined);
  await bench.advance(1_000);
  expect(await marked()).toBe('False');
});
