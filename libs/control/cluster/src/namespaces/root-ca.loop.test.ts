import type { ConfigMap, Namespace } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { configMap, namespace } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { rootCaController } from './root-ca.controller.js';

const NAME = 'kube-root-ca.crt';
let bench: LoopBench;
let maps: Objects<ConfigMap>;
let ca = 'first';
beforeEach(async () => {
  ca = 'first';
  bench = await LoopBench.start((_, deps) => [rootCaController(deps, ca)]);
  maps = bench.objects(refs.configmaps);
});

test('every namespace there is, and every new one, gets the authority', async () => {
  await bench.objects<Namespace>(refs.namespaces).create(namespace({ metadata: { name: 'shop' } }));
  await bench.drain();
  for (const each of ['default', 'kube-system', 'shop'])
    expect((await bench.objects<ConfigMap>(refs.configmaps, each).get(NAME)).data).toEqual({ 'ca.crt': 'first' });
});

test('what is changed or deleted is put right, and other ConfigMaps are nobody’s business', async () => {
  await bench.drain();
  await maps.create(configMap());
  expect(await bench.due('root-ca-certificate-publisher')).toBe(0);
  await maps.change(NAME, { data: { 'ca.crt': 'forged', more: 'x' } });
  await bench.drain();
  expect((await maps.get(NAME)).data).toEqual({ 'ca.crt': 'first' });
  await maps.delete(NAME);
  await bench.drain();
  expect((await maps.get(NAME)).data).toEqual({ 'ca.crt': 'first' });
});

test('a new authority is published after the restart that brought it', async () => {
  await bench.drain();
  ca = 'second';
  await bench.restart();
  await bench.drain();
  expect((await maps.get(NAME)).data).toEqual({ 'ca.crt': 'second' });
});

test('a change that another lost is made at the next try', async () => {
  await bench.drain();
  bench.api.hold(/configmaps/);
  await maps.change(NAME, { data: { 'ca.crt': 'forged' } });
  await maps.change(NAME, { metadata: { labels: { a: 'b' } } });
  bench.api.hold(undefined);
  await bench.turn();
  await bench.advance(1_000);
  expect(await maps.get(NAME)).toMatchObject({ metadata: { labels: { a: 'b' } }, data: { 'ca.crt': 'first' } });
});
