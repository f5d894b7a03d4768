import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { node } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { nodeTtlController } from './node-ttl.controller.js';

let bench: LoopBench;
let nodes: Objects<Node>;
beforeEach(async () => {
  bench = await LoopBench.start((_, deps) => [nodeTtlController(deps)]);
  nodes = bench.objects(refs.nodes);
});

const make = (name: string) => nodes.create(node({ metadata: { name } }));
const ttlOf = async (name: string) => (await nodes.get(name)).metadata.annotations?.['node.alpha.kubernetes.io/ttl'];

test('a node is told how long it may keep what it reads', async () => {
  await make('a');
  await bench.drain();
  expect(await ttlOf('a')).toBe('0');
  await nodes.change('a', { metadata: { annotations: { 'node.alpha.kubernetes.io/ttl': '99' } } });
  await bench.drain();
  expect(await ttlOf('a')).toBe('0');
});

test('longer where there are many', async () => {
  for (let index = 0; index < 101; index += 1) await make(`n-${index}`);
  await bench.drain();
  expect(await ttlOf('n-100')).toBe('15');
});
