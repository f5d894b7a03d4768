import type { ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { StatusError } from '@binnacle/machinery-meta';
import { pod, replicaSet } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, describe, expect, test } from 'vitest';
import { replicaSetController } from './replica-set.controller.js';

let bench: LoopBench;
let sets: Objects<ReplicaSet>;
let pods: Objects<Pod>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [replicaSetController(ctx, deps)]);
  sets = bench.objects(refs.replicasets);
  pods = bench.objects(refs.pods);
});

const make = (replicas: number, more: object = {}) => sets.create(replicaSet({ spec: { replicas, ...more } }));
const size = async () => (await pods.list()).length;
const statusOf = async () => (await sets.get('web-1')).status;
const names = async () => (await pods.list()).map(({ metadata }) => metadata.name);
const isCreation = ({ method, path }: { method: string; path: string }) => method === 'POST' && path.endsWith('/pods');

test('makes its Pods, counts them as they become ready, and forgets nothing over a restart', async () => {
  await make(3);
  await bench.drain();
  expect(await statusOf()).toMatchObject({ replicas: 3, fullyLabeledReplicas: 3, observedGeneration: 1 });
  await bench.kubelet.run();
  expect((await statusOf())?.readyReplicas).toBeUndefined();
  await bench.restart();
  await bench.drain();
  expect(await statusOf()).toMatchObject({ replicas: 3, readyReplicas: 3, availableReplicas: 3 });
  expect(await size()).toBe(3);
});

test('reports of many Pods are looked at once, a moment later', async () => {
  await make(3);
  await bench.drain();
  await bench.kubelet.run();
  expect(await bench.drain()).toEqual([]);
  expect(await bench.advance(20)).toHaveLength(2);
  expect(await statusOf()).toMatchObject({ readyReplicas: 3 });
});

test('a Pod is available when it has been ready for long enough, not a millisecond before', async () => {
  await make(1, { minReadySeconds: 30 });
  await bench.drain();
  await bench.kubelet.run();
  await bench.advance(29_999);
  expect(await statusOf()).toMatchObject({ readyReplicas: 1 });
  expect((await statusOf())?.availableReplicas ?? 0).toBe(0);
  await bench.advance(1);
  expect(await statusOf()).toMatchObject({ readyReplicas: 1, availableReplicas: 1 });
});

describe('what is scaled', () => {
  test('down loses first what serves nobody', async () => {
    await make(3);
    await bench.drain();
    const [kept] = await names();
    await bench.kubelet.run(({ metadata }) => metadata.name === kept);
    await sets.change('web-1', { spec: { replicas: 1 } });
    await bench.advance(100);
    expect(await names()).toEqual([kept]);
  });

  test('to nothing waits for its Pods, and says how many are on their way out', async () => {
    await make(2);
    await bench.drain();
    await bench.kubelet.run();
    await sets.change('web-1', { spec: { replicas: 0 } });
    await bench.advance(100);
    expect(await statusOf()).toMatchObject({ replicas: 0, terminatingReplicas: 2 });
    await bench.kubelet.stop();
    await bench.advance(100);
    expect((await statusOf())?.terminatingReplicas ?? 0).toBe(0);
    expect(await size()).toBe(0);
  });

  test('up does not make a Pod twice, though its cache has not heard of the first ones', async () => {
    await make(2);
    bench.api.hold(/\/pods\?.*watch=true/);
    const turn = bench.turn();
    await bench.api.activity.settled();
    expect(await size()).toBe(2);
    await sets.change('web-1', { spec: { replicas: 3 } });
    bench.api.hold(undefined);
    await turn;
    await bench.drain();
    expect(await size()).toBe(3);
  });
});

describe('Pods that end', () => {
  test('are replaced, whether they failed, were deleted or lost their labels', async () => {
    await make(3);
    await bench.drain();
    await bench.kubelet.run();
    const [failed = '', deleted = '', loose = ''] = (await names()).map(String);
    await bench.kubelet.finish('Failed', ({ metadata }) => metadata.name === failed);
    await pods.delete(deleted, { gracePeriodSeconds: 0 });
    await pods.change(loose, { metadata: { labels: { app: 'another' } } });
    await bench.advance(100);
    expect(await statusOf()).toMatchObject({ replicas: 3 });
    expect((await pods.get(loose)).metadata.ownerReferences ?? []).toEqual([]);
    expect(await names()).not.toContain(deleted);
    expect(await size()).toBe(5);
  });

  test('on their way out do not count, so that others come before they have gone', async () => {
    await make(1);
    await bench.drain();
    await bench.kubelet.run();
    const [old = ''] = (await names()).map(String);
    await pods.delete(old);
    await bench.advance(100);
    expect(await size()).toBe(2);
    expect(await statusOf()).toMatchObject({ replicas: 1, terminatingReplicas: 1 });
  });
});

describe('Pods of nobody', () => {
  const orphan = (name: string) => pods.create(pod({ metadata: { name, labels: { app: 'web' } } }));

  test('that match are taken in before any is made', async () => {
    await orphan('stray');
    await make(2);
    await bench.drain();
    expect(await size()).toBe(2);
    expect((await pods.get('stray')).metadata.ownerReferences).toMatchObject([
      { kind: 'ReplicaSet', controller: true },
    ]);
  });

  test('that match and are too many go', async () => {
    await make(1);
    await bench.drain();
    await bench.kubelet.run();
    await orphan('stray');
    await bench.drain();
    expect(await names()).not.toContain('stray');
  });

  test('are not taken in by a set that has gone meanwhile', async () => {
    await make(0);
    await bench.drain();
    bench.api.hold(/\/replicasets\?.*watch=true/);
    await sets.delete('web-1');
    await orphan('stray');
    await bench.drain();
    expect((await pods.get('stray')).metadata.ownerReferences ?? []).toEqual([]);
  });

  test('that another owns are left to it', async () => {
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'other', uid: 'other', controller: true };
    await pods.create(pod({ metadata: { name: 'theirs', labels: { app: 'web' }, ownerReferences: [owner] } }));
    await make(1);
    await bench.drain();
    expect((await pods.get('theirs')).metadata.ownerReferences).toMatchObject([{ name: 'other' }]);
    expect(await size()).toBe(2);
  });
});

describe('what cannot be made', () => {
  const quota = () => new StatusError(403, 'Forbidden', 'pods "x" is forbidden: exceeded quota: small');

  test('is tried once and not a hundred times, is told of, and is made when it can be', async () => {
    let tries = 0;
    bench.api.befall((request) => {
      if (!isCreation(request)) return undefined;
      tries += 1;
      return quota();
    });
    await make(100);
    expect((await bench.turn())?.error).toMatchObject({ reason: 'Forbidden' });
    expect(tries).toBe(1);
    expect(await statusOf()).toMatchObject({
      replicas: 0,
      conditions: [{ type: 'ReplicaFailure', reason: 'FailedCreate' }],
    });
    expect(await bench.events()).toEqual([
      'ReplicaSet/web-1 FailedCreate: Error creating: pods "x" is forbidden: exceeded quota: small',
    ]);
    bench.api.befall(() => undefined);
    await bench.advance(1_000);
    expect(await size()).toBe(100);
    expect((await statusOf())?.conditions).toBeUndefined();
  });

  test('is tried more and more rarely, although every refusal names another Pod', async () => {
    let tries = 0;
    bench.api.befall((request) => {
      if (!isCreation(request)) return undefined;
      tries += 1;
      return new StatusError(403, 'Forbidden', `pods "web-1-${tries}" is forbidden: exceeded quota: small`);
    });
    await make(3);
    await bench.drain();
    expect(tries).toBeLessThan(3);
    await bench.advance(600_000);
    expect(tries).toBeLessThan(20);
  });

  test('in part keeps the part that could be', async () => {
    let room = 5;
    bench.api.befall((request) => (isCreation(request) && --room < 0 ? quota() : undefined));
    await make(10);
    await bench.turn();
    expect(await size()).toBe(5);
    await bench.drain();
    expect(await statusOf()).toMatchObject({ replicas: 5, conditions: [{ type: 'ReplicaFailure' }] });
  });

  test('because its namespace goes is no failure', async () => {
    const details = { causes: [{ reason: 'NamespaceTerminating', message: 'it goes', field: 'metadata.namespace' }] };
    bench.api.befall((request) =>
      isCreation(request) ? new StatusError(403, 'Forbidden', 'it goes', details) : undefined,
    );
    await make(1);
    expect((await bench.turn())?.error).toBeUndefined();
    expect(await bench.events()).toEqual([]);
  });
});

test('nothing is made for a set that is going', async () => {
  await make(1);
  await bench.drain();
  await sets.delete('web-1', { propagationPolicy: 'Foreground' });
  await pods.delete(String((await names())[0]), { gracePeriodSeconds: 0 });
  await bench.advance(1_000);
  expect(await size()).toBe(0);
});

test('of two sets of one name, one after the other, each makes its own Pods', async () => {
  await make(1);
  await bench.drain();
  const first = await sets.get('web-1');
  bench.api.breakWatches();
  await sets.delete('web-1');
  await make(1);
  await bench.advance(10_000);
  const owners = (await pods.list()).map(({ metadata }) => metadata.ownerReferences?.[0]?.uid);
  expect(owners).toHaveLength(2);
  expect(owners.filter((uid) => uid === first.metadata.uid)).toHaveLength(1);
});
