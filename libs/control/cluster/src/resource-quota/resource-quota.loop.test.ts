import type { Pod, ResourceQuota, Secret } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { pod, secret } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, describe, expect, test } from 'vitest';
import { COUNT_SETTLES } from './plan.js';
import { resourceQuotaController } from './resource-quota.controller.js';

let bench: LoopBench;
let quotas: Objects<ResourceQuota>;
let pods: Objects<Pod>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [resourceQuotaController(ctx, deps)]);
  quotas = bench.objects(refs.resourcequotas);
  pods = bench.objects(refs.pods);
});

const make = (hard: object, more: object = {}) =>
  quotas.create({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q' }, spec: { hard, ...more } } as never);
const used = async () => (await quotas.get('q')).status?.used;
const run = (name: string) => pods.create(pod({ metadata: { name } }));
const settle = () => bench.advance(COUNT_SETTLES);

test('says what there is, also of before it was made', async () => {
  await run('a');
  await make({ pods: '3', 'count/pods': '3' });
  await bench.advance(1_000);
  expect((await quotas.get('q')).status).toEqual({
    hard: { pods: '3', 'count/pods': '3' },
    used: { pods: '1', 'count/pods': '1' },
  });
  await run('b');
  expect(await used()).toMatchObject({ pods: '2' });
  await expect(run('c').then(() => run('d'))).rejects.toThrow(
    'pods "d" is forbidden: exceeded quota: q, requested: count/pods=1,pods=1, used: count/pods=3,pods=3, limited: count/pods=3,pods=3',
  );
});

test('gives back what has gone or ended, once what was counted has settled', async () => {
  await make({ pods: '2' });
  await bench.advance(1_000);
  await run('a');
  await run('b');
  await settle();
  await pods.delete('a', { gracePeriodSeconds: 0 });
  await bench.advance(1_000);
  expect(await used()).toEqual({ pods: '1' });
  await bench.kubelet.finish('Succeeded');
  await bench.advance(1_000);
  expect(await used()).toEqual({ pods: '0' });
});

test('takes nothing back of what was counted and is not heard of yet', async () => {
  await make({ pods: '2' });
  await bench.advance(1_000);
  bench.api.hold(/\/pods\?.*watch=true/);
  await run('a');
  await bench.advance(COUNT_SETTLES - 1_000);
  expect(await used()).toEqual({ pods: '1' });
});

test('takes back what was counted and then not made', async () => {
  await make({ pods: '2' });
  await bench.advance(1_000);
  await run('a');
  await expect(run('a')).rejects.toThrow('already exists');
  expect(await used()).toEqual({ pods: '2' });
  await settle();
  await bench.advance(1_000);
  expect(await used()).toEqual({ pods: '1' });
});

describe('objects of any kind', () => {
  test('are counted by name and by group, from when a quota asks', async () => {
    const secrets = bench.objects<Secret>(refs.secrets);
    await secrets.create(secret({ metadata: { name: 'one' } }));
    await make({ secrets: '2', 'count/secrets': '2', 'count/configmaps': '9' });
    await bench.advance(1_000);
    expect(await used()).toEqual({ secrets: '1', 'count/secrets': '1', 'count/configmaps': '0' });
    await secrets.create(secret({ metadata: { name: 'two' } }));
    await expect(secrets.create(secret({ metadata: { name: 'three' } }))).rejects.toThrow('exceeded quota: q');
    await settle();
    await secrets.delete('one');
    await bench.advance(1_000);
    expect(await used()).toMatchObject({ secrets: '1' });
  });

  test('nobody serves are not counted, and hold nothing else up', async () => {
    await make({ pods: '1', 'count/odd.example.com': '1' });
    await bench.advance(1_000);
    expect(await used()).toEqual({ pods: '0' });
  });
});

test('follows what it bounds now', async () => {
  await run('a');
  await make({ pods: '1' });
  await bench.advance(1_000);
  await quotas.change('q', { spec: { hard: { pods: '5', services: '1' } } });
  await bench.advance(1_000);
  expect((await quotas.get('q')).status).toEqual({
    hard: { pods: '5', services: '1' },
    used: { pods: '1', services: '0' },
  });
});

test('counts only what is in its scope', async () => {
  await make({ pods: '1' }, { scopes: ['Terminating'] });
  await bench.advance(1_000);
  await run('for-ever');
  await pods.create(pod({ metadata: { name: 'for-a-while' }, spec: { activeDeadlineSeconds: 60 } }));
  expect(await used()).toEqual({ pods: '1' });
  await run('another-for-ever');
});

test('does not write over a count a server makes meanwhile', async () => {
  await make({ pods: '5' });
  await bench.advance(1_000);
  await run('a');
  await settle();
  await bench.drain();
  bench.api.hold(/\/resourcequotas\?.*watch=true/);
  await pods.delete('a', { gracePeriodSeconds: 0 });
  await run('b');
  await bench.advance(1_000);
  expect(await used()).toEqual({ pods: '2' });
  bench.api.hold(undefined);
  await settle();
  await bench.advance(5_000);
  expect(await used()).toEqual({ pods: '1' });
});
