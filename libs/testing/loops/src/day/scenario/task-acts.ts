import type { Job } from '@binnacle/apis-kubernetes/batch/v1';
import type { PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { claim, claimant, cronJob, job, taskTemplate } from './objects.js';
import { type Act, MINUTE, type Stage } from './stage.js';
import { one, teams } from './workload-acts.js';

/** Where nothing but time decides what runs: no quota, and nobody deletes it. */
export const BATCH = 'batch';

const TTL = { ttlSecondsAfterFinished: 900 };

/** Every shape of a Job; none of them lasts for longer than an hour. */
const SHAPES: Readonly<Record<string, (stage: Stage) => object>> = {
  plain: (stage) => ({ completions: stage.between(1, 6), parallelism: stage.between(1, 3), ...run(stage, 0) }),
  indexed: (stage) => ({
    completionMode: 'Indexed',
    completions: stage.between(2, 9),
    parallelism: stage.between(1, 4),
    ...run(stage, 0),
  }),
  failing: (stage) => ({ backoffLimit: stage.between(0, 2), ...run(stage, 1) }),
  'failing indexes': (stage) => ({
    completionMode: 'Indexed',
    completions: 3,
    parallelism: 3,
    backoffLimitPerIndex: 1,
    maxFailedIndexes: stage.between(0, 3),
    ...run(stage, 3),
  }),
  'pod failure policy': (stage) => ({
    ...run(stage, 42),
    podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } }] },
  }),
  'success policy': (stage) => ({
    completionMode: 'Indexed',
    completions: 5,
    parallelism: 5,
    successPolicy: { rules: [{ succeededCount: 2 }] },
    ...run(stage, 0),
  }),
  'out of time': (stage) => ({ activeDeadlineSeconds: 60, template: taskTemplate(stage.between(100, 900), 0) }),
};

const run = (stage: Stage, code: number) => ({ template: taskTemplate(stage.between(5, 600), code) });

async function makeJob(stage: Stage): Promise<boolean> {
  const places = [...teams(stage), BATCH];
  const shape = stage.random.pick(Object.keys(SHAPES));
  const named = { name: stage.name('job'), namespace: stage.random.pick(places) };
  const spec = SHAPES[shape]?.(stage) ?? {};
  await stage.create(refs.jobs, job(named, { ...TTL, ...spec }));
  return true;
}

async function suspendJob(stage: Stage): Promise<boolean> {
  const found = one<Job>(stage, refs.jobs, ({ spec, status }) => !spec?.suspend && !status?.completionTime);
  if (!found) return false;
  stage.later(stage.between(1, 20) * MINUTE, async () => {
    await stage.change(found, refs.jobs, { spec: { suspend: false } });
  });
  return await stage.change(found, refs.jobs, { spec: { suspend: true } });
}

const SCHEDULES = ['*/15 * * * *', '7 * * * *', '30 */2 * * *', '0 3,9,15 * * *', '45 23 * * *', '5 0 * * 4,5'];
const ZONES = ['Etc/UTC', 'Asia/Tokyo', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Chatham'];

/** Some for the whole run. */
export async function makeCronJobs(stage: Stage): Promise<void> {
  for (const [index, schedule] of SCHEDULES.entries()) {
    const zone = ZONES[index % ZONES.length] ?? 'Etc/UTC';
    await stage.create(
      refs.cronjobs,
      cronJob({ name: stage.name('cron'), namespace: BATCH }, schedule, zone, stage.between(10, 240)),
    );
  }
}

async function makeClaimant(stage: Stage): Promise<boolean> {
  const places = teams(stage);
  if (places.length === 0) return false;
  const named = { name: stage.name('claimant'), namespace: stage.random.pick(places) };
  await stage.create(refs.persistentvolumeclaims, claim(named, stage.random.pick(['standard', 'simulated'])));
  const pod = claimant(named);
  await stage.create(refs.pods, pod);
  stage.later(stage.between(10, 60) * MINUTE, async () => {
    // In use: it goes when the Pod does.
    await stage.delete(pod, refs.persistentvolumeclaims);
    stage.later(stage.between(1, 3) * MINUTE, () => stage.delete(pod, refs.pods));
  });
  return true;
}

async function expandClaim(stage: Stage): Promise<boolean> {
  const grows = ({ spec, status }: PersistentVolumeClaim) =>
    spec?.storageClassName === 'simulated' && status?.phase === 'Bound' && spec.resources?.requests?.storage === '1Gi';
  const found = one<PersistentVolumeClaim>(stage, refs.persistentvolumeclaims, grows);
  if (!found) return false;
  return await stage.change(found, refs.persistentvolumeclaims, {
    spec: { resources: { requests: { storage: '2Gi' } } },
  });
}

/** Some Pods go, and their controllers make others. */
async function deletePods(stage: Stage): Promise<boolean> {
  for (let count = stage.between(1, 4); count > 0; count -= 1) {
    const found = one<Pod>(stage, refs.pods, ({ metadata }) => metadata.ownerReferences !== undefined);
    if (!found) return false;
    await stage.delete(found, refs.pods);
  }
  return true;
}

/** A Pod that is no more its controller's, and goes after a while. */
async function releasePod(stage: Stage): Promise<boolean> {
  const found = one<Pod>(stage, refs.pods, ({ metadata }) => metadata.ownerReferences?.[0]?.kind === 'ReplicaSet');
  if (!found) return false;
  stage.later(stage.between(5, 20) * MINUTE, () => stage.delete(found, refs.pods));
  return await stage.change(found, refs.pods, { metadata: { labels: { app: 'released' } } });
}

async function unready(stage: Stage): Promise<boolean> {
  const isProbed = ({ spec }: Pod) => spec?.containers[0]?.readinessProbe !== undefined;
  const found = one<Pod>(stage, refs.pods, isProbed);
  if (!found) return false;
  const app = `${found.metadata.namespace}/${found.metadata.name}`;
  stage.unready.add(app);
  stage.later(stage.between(1, 6) * MINUTE, () => void stage.unready.delete(app));
  return true;
}

export const taskActs: readonly Act[] = [
  { name: 'make Job', weight: 12, play: makeJob },
  { name: 'suspend Job', weight: 2, play: suspendJob },
  { name: 'claim', weight: 4, play: makeClaimant },
  { name: 'expand claim', weight: 2, play: expandClaim },
  { name: 'delete Pods', weight: 4, play: deletePods },
  { name: 'release Pod', weight: 2, play: releasePod },
  { name: 'unready', weight: 3, play: unready },
];
