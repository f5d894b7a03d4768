import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Deployment, ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { KubeList } from '@binnacle/machinery-meta';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, eventually, findKubectl, Kubectl, startCluster } from './index.js';

const examples = join(import.meta.dirname, '..', '..', '..', 'examples');
const kubectlPath = findKubectl();
if (!kubectlPath)
  process.stdout.write('No kubectl on this machine: the same steps run through @kubernetes/client-node alone.\n');

const COMPONENTS = [
  'postgres',
  'kube-apiserver',
  'kube-scheduler',
  'kube-controller-manager',
  'kube-proxy',
  'kube-dns',
  'ingress-controller',
  'cloud-controller-manager',
  'kubelet-sim',
  'web',
];
const NODE_PORT = 'http://127.0.0.1:30080/';

const isReady = (object: Node | Pod): boolean =>
  object.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

interface Echo {
  readonly pod: string;
  readonly node: string;
}

async function echo(): Promise<Echo> {
  const response = await fetch(NODE_PORT, { headers: { connection: 'close' }, signal: AbortSignal.timeout(5000) });
  return (await response.json()) as Echo;
}

/** Which Pods answer the NodePort, asked often enough for each to have its turn. */
async function answeringPods(times = 12): Promise<Set<string>> {
  const pods = new Set<string>();
  for (let asked = 0; asked < times; asked += 1) pods.add((await echo()).pod);
  return pods;
}

describe.runIf(kubectlPath)('a new user with kubectl', () => {
  let cluster: Cluster;
  let kubectl: Kubectl;

  beforeAll(async () => {
    cluster = await startCluster({ slot: 2 });
    kubectl = new Kubectl(kubectlPath ?? '', cluster.kubeconfig);
  });

  afterAll(async () => {
    kubectl?.dispose();
    await cluster?.dispose();
  });

  const pods = (...args: string[]) => kubectl.json<KubeList<Pod>>('get', 'pods', ...args).items;
  const readyPods = (selector: string) =>
    pods('-l', selector).filter((pod) => isReady(pod) && !pod.metadata.deletionTimestamp);

  test('finds the control plane and three workers ready', () => {
    const output = kubectl.run('get', 'nodes', '-o', 'wide');
    for (const name of ['control-plane', 'worker-1', 'worker-2', 'worker-3']) {
      expect(output).toMatch(new RegExp(`^${name}\\s+Ready\\s`, 'm'));
    }
    expect(output).toContain('CONTAINER-RUNTIME');
  });

  test('finds every component as a static Pod, with its logs', () => {
    const names = pods('-n', 'kube-system').map((pod) => pod.metadata.name);
    for (const component of COMPONENTS) {
      expect(names).toContain(`${component}-control-plane`);
      expect(kubectl.try(['logs', '-n', 'kube-system', `${component}-control-plane`]).status).toBe(0);
    }
    expect(kubectl.run('logs', '-n', 'kube-system', 'kube-apiserver-control-plane')).toContain('kube-apiserver');
    expect(kubectl.run('get', 'pods', '-A', '-o', 'wide')).toContain('kube-scheduler-control-plane');
  });

  test('runs a Pod whose two containers talk over localhost', async () => {
    kubectl.run('apply', '-f', join(examples, 'hello-world.yaml'));
    kubectl.run('wait', '--for=condition=Ready', 'pod/hello-world', '--timeout=60s');
    await eventually('the visitor is answered', () =>
      kubectl.run('logs', 'hello-world', '-c', 'visitor').includes('hello-world'),
    );
    expect(pods()[0]?.spec?.containers[0]?.ports?.[0]?.containerPort).toBe(3000);
  });

  test('runs a Deployment of three behind a NodePort that all of them answer in turn', async () => {
    expect(kubectl.run('apply', '-f', join(examples, 'myapp.yaml'))).toContain('deployment.apps/myapp created');
    expect(kubectl.run('rollout', 'status', 'deployment/myapp', '--timeout=60s')).toContain('successfully rolled out');
    const output = kubectl.run('get', 'deploy,rs,pods,svc,endpointslices', '-o', 'wide');
    expect(output).toMatch(/deployment\.apps\/myapp\s+3\/3/);
    expect(output).toContain('80:30080/TCP');
    await eventually('all three answer', async () => (await answeringPods()).size === 3);
    const { pod, node } = await echo();
    expect(pod).toMatch(/^myapp-/);
    expect(node).toMatch(/^worker-/);
  });

  test('applies the same again and changes nothing', () => {
    const before = kubectl.json<Deployment>('get', 'deployment', 'myapp').metadata.resourceVersion;
    expect(kubectl.run('apply', '-f', join(examples, 'myapp.yaml'))).toContain('deployment.apps/myapp unchanged');
    expect(kubectl.json<Deployment>('get', 'deployment', 'myapp').metadata.resourceVersion).toBe(before);
  });

  test('reads descriptions, events and documentation', () => {
    const name = readyPods('app=MyApp')[0]?.metadata.name ?? '';
    const description = kubectl.run('describe', 'pod', name);
    expect(description).toContain('Successfully assigned');
    expect(description).toMatch(/Controlled By:\s+ReplicaSet\/myapp-/);
    expect(kubectl.run('get', 'events')).toContain('ScalingReplicaSet');
    expect(kubectl.run('describe', 'deployment', 'myapp')).toContain('ScalingReplicaSet');
    expect(kubectl.run('describe', 'node', 'worker-1')).toContain('Allocated resources');
    expect(kubectl.run('explain', 'deployment.spec.replicas')).toContain('FIELD: replicas');
    expect(kubectl.run('api-resources')).toContain('deployments');
  });

  test('scales', async () => {
    kubectl.run('scale', 'deployment/myapp', '--replicas=6');
    kubectl.run('rollout', 'status', 'deployment/myapp', '--timeout=60s');
    expect(readyPods('app=MyApp')).toHaveLength(6);
    await eventually('all six answer', async () => (await answeringPods(24)).size === 6);
  });

  test('changes the image, looks at the history and goes back', () => {
    const image = () =>
      kubectl.json<Deployment>('get', 'deployment', 'myapp').spec?.template.spec?.containers[0]?.image;
    kubectl.run('set', 'image', 'deployment/myapp', 'myapp=binnacle.dev/myapp:2.0');
    kubectl.run('rollout', 'status', 'deployment/myapp', '--timeout=120s');
    expect(image()).toBe('binnacle.dev/myapp:2.0');
    expect(kubectl.run('rollout', 'history', 'deployment/myapp')).toMatch(/^2\s/m);
    expect(kubectl.json<KubeList<ReplicaSet>>('get', 'rs', '-l', 'app=MyApp').items).toHaveLength(2);
    kubectl.run('rollout', 'undo', 'deployment/myapp');
    kubectl.run('rollout', 'status', 'deployment/myapp', '--timeout=120s');
    expect(image()).toBe('binnacle.dev/myapp:1.0');
  });

  test('sees the cluster before an accident, who caused it, and brings back what was lost', () => {
    kubectl.run('create', 'deployment', 'precious', '--image=binnacle.dev/myapp:1.0');
    const { uid } = kubectl.json<Deployment>('get', 'deployment', 'precious').metadata;
    const time = new Date().toISOString();
    kubectl.run('delete', 'deployment', 'precious', '--wait=true');
    const file = join(cluster.dataDir, 'run', 'then.conf');
    writeFileSync(file, cluster.binnacle('kubeconfig', `--at=${time}`).stdout);
    const then = new Kubectl(kubectlPath ?? '', file);
    try {
      expect(then.json<Deployment>('get', 'deployment', 'precious').metadata.uid).toBe(uid);
      expect(then.run('api-resources')).toMatch(/^deployments\s/m);
      expect(then.try(['delete', 'deployment', 'precious']).stderr).toMatch(/the past is read only/);
      const selected = '--field-selector=spec.resource=deployments,spec.name=precious,spec.verb=delete';
      expect(kubectl.run('get', 'changes', selected)).toMatch(
        /delete\s+deployments.apps\s+precious\s+kubernetes-admin/,
      );
      kubectl.try(['create', '-f', '-'], then.run('get', 'deployment', 'precious', '-o', 'yaml'));
      kubectl.run('rollout', 'status', 'deployment/precious', '--timeout=60s');
    } finally {
      then.dispose();
    }
    kubectl.run('delete', 'deployment', 'precious', '--wait=true');
  });

  test('sees changes as they happen and a deleted Pod replaced', async () => {
    const watching = kubectl.start('get', 'pods', '-w', '--no-headers');
    let seen = '';
    watching.stdout?.on('data', (chunk: Buffer) => {
      seen += chunk;
    });
    const victim = readyPods('app=MyApp')[0]?.metadata.name ?? '';
    await eventually('the watch has begun', () => seen.includes(victim));
    kubectl.run('delete', 'pod', victim, '--wait=true');
    await eventually('the watch shows it going', () => new RegExp(`${victim}.*Terminating`).test(seen));
    await eventually('there are six again', () => readyPods('app=MyApp').length === 6);
    watching.kill();
    await once(watching, 'exit');
  });

  test('cordons, drains and uncordons a Node', async () => {
    kubectl.run('cordon', 'worker-1');
    expect(kubectl.run('get', 'node', 'worker-1')).toContain('SchedulingDisabled');
    kubectl.run('drain', 'worker-1', '--ignore-daemonsets', '--delete-emptydir-data', '--force', '--timeout=90s');
    expect(pods('-A', '--field-selector=spec.nodeName=worker-1')).toEqual([]);
    await eventually('there are six elsewhere', () => readyPods('app=MyApp').length === 6);
    kubectl.run('uncordon', 'worker-1');
    expect(kubectl.run('get', 'node', 'worker-1')).not.toContain('SchedulingDisabled');
  });

  test.each([
    [
      'a negative replica count',
      'apps/v1',
      'Deployment',
      {
        replicas: -1,
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'x' }] } },
      },
      'spec.replicas',
    ],
    [
      'a nodePort that is taken',
      'v1',
      'Service',
      { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] },
      'provided port is already allocated',
    ],
    [
      'a nodePort out of range',
      'v1',
      'Service',
      { type: 'NodePort', ports: [{ port: 80, nodePort: 99 }] },
      'The range of valid ports is 30000-32767',
    ],
    [
      'an unknown field',
      'v1',
      'Pod',
      { containers: [{ name: 'c', image: 'x', colour: 'red' }] },
      'unknown field "spec.containers[0].colour"',
    ],
  ])('is told what is wrong with %s', (_, apiVersion, kind, spec, message) => {
    const result = kubectl.try(
      ['create', '-f', '-'],
      JSON.stringify({ apiVersion, kind, metadata: { name: 'bad' }, spec }),
    );
    expect(result.status).not.toBe(0);
    expect(result.stderr).toContain(message);
  });

  test('loses a Node: its Pods are evicted and run elsewhere, and it comes back', async () => {
    const toleration = [
      { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 2 },
    ];
    const patch = { spec: { template: { spec: { tolerations: toleration } } } };
    kubectl.run('patch', 'deployment', 'myapp', '-p', JSON.stringify(patch));
    kubectl.run('rollout', 'status', 'deployment/myapp', '--timeout=120s');
    expect(cluster.binnacle('node', 'stop', 'worker-2').status).toBe(0);
    await eventually('worker-2 is not ready', () => /^worker-2\s+NotReady/m.test(kubectl.run('get', 'nodes')), 90);
    const taints = kubectl.json<Node>('get', 'node', 'worker-2').spec?.taints?.map(({ key }) => key);
    expect(taints).toContain('node.kubernetes.io/unreachable');
    await eventually(
      'six run elsewhere',
      () => readyPods('app=MyApp').filter((pod) => pod.spec?.nodeName !== 'worker-2').length === 6,
      60,
    );
    expect(cluster.binnacle('node', 'start', 'worker-2').status).toBe(0);
    await eventually('worker-2 is ready again', () => /^worker-2\s+Ready/m.test(kubectl.run('get', 'nodes')), 60);
    await eventually('what was left there is gone', () => pods('-l', 'app=MyApp').length === 6, 60);
  });

  test.each(COMPONENTS)('goes on after kill -9 of %s', async (component) => {
    const before = kubectl.json<Deployment>('get', 'deployment', 'myapp').metadata.uid;
    const killed = cluster.kill(component);
    await eventually(
      `${component} runs again`,
      () => {
        const pid = cluster.pidOf(component);
        return pid !== undefined && pid !== killed;
      },
      90,
    );
    await eventually(
      'the API answers and nothing is lost',
      () => kubectl.json<Deployment>('get', 'deployment', 'myapp').metadata.uid === before,
      90,
    );
    const replicas = component.length % 2 ? 4 : 5;
    kubectl.run('scale', 'deployment/myapp', `--replicas=${replicas}`);
    await eventually('a change is carried out', () => readyPods('app=MyApp').length === replicas, 90);
  });

  test('stops on Ctrl-C and finds everything again, quickly', async () => {
    const before = kubectl.json<Deployment>('get', 'deployment', 'myapp').metadata.uid;
    await cluster.stop();
    expect(cluster.pidOf('postgres')).toBeUndefined();
    cluster = await cluster.restart();
    expect(kubectl.json<Deployment>('get', 'deployment', 'myapp').metadata.uid).toBe(before);
    await eventually('its Pods run again', () => readyPods('app=MyApp').length > 0, 60);
    await eventually('the NodePort answers', async () => (await echo()).pod.startsWith('myapp-'), 60);
  });
});
