import type { Namespace, ServiceAccount } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { StatusError } from '@binnacle/machinery-meta';
import { namespace } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { serviceAccountController } from './service-account.controller.js';

let bench: LoopBench;
let namespaces: Objects<Namespace>;
beforeEach(async () => {
  bench = await LoopBench.start((_, deps) => [serviceAccountController(deps)]);
  namespaces = bench.objects(refs.namespaces);
});

const accounts = (of: string) => bench.objects<ServiceAccount>(refs.serviceaccounts, of);

test('every namespace has an account, and gets another where it was deleted', async () => {
  await bench.drain();
  const first = await accounts('default').get('default');
  await accounts('default').delete('default');
  await bench.drain();
  expect((await accounts('default').get('default')).metadata.uid).not.toBe(first.metadata.uid);
});

test('one that somebody made meanwhile is as good', async () => {
  await bench.drain();
  bench.api.hold(/serviceaccounts/);
  await namespaces.create(namespace({ metadata: { name: 'shop' } }));
  await accounts('shop').create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } });
  const turns = await bench.drain();
  expect(turns.filter(({ error }) => error !== undefined)).toEqual([]);
  bench.api.hold(undefined);
  expect(await bench.advance(1_000)).toHaveLength(1);
});

test('a namespace on its way out gets none', async () => {
  await namespaces.create(namespace({ metadata: { name: 'shop' } }));
  await bench.drain();
  await namespaces.delete('shop');
  await accounts('shop').delete('default');
  const turns = await bench.advance(1_000);
  expect(turns.filter(({ error }) => error !== undefined)).toEqual([]);
  expect(await accounts('shop').list()).toEqual([]);
});

test('a namespace that began to go unseen is no failure, a server that is down is one', async () => {
  await bench.drain();
  bench.api.hold(/\/namespaces\?/);
  await namespaces.create(namespace({ metadata: { name: 'shop' } }));
  bench.api.befall(({ method }) => (method === 'POST' ? new StatusError(500, 'InternalError', 'down') : undefined));
  bench.api.hold(undefined);
  expect((await bench.turn())?.error).toMatchObject({ reason: 'InternalError' });
  bench.api.befall(() => undefined);
  await bench.advance(10);
  expect(await accounts('shop').list()).toHaveLength(1);
});
