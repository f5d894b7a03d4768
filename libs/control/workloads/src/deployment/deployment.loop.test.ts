import type { Deployment, ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { StatusError } from '@binnacle/machinery-meta';
import { deployment, replicaSet } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, describe, expect, test } from 'vitest';
import { deploymentController, replicaSetController } from '../index.js';

let bench: LoopBench;
let deployments: Objects<Deployment>;
let sets: Objects<ReplicaSet>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [deploymentController(ctx, deps), replicaSetController(ctx, deps)]);
  deployments = bench.objects(refs.deployments);
  sets = bench.objects(refs.replicasets);
});

const templateOf = (image: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'main', image }] },
});
const imageOf = ({ spec }: ReplicaSet) => spec?.template?.spec?.containers[0]?.image ?? '';
const isOf = (image: string) => (pod: Pod) => pod.spec?.containers[0]?.image === image;

/** A Deployment `web` of version `v1` whose Pods all run. */
async function rolledOut(spec: NonNullable<Deployment['spec']> | object): Promise<void> {
  await deployments.create(deployment({ spec: { template: templateOf('v1'), ...spec } }));
  await bench.advance(0);
  await bench.kubelet.run();
  await bench.advance(100);
}

const RECREATE = { type: 'Recreate', rollingUpdate: undefined };
const setImage = (image: string) => deployments.change('web', { spec: { template: templateOf(image) } });
/** How large the sets of each version are meant to be; empty ones are left out. */
async function sizes(): Promise<Record<string, number>> {
  const all = (await sets.list()).filter(({ spec }) => spec?.replicas !== 0);
  return Object.fromEntries(all.map((set) => [imageOf(set), set.spec?.replicas ?? 1]));
}
const statusOf = async () => (await deployments.get('web')).status;
const condition = async (type: string) => (await statusOf())?.conditions?.find((one) => one.type === type);
const revision = async () => (await deployments.get('web')).metadata.annotations?.['deployment.kubernetes.io/revision'];

describe('a rolling update', () => {
  test.each([
    [
      'grows by the surge, then goes by what is ready',
      1,
      0,
      [{ v1: 4, v2: 1 }, { v1: 3, v2: 2 }, { v1: 2, v2: 3 }, { v1: 1, v2: 4 }, { v2: 4 }],
    ],
    [
      'gives up first what may be missing',
      0,
      1,
      [{ v1: 3, v2: 1 }, { v1: 2, v2: 2 }, { v1: 1, v2: 3 }, { v2: 4 }, { v2: 4 }],
    ],
    ['does both at once', 1, 1, [{ v1: 3, v2: 2 }, { v1: 1, v2: 4 }, { v2: 4 }]],
    ['may be done in one step', '100%', '100%', [{ v2: 4 }, { v2: 4 }]],
  ])('%s (surge %s, unavailable %s)', async (_, maxSurge, maxUnavailable, steps) => {
    await rolledOut({ replicas: 4, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } } });
    await setImage('v2');
    for (const expected of steps) {
      await bench.advance(100);
      expect(await sizes()).toEqual(expected);
      await bench.kubelet.stop();
      await bench.kubelet.run();
    }
    await bench.advance(100);
    expect(await statusOf()).toMatchObject({ replicas: 4, updatedReplicas: 4, availableReplicas: 4 });
    expect(await condition('Progressing')).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' });
    expect(await revision()).toBe('2');
  });

  test('never has fewer Pods available nor more in all than it may, whatever becomes ready first', async () => {
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 2, maxUnavailable: 1 } };
    await rolledOut({ replicas: 5, strategy });
    await setImage('v2');
    for (let step = 0; step < 12; step += 1) {
      for (let turn = await bench.turn(); turn; turn = await bench.turn()) {
        const pods = await bench.objects<Pod>(refs.pods).list();
        const runs = ({ status, metadata }: Pod) => status?.phase === 'Running' && !metadata.deletionTimestamp;
        const { v1 = 0, v2 = 0 } = await sizes();
        expect(v1 + v2).toBeLessThanOrEqual(7);
        expect(pods.filter(runs).length).toBeGreaterThanOrEqual(4);
      }
      const [next] = (await bench.objects<Pod>(refs.pods).list()).filter(({ status }) => status?.phase === 'Pending');
      await bench.kubelet.run(({ metadata }) => metadata.name === next?.metadata.name);
      await bench.kubelet.stop();
      await bench.advance(50);
    }
    expect(await sizes()).toEqual({ v2: 5 });
  });

  test('is what waits while its Pods have not been ready for long enough', async () => {
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
    await rolledOut({ replicas: 1, minReadySeconds: 10, strategy });
    await bench.advance(9_900);
    await setImage('v2');
    await bench.advance(0);
    await bench.kubelet.run();
    await bench.advance(9_999);
    expect(await sizes()).toEqual({ v1: 1, v2: 1 });
    await bench.advance(101);
    expect(await sizes()).toEqual({ v2: 1 });
  });
});

describe('a rollout that breaks', () => {
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } };

  /** The new version's Pods are bound and never become ready. */
  async function breakRollout(): Promise<void> {
    await rolledOut({ replicas: 4, progressDeadlineSeconds: 60, strategy });
    await setImage('broken');
    await bench.advance(100);
    await bench.kubelet.stop();
    await bench.advance(100);
  }

  test('keeps what works, and is told to be stuck when its time is over, not a millisecond before', async () => {
    await breakRollout();
    expect(await sizes()).toEqual({ v1: 3, broken: 2 });
    const { lastUpdateTime } = (await condition('Progressing')) ?? {};
    await bench.advance(Date.parse(lastUpdateTime ?? '') + 60_000 - bench.now - 1);
    expect(await condition('Progressing')).toMatchObject({ status: 'True', reason: 'ReplicaSetUpdated' });
    await bench.advance(1_001);
    expect(await condition('Progressing')).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded' });
    expect(await condition('Available')).toMatchObject({ status: 'True' });
    expect(await statusOf()).toMatchObject({ availableReplicas: 3, updatedReplicas: 2, unavailableReplicas: 2 });
  });

  test('is rolled back to the set that was there, under a new revision', async () => {
    await breakRollout();
    await bench.advance(70_000);
    await setImage('v1');
    await bench.advance(100);
    expect(await sizes()).toEqual({ v1: 4 });
    expect(await sets.list()).toHaveLength(2);
    await bench.kubelet.stop();
    await bench.kubelet.run(isOf('v1'));
    await bench.advance(100);
    expect(await statusOf()).toMatchObject({ replicas: 4, updatedReplicas: 4, availableReplicas: 4 });
    expect(await condition('Progressing')).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' });
    expect(await revision()).toBe('3');
    // Only what was asked of it counts, not the revisions it was given.
    expect((await deployments.get('web')).metadata.generation).toBe(3);
  });

  test('goes on by itself as soon as what hung becomes ready', async () => {
    await breakRollout();
    await bench.advance(70_000);
    for (let step = 0; step < 4; step += 1) {
      await bench.kubelet.run();
      await bench.kubelet.stop();
      await bench.advance(100);
    }
    expect(await sizes()).toEqual({ broken: 4 });
    expect(await condition('Progressing')).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' });
  });
});

test('what is made anew waits for the last old Pod to have gone', async () => {
  await rolledOut({ replicas: 2, strategy: RECREATE });
  await setImage('v2');
  await bench.advance(100);
  expect(await sizes()).toEqual({});
  const [first] = await bench.objects<Pod>(refs.pods).list();
  await bench.kubelet.stop(({ metadata }) => metadata.name === first?.metadata.name);
  await bench.advance(100);
  expect(await sizes()).toEqual({});
  await bench.kubelet.stop();
  await bench.advance(100);
  expect(await sizes()).toEqual({ v2: 2 });
});

test('what is paused changes size and nothing else, and goes on when it is resumed', async () => {
  await rolledOut({ replicas: 2 });
  await deployments.change('web', { spec: { paused: true, replicas: 3, template: templateOf('v2') } });
  await bench.advance(100);
  expect(await sizes()).toEqual({ v1: 3 });
  expect(await condition('Progressing')).toMatchObject({ status: 'Unknown', reason: 'DeploymentPaused' });
  await deployments.change('web', { spec: { paused: false } });
  await bench.advance(100);
  expect(await sizes()).toMatchObject({ v2: expect.any(Number) });
});

test('what is scaled while it rolls is shared among its versions as they stand', async () => {
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 2, maxUnavailable: 0 } };
  await rolledOut({ replicas: 4, strategy });
  await setImage('v2');
  await bench.advance(100);
  expect(await sizes()).toEqual({ v1: 4, v2: 2 });
  await deployments.change('web', { spec: { replicas: 10 } });
  await bench.turn('deployment');
  expect(await sizes()).toEqual({ v1: 8, v2: 4 });
});

test('old sets beyond the history are forgotten, the oldest first', async () => {
  await rolledOut({ replicas: 1, revisionHistoryLimit: 1, strategy: RECREATE });
  for (const image of ['v2', 'v3']) {
    await setImage(image);
    await bench.advance(100);
    await bench.kubelet.stop();
    await bench.advance(100);
    await bench.kubelet.run();
    await bench.advance(100);
  }
  expect((await sets.list()).map(imageOf).sort()).toEqual(['v2', 'v3']);
});

describe('what goes wrong in between', () => {
  test('a Deployment that was changed meanwhile is written at the next try', async () => {
    await rolledOut({ replicas: 1 });
    bench.api.hold(/deployments\?.*watch=true/);
    await deployments.change('web', { metadata: { labels: { changed: 'meanwhile' } } });
    await bench.kubelet.unready();
    await bench.api.activity.settled();
    bench.ctx.clock.step(20);
    await bench.drain('replicaset');
    const lost = await bench.turn('deployment');
    expect(lost?.error).toMatchObject({ reason: 'Conflict' });
    bench.api.hold(undefined);
    await bench.advance(1_000);
    expect(await deployments.get('web')).toMatchObject({
      metadata: { labels: { changed: 'meanwhile' } },
      status: { replicas: 1, unavailableReplicas: 1 },
    });
  });

  test('a restart in the middle goes on where it was', async () => {
    await rolledOut({
      replicas: 3,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    });
    await setImage('v2');
    await bench.turn('deployment');
    await bench.restart();
    for (let step = 0; step < 4; step += 1) {
      await bench.advance(100);
      await bench.kubelet.run();
      await bench.kubelet.stop();
    }
    await bench.advance(100);
    expect(await sizes()).toEqual({ v2: 3 });
    expect(await sets.list()).toHaveLength(2);
    expect(await revision()).toBe('2');
  });

  test('watches that broke, and that the server has forgotten, lose nothing', async () => {
    await rolledOut({ replicas: 1 });
    bench.api.befall(({ path }) =>
      path.includes('watch=true') ? new StatusError(503, 'ServiceUnavailable', 'down') : undefined,
    );
    bench.api.breakWatches();
    await bench.advance(1_000);
    await setImage('v2');
    await bench.api.forgetHistory();
    expect(await bench.advance(1_000)).toEqual([]);
    bench.api.befall(() => undefined);
    await bench.advance(10_000);
    expect(await sizes()).toMatchObject({ v2: 1 });
  });

  test('a set of the same name with another template makes it take another name', async () => {
    await rolledOut({ replicas: 1 });
    const [first] = await sets.list();
    const name = first?.metadata.name ?? '';
    await deployments.delete('web');
    await bench.drain();
    await sets.delete(name);
    const labels = { app: 'other' };
    const template = { ...templateOf('other'), metadata: { labels } };
    const stranger = replicaSet({
      metadata: { name, labels },
      spec: { replicas: 0, selector: { matchLabels: labels } },
    });
    await sets.create({ ...stranger, spec: { ...stranger.spec, selector: { matchLabels: labels }, template } });
    await rolledOut({ replicas: 1 });
    await bench.advance(1_000);
    expect((await statusOf())?.collisionCount).toBe(1);
    expect((await sets.list()).map(imageOf).sort()).toEqual(['other', 'v1']);
    expect(await sizes()).toEqual({ v1: 1 });
  });

  test('a set that cannot be made is told of, and tried again', async () => {
    bench.api.befall(({ method, path }) =>
      method === 'POST' && path.endsWith('/replicasets')
        ? new StatusError(403, 'Forbidden', 'exceeded quota')
        : undefined,
    );
    await deployments.create(deployment({ spec: { replicas: 1, template: templateOf('v1') } }));
    await bench.turn('deployment');
    expect(await condition('Progressing')).toMatchObject({ status: 'False', reason: 'ReplicaSetCreateError' });
    expect(await bench.events()).toEqual([expect.stringContaining('ReplicaSetCreateError')]);
    bench.api.befall(() => undefined);
    await bench.advance(1_000);
    expect(await sizes()).toEqual({ v1: 1 });
  });

  test('what is being deleted makes nothing new', async () => {
    await rolledOut({ replicas: 2 });
    await deployments.delete('web', { propagationPolicy: 'Foreground' });
    await deployments.change('web', { spec: { replicas: 5, template: templateOf('v2') } });
    await bench.advance(1_000);
    expect(await sizes()).toEqual({ v1: 2 });
  });
});

describe('sets', () => {
  test('that match and that nobody owns are adopted, and let go once they do not match', async () => {
    await rolledOut({ replicas: 1 });
    const [set] = await sets.list();
    const name = set?.metadata.name ?? '';
    await sets.change(name, { metadata: { ownerReferences: null } });
    await bench.advance(100);
    expect((await sets.get(name)).metadata.ownerReferences).toMatchObject([{ kind: 'Deployment', name: 'web' }]);
    await sets.change(name, { metadata: { labels: { app: 'another' } } });
    await bench.advance(100);
    expect((await sets.get(name)).metadata.ownerReferences ?? []).toEqual([]);
    expect(await sets.list()).toHaveLength(2);
  });
});
