import type { Deployment } from '@binnacle/apis-kubernetes/apps/v1';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, eventually, findKubectl, Kubectl, startCluster } from './index.js';

const kubectlPath = findKubectl();
const NODE_PORT = 30_083;
const CALLERS = 4;

const MANIFEST = [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'php-apache' },
    spec: {
      selector: { matchLabels: { run: 'php-apache' } },
      template: {
        metadata: { labels: { run: 'php-apache' } },
        spec: {
          containers: [
            {
              name: 'php-apache',
              image: 'registry.k8s.io/hpa-example',
              ports: [{ containerPort: 80 }],
              resources: { limits: { cpu: '500m' }, requests: { cpu: '200m' } },
            },
          ],
        },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'php-apache' },
    spec: { type: 'NodePort', selector: { run: 'php-apache' }, ports: [{ port: 80, nodePort: NODE_PORT }] },
  },
];

/** Calls the Service as fast as it answers, until it is told to stop. */
function load(): () => Promise<void> {
  let stopped = false;
  const call = async () => {
    while (!stopped) {
      const options = { headers: { connection: 'close' }, signal: AbortSignal.timeout(10_000) };
      await fetch(`http://127.0.0.1:${NODE_PORT}/`, options)
        .then((answer) => answer.text())
        .catch(() => undefined);
    }
  };
  const calls = Array.from({ length: CALLERS }, call);
  return async () => {
    stopped = true;
    await Promise.all(calls);
  };
}

describe.runIf(kubectlPath)('what is used, by kubectl', () => {
  let cluster: Cluster;
  let kubectl: Kubectl;

  beforeAll(async () => {
    cluster = await startCluster({ slot: 17, web: false, nodes: 2 });
    kubectl = new Kubectl(kubectlPath ?? '', cluster.kubeconfig);
    const items = { apiVersion: 'v1', kind: 'List', items: MANIFEST };
    expect(kubectl.try(['apply', '-f', '-'], JSON.stringify(items))).toMatchObject({ status: 0 });
    kubectl.run('rollout', 'status', 'deployment/php-apache', '--timeout=120s');
  });
  afterAll(async () => {
    kubectl?.dispose();
    await cluster?.dispose();
  });

  test('top tells of nodes, Pods and containers', async () => {
    const nodes = await eventually('nodes are measured', () => {
      const output = kubectl.run('top', 'nodes');
      return /worker-1\s+\d+m\s+\d+%/.test(output) && output;
    });
    expect(nodes).toMatch(/control-plane\s+\d+m/);
    await eventually('Pods are measured', () =>
      /php-apache-\S+\s+php-apache\s+\d+m\s+\d+Mi/.test(kubectl.try(['top', 'pods', '--containers']).stdout),
    );
    expect(kubectl.run('get', 'apiservices', 'v1beta1.metrics.k8s.io')).toContain('Local');
    const raw = kubectl.run('get', '--raw', '/api/v1/nodes/worker-1/proxy/metrics/resource');
    expect(raw).toMatch(/^node_cpu_usage_seconds_total [\d.e+-]+ \d+$/m);
  });

  test('an autoscaler makes more Pods under load, and says why', async () => {
    kubectl.run('autoscale', 'deployment', 'php-apache', '--cpu-percent=50', '--min=1', '--max=4');
    const replicas = () => kubectl.json<Deployment>('get', 'deployment', 'php-apache').spec?.replicas ?? 0;
    const stop = load();
    try {
      await eventually('there are more', () => replicas() >= 3, 240);
    } finally {
      await stop();
    }
    expect(kubectl.run('get', 'hpa', 'php-apache')).toMatch(/Deployment\/php-apache\s+cpu: \d+%\/50%\s+1\s+4/);
    const description = kubectl.run('describe', 'hpa', 'php-apache');
    expect(description).toContain('cpu resource utilization (percentage of request) above target');
    expect(description).toMatch(/ScalingActive\s+True\s+ValidMetricFound/);
  });
});
