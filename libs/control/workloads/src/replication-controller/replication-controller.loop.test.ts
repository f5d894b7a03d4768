import type { Pod, ReplicationController } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { pod, replicationController } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { replicaSetController } from '../replica-set/replica-set.controller.js';
import { replicationControllerController } from './replication-controller.controller.js';

let bench: LoopBench;
let controllers: Objects<ReplicationController>;
let pods: Objects<Pod>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [
    replicationControllerController(ctx, deps),
    replicaSetController(ctx, deps),
  ]);
  controllers = bench.objects(refs.replicationcontrollers);
  pods = bench.objects(refs.pods);
});

test('makes, counts and lets go of Pods as a ReplicaSet does, in its own words', async () => {
  await controllers.create(replicationController({ spec: { replicas: 2 } }));
  await bench.drain();
  await bench.kubelet.run();
  await bench.advance(100);
  expect((await controllers.get('web')).status).toMatchObject({ replicas: 2, readyReplicas: 2, availableReplicas: 2 });
  const [first] = await pods.list();
  expect(first?.metadata.ownerReferences).toMatchObject([{ apiVersion: 'v1', kind: 'ReplicationController' }]);
  await controllers.change('web', { spec: { replicas: 1 } });
  await bench.advance(100);
  await bench.kubelet.stop();
  expect(await pods.list()).toHaveLength(1);
});

test('chooses by equality, as its selector is of the older kind', async () => {
  await pods.create(pod({ metadata: { name: 'stray', labels: { app: 'web', tier: 'any' } } }));
  await pods.create(pod({ metadata: { name: 'other', labels: { app: 'other' } } }));
  await controllers.create(replicationController({ spec: { replicas: 1 } }));
  await bench.drain();
  const owned = (await pods.list()).filter(({ metadata }) => metadata.ownerReferences);
  expect(owned.map(({ metadata }) => metadata.name)).toEqual(['stray']);
});

test('says what failed in its own status, and takes it back', async () => {
  bench.api.befall(({ method, path }) => (method === 'POST' && path.endsWith('/pods') ? new Error('down') : undefined));
  await controllers.create(replicationController({ spec: { replicas: 1 } }));
  expect((await bench.turn())?.error).toBeDefined();
  expect((await controllers.get('web')).status?.conditions).toMatchObject([{ type: 'ReplicaFailure', status: 'True' }]);
  bench.api.befall(() => undefined);
  await bench.advance(1_000);
  expect((await controllers.get('web')).status).toMatchObject({ replicas: 1 });
  expect((await controllers.get('web')).status?.conditions).toBeUndefined();
});

test('a status that another wrote meanwhile is written at the next try', async () => {
  await controllers.create(replicationController({ spec: { replicas: 1 } }));
  await bench.drain();
  bench.api.hold(/replicationcontrollers\?.*watch=true/);
  await controllers.change('web', { metadata: { labels: { changed: 'meanwhile' } } });
  await bench.kubelet.run();
  await bench.api.activity.settled();
  bench.ctx.clock.step(20);
  expect((await bench.turn('replicationcontroller'))?.error).toMatchObject({ reason: 'Conflict' });
  bench.api.hold(undefined);
  await bench.advance(100);
  expect(await controllers.get('web')).toMatchObject({
    metadata: { labels: { changed: 'meanwhile' } },
    status: { readyReplicas: 1 },
  });
});
