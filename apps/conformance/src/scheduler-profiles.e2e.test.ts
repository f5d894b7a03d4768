import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventList, Pod, PodList } from '@binnacle/apis-kubernetes/core/v1';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, eventually, findKubectl, Kubectl, startCluster } from './index.js';

const kubectlPath = findKubectl();
const program = join(import.meta.dirname, '..', '..', 'scheduler', 'dist', 'main.js');
const HEALTH_PORT = 21_390;

/** One packs Pods onto few nodes, the other keeps to one node by its own rule. */
const CONFIGURATION = `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
leaderElection:
  leaderElect: false
profiles:
- schedulerName: packing
  pluginConfig:
  - name: NodeResourcesFit
    args:
      scoringStrategy:
        type: MostAllocated
  plugins:
    score:
      disabled: [{name: '*'}]
      enabled: [{name: NodeResourcesFit}]
- schedulerName: fenced
  pluginConfig:
  - name: NodeAffinity
    args:
      addedAffinity:
        requiredDuringSchedulingIgnoredDuringExecution:
          nodeSelectorTerms:
          - matchFields: [{key: metadata.name, operator: In, values: [worker-2]}]
`;

function podOf(name: string, schedulerName: string): Pod {
  const resources = { requests: { cpu: '100m', memory: '64Mi' } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { by: schedulerName } },
    spec: { schedulerName, containers: [{ name: 'main', image: 'nginx', resources }] },
  };
}

describe.runIf(kubectlPath)('a second scheduler with two profiles, beside the first', () => {
  let cluster: Cluster;
  let kubectl: Kubectl;
  let scheduler: ChildProcess | undefined;

  const kubeconfig = () => `--kubeconfig=${join(cluster.dataDir, 'kubeconfig', 'kube-scheduler.conf')}`;
  const file = (name: string, text: string) => {
    const path = join(cluster.dataDir, name);
    writeFileSync(path, text);
    return `--config=${path}`;
  };
  const nodesOf = (by: string, count: number) =>
    eventually(`${count} Pods of ${by} run`, () => {
      const { items } = kubectl.json<PodList>('get', 'pods', '-l', `by=${by}`);
      const running = items.filter(({ status }) => status?.phase === 'Running');
      return running.length === count ? running.map(({ spec }) => spec?.nodeName) : undefined;
    });

  beforeAll(async () => {
    cluster = await startCluster({ slot: 13, web: false, nodes: 3 });
    kubectl = new Kubectl(kubectlPath ?? '', cluster.kubeconfig);
    const args = [file('profiles.yaml', CONFIGURATION), kubeconfig(), `--health-port=${HEALTH_PORT}`];
    scheduler = spawn(process.execPath, [program, ...args], { stdio: 'ignore' });
  });
  afterAll(async () => {
    if (scheduler && scheduler.exitCode === null) {
      scheduler.kill('SIGTERM');
      await once(scheduler, 'exit');
    }
    kubectl?.dispose();
    await cluster?.dispose();
  });

  test('each places its own Pods as its profile says, and says so by its name', async () => {
    const names = ['packing', 'fenced', 'default-scheduler'];
    const items = names.flatMap((by) => [0, 1, 2, 3].map((index) => podOf(`${by}-${index}`, by)));
    const list = { apiVersion: 'v1', kind: 'List', items };
    expect(kubectl.try(['apply', '-f', '-'], JSON.stringify(list))).toMatchObject({ status: 0 });
    expect(new Set(await nodesOf('packing', 4)).size).toBe(1);
    expect(new Set(await nodesOf('fenced', 4))).toEqual(new Set(['worker-2']));
    expect((await nodesOf('default-scheduler', 4)).length).toBe(4);
    const about = '--field-selector=involvedObject.name=packing-0,reason=Scheduled';
    const event = await eventually('it is told who placed it', () => {
      return kubectl.json<EventList>('get', 'events', about).items[0];
    });
    expect(event.source?.component).toBe('packing');
  });

  test('a Pod that the profile has no node for says so in upstream’s words', async () => {
    kubectl.run('cordon', 'worker-2');
    expect(kubectl.try(['apply', '-f', '-'], JSON.stringify(podOf('late', 'fenced')))).toMatchObject({ status: 0 });
    const description = await eventually('it is told why', () => {
      const text = kubectl.run('describe', 'pod', 'late');
      return text.includes('FailedScheduling') && text;
    });
    expect(description).toContain("2 node(s) didn't match scheduler-enforced node affinity");
    expect(description).toContain('1 node(s) were unschedulable');
    kubectl.run('uncordon', 'worker-2');
    await eventually('it is placed', () => kubectl.json<Pod>('get', 'pod', 'late').spec?.nodeName === 'worker-2');
  });

  test.each<[string, string]>([
    ['paralellism: 1\n', 'strict decoding error: unknown field "paralellism"'],
    [
      'profiles: [{schedulerName: a}, {schedulerName: a}]\n',
      'profiles[1].schedulerName: Duplicate value: "profiles[0].schedulerName"',
    ],
    ['profiles: [{plugins: {bind: {enabled: [{name: Mine}]}}}]\n', 'BindPlugin "Mine" does not exist'],
  ])('a configuration with a mistake is refused in one sentence: %s', (body, sentence) => {
    const text = `apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n${body}`;
    const args = [program, file('bad.yaml', text), kubeconfig()];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^--config [^\n]+\n$/);
    expect(stderr).toContain(sentence);
  });
});
