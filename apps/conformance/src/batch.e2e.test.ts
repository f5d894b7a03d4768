import type { CronJob, Job } from '@binnacle/apis-kubernetes/batch/v1';
import type { Pod, ResourceQuota } from '@binnacle/apis-kubernetes/core/v1';
import type { KubeList } from '@binnacle/machinery-meta';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, eventually, findKubectl, Kubectl, startCluster } from './index.js';

const kubectlPath = findKubectl();
const WAIT = '--timeout=120s';

/** A Job whose container runs a script, as a manifest. */
function manifest(name: string, script: string, spec: object = {}): string {
  const container = { name: 'main', image: 'busybox', command: ['sh', '-c', script] };
  const template = { spec: { restartPolicy: 'Never', containers: [container] } };
  return JSON.stringify({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { ...spec, template } });
}

describe.runIf(kubectlPath)('work that ends, by kubectl', () => {
  let cluster: Cluster;
  let kubectl: Kubectl;

  beforeAll(async () => {
    cluster = await startCluster({ slot: 16, web: false, nodes: 2 });
    kubectl = new Kubectl(kubectlPath ?? '', cluster.kubeconfig);
  });
  afterAll(async () => {
    kubectl?.dispose();
    await cluster?.dispose();
  });

  const apply = (text: string) => expect(kubectl.try(['apply', '-f', '-'], text)).toMatchObject({ status: 0 });
  const job = (name: string) => kubectl.json<Job>('get', 'job', name);
  const podsOf = (name: string) =>
    kubectl.json<KubeList<Pod>>('get', 'pods', '-l', `batch.kubernetes.io/job-name=${name}`).items;
  const conditions = (name: string) => (job(name).status?.conditions ?? []).map(({ type }) => type);

  test('a Job runs to its end and can be read afterwards', () => {
    kubectl.run('create', 'job', 'hello', '--image=busybox', '--', 'echo', 'hello');
    kubectl.run('wait', '--for=condition=Complete', 'job/hello', WAIT);
    expect(kubectl.run('logs', 'job/hello')).toBe('hello\n');
    expect(kubectl.run('get', 'job', 'hello')).toMatch(/hello\s+Complete\s+1\/1/);
    expect(kubectl.run('describe', 'job', 'hello')).toContain('Job completed');
    expect(podsOf('hello')[0]?.metadata.finalizers).toBeUndefined();
  });

  test('an indexed Job works at each index once, and each Pod knows which it is', () => {
    apply(
      manifest('indexed', 'echo "$JOB_COMPLETION_INDEX"', {
        completionMode: 'Indexed',
        completions: 3,
        parallelism: 2,
      }),
    );
    kubectl.run('wait', '--for=condition=Complete', 'job/indexed', WAIT);
    expect(job('indexed').status).toMatchObject({ succeeded: 3, completedIndexes: '0-2' });
    const said = podsOf('indexed').map(({ metadata, spec }) => [
      metadata.labels?.['batch.kubernetes.io/job-completion-index'],
      spec?.hostname,
      kubectl.run('logs', String(metadata.name)).trim(),
    ]);
    expect(said.sort()).toEqual(['0', '1', '2'].map((index) => [index, `indexed-${index}`, index]));
  });

  test('a Job fails for good with the exit code its policy names', () => {
    const rule = { action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } };
    apply(manifest('fatal', 'exit 42', { backoffLimit: 6, podFailurePolicy: { rules: [rule] } }));
    kubectl.run('wait', '--for=condition=Failed', 'job/fatal', WAIT);
    expect(conditions('fatal')).toEqual(['FailureTarget', 'Failed']);
    expect(kubectl.run('describe', 'job', 'fatal')).toContain(
      'failed with exit code 42 matching FailJob rule at index 0',
    );
    expect(podsOf('fatal')).toHaveLength(1);
  });

  test('a Job that is suspended gives its Pods back, and goes on later', async () => {
    apply(manifest('paused', 'sleep 2', { completions: 2, parallelism: 1, suspend: true }));
    await eventually('it is suspended', () => conditions('paused').includes('Suspended'));
    expect(podsOf('paused')).toEqual([]);
    kubectl.run('patch', 'job', 'paused', '--type=merge', '-p', '{"spec":{"suspend":false}}');
    kubectl.run('wait', '--for=condition=Complete', 'job/paused', WAIT);
    expect(kubectl.run('get', 'events', '--field-selector=involvedObject.name=paused')).toContain('Resumed');
  });

  test('a Job goes by itself some time after its end, with its Pods', async () => {
    apply(manifest('brief', 'exit 0', { ttlSecondsAfterFinished: 0 }));
    await eventually('it has gone', () => kubectl.try(['get', 'job', 'brief']).stderr.includes('NotFound'));
    await eventually('and its Pods', () => podsOf('brief').length === 0);
  });

  test('a CronJob makes Jobs at its times, and by hand', async () => {
    kubectl.run('create', 'cronjob', 'tick', '--image=busybox', '--schedule=* * * * *', '--', 'echo', 'tick');
    kubectl.run('create', 'job', 'by-hand', '--from=cronjob/tick');
    kubectl.run('wait', '--for=condition=Complete', 'job/by-hand', WAIT);
    const status = () => kubectl.json<CronJob>('get', 'cronjob', 'tick').status;
    await eventually(
      'one has succeeded by itself',
      () => status()?.lastScheduleTime && status()?.lastSuccessfulTime,
      150,
    );
    const jobs = kubectl.json<KubeList<Job>>('get', 'jobs').items.map(({ metadata }) => metadata.name ?? '');
    const minute = Date.parse(status()?.lastScheduleTime ?? '') / 60_000;
    expect(jobs).toContain(`tick-${minute}`);
    kubectl.run('delete', 'cronjob', 'tick');
  });

  test('a quota refuses what is too much, and lets through again what was freed', async () => {
    kubectl.run('create', 'namespace', 'small');
    const inSmall = (...args: string[]) => kubectl.try([...args, '-n', 'small']);
    expect(inSmall('create', 'quota', 'few', '--hard=pods=2,count/jobs.batch=1,requests.cpu=1').status).toBe(0);
    const quota = () => kubectl.json<ResourceQuota>('get', 'quota', 'few', '-n', 'small').status?.used;
    await eventually('it is known what is used', () => quota()?.pods === '0' && quota()?.['count/jobs.batch'] === '0');
    const vague = inSmall('run', 'vague', '--image=nginx');
    expect(vague.stderr).toContain('failed quota: few: must specify requests.cpu for: vague');
    const run = (name: string) => {
      const resources = { requests: { cpu: '100m' } };
      const spec = { spec: { containers: [{ name, image: 'nginx', resources }] } };
      return inSmall('run', name, '--image=nginx', `--overrides=${JSON.stringify(spec)}`);
    };
    expect([run('a').status, run('b').status]).toEqual([0, 0]);
    expect(run('c').stderr).toContain('exceeded quota: few, requested: pods=1, used: pods=2, limited: pods=2');
    expect(inSmall('describe', 'quota', 'few').stdout).toMatch(/requests\.cpu\s+200m\s+1/);
    expect(inSmall('delete', 'pod', 'a', '--now').status).toBe(0);
    await eventually('the Pod is given back', () => quota()?.pods === '1');
    expect(run('c').status).toBe(0);
  });
});
