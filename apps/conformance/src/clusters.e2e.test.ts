import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, startCluster } from './cluster.js';
import { eventually } from './eventually.js';
import { findKubectl, Kubectl } from './kubectl.js';

const path = findKubectl();

interface Deployment {
  readonly spec: { readonly replicas: number };
  readonly status: { readonly readyReplicas?: number };
}

describe.skipIf(!path)('logical clusters', () => {
  let cluster: Cluster;
  let kubectl: Kubectl;

  beforeAll(async () => {
    cluster = await startCluster({ slot: 14, web: false, nodes: 1 });
    kubectl = new Kubectl(path ?? '', cluster.kubeconfig);
  });
  afterAll(async () => {
    kubectl?.dispose();
    await cluster?.dispose();
  });

  const at = (name: string) => ['--server', `${cluster.apiUrl}/clusters/${name}`];
  const names = () =>
    cluster
      .binnacle('cluster', 'list')
      .stdout.split('\n')
      .map((line) => line.split(' ')[0]);

  test('a logical cluster that is made runs Pods on its own simulated nodes, apart from all others', async () => {
    const made = cluster.binnacle('cluster', 'create', 'lab', '--nodes', '2');
    expect(made).toMatchObject({ status: 0, stdout: expect.stringContaining('Made lab, with 2 simulated nodes') });
    expect(names()).toEqual(expect.arrayContaining(['lab', 'main']));
    kubectl.run(...at('lab'), 'create', 'deployment', 'web', '--image=nginx', '--port=80', '--replicas=2');
    await eventually('the Pods of the lab run', () => {
      const { status } = kubectl.json<Deployment>(...at('lab'), 'get', 'deployment', 'web');
      return status.readyReplicas === 2;
    });
    expect(
      kubectl
        .run(...at('lab'), 'get', 'nodes', '-o', 'name')
        .trim()
        .split('\n'),
    ).toEqual(['node/worker-1', 'node/worker-2']);
    expect(kubectl.json<{ items: unknown[] }>('get', 'pods').items).toEqual([]);
  });

  test('it is forked, kept for a while and deleted, and what cannot be is said in one sentence', async () => {
    expect(cluster.binnacle('cluster', 'fork', 'lab', 'copy').status).toBe(0);
    expect(kubectl.json<Deployment>(...at('copy'), 'get', 'deployment', 'web').spec.replicas).toBe(2);
    expect(cluster.binnacle('cluster', 'retain', 'copy', '--age', '1d')).toMatchObject({ status: 0 });
    expect(cluster.binnacle('cluster', 'delete', 'copy')).toMatchObject({ status: 0, stdout: 'Deleted copy\n' });
    expect(names()).not.toContain('copy');
    for (const [args, sentence] of [
      [['create', 'lab'], 'already exists'],
      [['create', 'Lab'], 'is no name of a cluster'],
      [['delete', 'main'], 'belongs to the installation'],
      [['delete', 'copy'], 'not found'],
      [['fork', 'nowhere', 'other'], 'not found'],
      [['retain', 'lab', '--age', 'long'], '--age must be a time'],
    ] as const) {
      const { status, stderr } = cluster.binnacle('cluster', ...args);
      expect([status, stderr.trim().split('\n').length, stderr]).toEqual([2, 1, expect.stringContaining(sentence)]);
    }
  });
});
