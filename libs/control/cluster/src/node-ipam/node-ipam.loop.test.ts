import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { StatusError } from '@binnacle/machinery-meta';
import { node } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { nodeIpamController } from './node-ipam.controller.js';

let bench: LoopBench;
let nodes: Objects<Node>;
beforeEach(async () => {
  // Room for four nodes.
  bench = await LoopBench.start((ctx, deps) => [nodeIpamController(ctx, deps, '10.244.0.0/22')]);
  nodes = bench.objects(refs.nodes);
});

const add = (name: string, spec: Node['spec'] = {}) => nodes.create(node({ metadata: { name }, spec }));
const blockOf = async (name: string) => (await nodes.get(name)).spec?.podCIDR;
const isPatch = ({ method }: { method: string }) => method === 'PATCH';

test('each node gets a block of its own, and keeps it', async () => {
  for (const name of ['a', 'b']) await add(name);
  await bench.drain();
  expect([await blockOf('a'), await blockOf('b')]).toEqual(['10.244.0.0/24', '10.244.1.0/24']);
  expect((await nodes.get('a')).spec?.podCIDRs).toEqual(['10.244.0.0/24']);
  await bench.restart();
  await add('c');
  await bench.drain();
  expect(await blockOf('c')).toBe('10.244.2.0/24');
});

test('a block that a node brings is nobody else’s', async () => {
  await add('brings', { podCIDR: '10.244.0.0/24', podCIDRs: ['10.244.0.0/24'] });
  await add('gets');
  await bench.drain();
  expect(await blockOf('gets')).toBe('10.244.1.0/24');
});

test('who finds none left is told so, and gets that of a node that goes', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'late']) await add(name);
  const turns = await bench.drain();
  expect(turns.find(({ error }) => error)?.error).toMatchObject({ message: 'no Pod addresses are left for node late' });
  expect(await bench.events()).toEqual(['Node/late CIDRNotAvailable: Node late status is now: CIDRNotAvailable']);
  await nodes.delete('b');
  await bench.advance(1_000);
  expect(await blockOf('late')).toBe('10.244.1.0/24');
});

test('a refusal costs no block', async () => {
  bench.api.befall((request) => (isPatch(request) ? new StatusError(500, 'InternalError', 'down') : undefined));
  await add('a');
  await bench.advance(10_000);
  bench.api.befall(() => undefined);
  await bench.advance(100_000);
  for (const name of ['b', 'c', 'd']) await add(name);
  await bench.drain();
  const blocks = await Promise.all(['a', 'b', 'c', 'd'].map(blockOf));
  expect(blocks.filter(Boolean)).toHaveLength(4);
});

test('a block whose answer was lost is not given to another', async () => {
  for (const name of ['a', 'b', 'c']) await add(name);
  await bench.drain();
  for (const name of ['d', 'e']) await add(name);
  await bench.api.activity.settled();
  bench.api.hold(/nodes\?.*watch=true/);
  bench.api.loseAnswers(isPatch);
  expect((await bench.turn())?.error).toBeDefined();
  bench.api.loseAnswers(undefined);
  const other = bench.turn();
  await bench.api.activity.settled();
  bench.api.hold(undefined);
  await other;
  expect([await blockOf('d'), await blockOf('e')]).toEqual(['10.244.3.0/24', undefined]);
  await nodes.delete('a');
  await bench.advance(1_000);
  expect(await blockOf('e')).toBe('10.244.0.0/24');
});

test('a node that another gave a block meanwhile keeps that', async () => {
  await add('a');
  bench.api.hold(/nodes\?.*watch=true/);
  await nodes.change('a', { spec: { podCIDR: '10.244.3.0/24', podCIDRs: ['10.244.3.0/24'] } });
  expect((await bench.turn())?.error).toMatchObject({ reason: 'Invalid' });
  bench.api.hold(undefined);
  await bench.advance(1_000);
  expect(await blockOf('a')).toBe('10.244.3.0/24');
  for (const name of ['b', 'c', 'd']) await add(name);
  await bench.drain();
  expect(new Set(await Promise.all(['a', 'b', 'c', 'd'].map(blockOf))).size).toBe(4);
});

test('a node that went meanwhile is no failure', async () => {
  await add('a');
  bench.api.hold(/nodes\?.*watch=true/);
  await nodes.delete('a');
  expect(await bench.turn()).toMatchObject({ key: 'a' });
  bench.api.hold(undefined);
  for (const name of ['b', 'c', 'd', 'e']) await add(name);
  await bench.drain();
  expect(new Set(await Promise.all(['b', 'c', 'd', 'e'].map(blockOf))).size).toBe(4);
});
