import type { DaemonSet, Deployment, StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { HorizontalPodAutoscaler } from '@binnacle/apis-kubernetes/autoscaling/v2';
import type { Namespace } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { ResourceRef } from '@binnacle/client-rest';
import type { KubeObject } from '@binnacle/machinery-meta';
import {
  autoscaler,
  budget,
  CRITICAL,
  daemonSet,
  deployment,
  limits,
  namespace,
  NO_IMAGE,
  quota,
  service,
  statefulSet,
} from './objects.js';
import { type Act, MINUTE, type Stage } from './stage.js';

const MOST_NAMESPACES = 4;
const MOST_DEPLOYMENTS = 3;
const DAY = 24 * 60 * MINUTE;

/** Namespaces of the scenario in which things may be made. */
export function teams({ cluster }: Stage): string[] {
  return cluster.view
    .list<Namespace>(refs.namespaces)
    .filter(({ metadata }) => metadata.labels?.day === 'yes' && !metadata.deletionTimestamp)
    .map(({ metadata }) => metadata.name ?? '');
}

/** One of those there are, in the scenario's namespaces, that is not on its way out. */
export function one<T extends KubeObject>(stage: Stage, ref: ResourceRef, fits: (object: T) => boolean = () => true) {
  const among = new Set(teams(stage));
  const found = stage.cluster.view
    .list<T>(ref)
    .filter((each) => among.has(each.metadata.namespace ?? '') && !each.metadata.deletionTimestamp && fits(each));
  return found.length === 0 ? undefined : stage.random.pick(found);
}

const isScaled = (stage: Stage, { metadata }: Deployment): boolean =>
  stage.cluster.view.get<HorizontalPodAutoscaler>(
    refs.horizontalpodautoscalers,
    metadata.name ?? '',
    metadata.namespace,
  ) !== undefined;

async function makeNamespace(stage: Stage): Promise<boolean> {
  if (teams(stage).length >= MOST_NAMESPACES) return false;
  const name = stage.name('team');
  await stage.create(refs.namespaces, namespace(name));
  await stage.create(refs.resourcequotas, quota(name));
  if (stage.random.chance(0.5)) await stage.create(refs.limitranges, limits(name));
  return true;
}

async function makeDeployment(stage: Stage): Promise<boolean> {
  const { random, cluster } = stage;
  const places = teams(stage).filter((each) => cluster.view.list(refs.deployments, each).length < MOST_DEPLOYMENTS);
  if (places.length === 0) return false;
  const named = { name: stage.name('web'), namespace: random.pick(places) };
  const rollingUpdate = random.pick<object>([
    { maxSurge: 1, maxUnavailable: 0 },
    { maxSurge: '25%', maxUnavailable: '25%' },
    { maxSurge: 0, maxUnavailable: 1 },
  ]);
  const strategy = random.chance(0.15) ? { type: 'Recreate' } : { type: 'RollingUpdate', rollingUpdate };
  const pod = { cpu: random.pick(['50m', '100m', '300m']), probed: random.chance(0.3) };
  await stage.create(refs.deployments, deployment(named, stage.between(1, 6), pod, { strategy }));
  await stage.create(refs.services, service(named));
  if (random.chance(0.7))
    await stage.create(
      refs.poddisruptionbudgets,
      budget(named, random.pick<object>([{ minAvailable: '60%' }, { maxUnavailable: 1 }, { minAvailable: 1 }])),
    );
  if (random.chance(0.35)) await scaleByLoad(stage, named);
  return true;
}

/** A load that goes up and down in hours, with bursts. */
async function scaleByLoad(stage: Stage, named: { name: string; namespace: string }): Promise<void> {
  const [phase, period, burst] = [
    stage.random.next(),
    stage.between(2, 6) * 60 * MINUTE,
    stage.between(20, 90) * MINUTE,
  ];
  stage.loads.set(`${named.namespace}/${named.name}`, (now) => {
    const wave = 1 + Math.sin(2 * Math.PI * ((now % DAY) / period + phase));
    return 20 + 150 * wave + (now % burst < 5 * MINUTE ? 200 : 0);
  });
  await stage.create(refs.horizontalpodautoscalers, autoscaler(named));
}

async function scale(stage: Stage): Promise<boolean> {
  const found = one<Deployment>(stage, refs.deployments, (each) => !isScaled(stage, each));
  if (!found) return false;
  return stage.change(found, refs.deployments, { spec: { replicas: stage.between(0, 8) } });
}

const withContainer = (change: object) => ({
  spec: { template: { spec: { containers: [{ name: 'main', ...change }] } } },
});

async function newVersion(stage: Stage, found: KubeObject, ref: ResourceRef, change: object): Promise<boolean> {
  const { name = '', namespace: at } = found.metadata;
  return await stage.trying(`roll ${ref.plural}`, () =>
    stage.cluster.client
      .resource(ref)
      .patch(stage.cluster.ctx, { name, namespace: at }, 'strategic', withContainer(change)),
  );
}

const nextVersion = (stage: Stage) => ({ env: [{ name: 'VERSION', value: String(stage.between(1, 1_000_000)) }] });

async function rollOut(stage: Stage): Promise<boolean> {
  const found = one<Deployment>(stage, refs.deployments);
  return found ? await newVersion(stage, found, refs.deployments, nextVersion(stage)) : false;
}

/** A version that cannot run, taken back some time after it was given up, or before. */
async function failedRollOut(stage: Stage): Promise<boolean> {
  const found = one<Deployment>(stage, refs.deployments);
  if (!found) return false;
  const image = found.spec?.template?.spec?.containers[0]?.image;
  if (image === NO_IMAGE) return false;
  stage.later(
    stage.between(2, 12) * MINUTE,
    async () => void (await newVersion(stage, found, refs.deployments, { image })),
  );
  return await newVersion(stage, found, refs.deployments, { image: NO_IMAGE });
}

async function pause(stage: Stage): Promise<boolean> {
  const found = one<Deployment>(stage, refs.deployments, ({ spec }) => !spec?.paused);
  if (!found) return false;
  stage.later(stage.between(1, 10) * MINUTE, async () => {
    await stage.change(found, refs.deployments, { spec: { paused: false } });
  });
  return await stage.change(found, refs.deployments, { spec: { paused: true } });
}

async function makeStatefulSet(stage: Stage): Promise<boolean> {
  const { random, cluster } = stage;
  const places = teams(stage).filter((each) => cluster.view.list(refs.statefulsets, each).length === 0);
  if (places.length === 0) return false;
  const named = { name: stage.name('db'), namespace: random.pick(places) };
  const kept = random.chance(0.5)
    ? {}
    : { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' } };
  const spec = { podManagementPolicy: random.pick(['OrderedReady', 'Parallel']), ...kept };
  await stage.create(refs.services, service(named, true));
  await stage.create(
    refs.statefulsets,
    statefulSet(named, stage.between(1, 3), random.pick(['standard', 'simulated']), spec),
  );
  await stage.create(refs.poddisruptionbudgets, budget(named, { maxUnavailable: 1 }));
  return true;
}

async function changeStatefulSet(stage: Stage): Promise<boolean> {
  const found = one<StatefulSet>(stage, refs.statefulsets);
  if (!found) return false;
  return stage.random.chance(0.5)
    ? await stage.change(found, refs.statefulsets, { spec: { replicas: stage.between(0, 4) } })
    : await newVersion(stage, found, refs.statefulsets, nextVersion(stage));
}

async function makeDaemonSet(stage: Stage): Promise<boolean> {
  const { random, cluster } = stage;
  const places = teams(stage).filter((each) => cluster.view.list(refs.daemonsets, each).length === 0);
  if (places.length === 0) return false;
  const rollingUpdate = random.pick<object>([{ maxUnavailable: 1 }, { maxUnavailable: 0, maxSurge: 1 }]);
  const named = { name: stage.name('agent'), namespace: random.pick(places) };
  await stage.create(refs.daemonsets, daemonSet(named, { updateStrategy: { type: 'RollingUpdate', rollingUpdate } }));
  return true;
}

async function rollDaemonSet(stage: Stage): Promise<boolean> {
  const found = one<DaemonSet>(stage, refs.daemonsets);
  return found ? await newVersion(stage, found, refs.daemonsets, nextVersion(stage)) : false;
}

/** More than fits, and more important than the rest. */
async function critical(stage: Stage): Promise<boolean> {
  const places = teams(stage);
  if (places.length === 0) return false;
  const named = { name: stage.name('critical'), namespace: stage.random.pick(places) };
  const made = deployment(named, stage.between(1, 3), { cpu: '1500m', priorityClassName: CRITICAL });
  await stage.create(refs.deployments, made);
  stage.later(stage.between(5, 30) * MINUTE, () => stage.delete(made, refs.deployments));
  return true;
}

export const workloadActs: readonly Act[] = [
  { name: 'make namespace', weight: 8, play: makeNamespace },
  { name: 'make Deployment', weight: 10, play: makeDeployment },
  { name: 'scale', weight: 8, play: scale },
  { name: 'roll out', weight: 8, play: rollOut },
  { name: 'failed roll-out', weight: 3, play: failedRollOut },
  { name: 'pause', weight: 1, play: pause },
  { name: 'make StatefulSet', weight: 4, play: makeStatefulSet },
  { name: 'change StatefulSet', weight: 5, play: changeStatefulSet },
  { name: 'make DaemonSet', weight: 2, play: makeDaemonSet },
  { name: 'roll DaemonSet', weight: 2, play: rollDaemonSet },
  { name: 'critical load', weight: 2, play: critical },
];
