import { existsSync, readFileSync } from 'node:fs';
import { AppsV1Api, CoreV1Api, DiscoveryV1Api, KubeConfig, type V1Pod, Watch } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, eventually, startCluster } from './index.js';

/** The walk of kubectl.e2e.test.ts with the official JavaScript client, which is always there. */
let cluster: Cluster;
let core: CoreV1Api;
let apps: AppsV1Api;
let config: KubeConfig;

const namespace = 'default';
const labels = { app: 'MyApp' };
const NODE_PORT = 30_081;

beforeAll(async () => {
  cluster = await startCluster({ slot: 4, web: false });
  config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  core = config.makeApiClient(CoreV1Api);
  apps = config.makeApiClient(AppsV1Api);
});

afterAll(() => cluster?.dispose());

const isReady = (pod: V1Pod): boolean =>
  !pod.metadata?.deletionTimestamp &&
  (pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false);

async function readyPods(): Promise<V1Pod[]> {
  const { items } = await core.listNamespacedPod({ namespace, labelSelector: 'app=MyApp' });
  return items.filter(isReady);
}

async function scale(replicas: number): Promise<void> {
  const current = await apps.readNamespacedDeploymentScale({ namespace, name: 'myapp' });
  await apps.replaceNamespacedDeploymentScale({ namespace, name: 'myapp', body: { ...current, spec: { replicas } } });
}

async function answeringPod(): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${NODE_PORT}/`, { headers: { connection: 'close' } });
  return ((await response.json()) as { pod: string }).pod;
}

test('every Node is ready and every component is a static Pod', async () => {
  const { items: nodes } = await core.listNode();
  expect(nodes.map(({ metadata }) => metadata?.name).sort()).toEqual([
    'control-plane',
    'worker-1',
    'worker-2',
    'worker-3',
  ]);
  const { items: pods } = await core.listNamespacedPod({ namespace: 'kube-system' });
  expect(pods.map(({ metadata }) => metadata?.name)).toContain('kube-apiserver-control-plane');
  const log = await core.readNamespacedPodLog({
    namespace: 'kube-system',
    name: 'kube-apiserver-control-plane',
    tailLines: 5,
  });
  expect(log).toContain('kube-apiserver');
});

/** Each column of /proc/<pid>/<file> that stands behind a word. */
function words(component: string, file: string, word: string): string[] {
  const text = readFileSync(`/proc/${cluster.pidOf(component)}/${file}`, 'utf8');
  const line = text.split('\n').find((each) => each.startsWith(word)) ?? '';
  return line.slice(word.length).trim().split(/\s+/);
}

describe.skipIf(!existsSync('/usr/bin/setpriv') || !existsSync('/usr/bin/prlimit'))('what runs', () => {
  const COMPONENTS = ['--runtime=process', 'kube-apiserver', 'kube-scheduler', 'kubelet-sim', 'postgres'];

  test.each(COMPONENTS)('gains nothing, and keeps what it writes to itself: %s', (component) => {
    expect(words(component, 'status', 'NoNewPrivs:')).toEqual(['1']);
    expect(words(component, 'status', 'Umask:')).toEqual(['0077']);
    expect(words(component, 'limits', 'Max core file size')).toEqual(['0', '0', 'bytes']);
    const [soft, hard] = words(component, 'limits', 'Max open files');
    expect(soft).toBe(hard);
    const names = readFileSync(`/proc/${cluster.pidOf(component)}/environ`, 'utf8').split('\0');
    const known = /^(PATH|HOME|LANG|LC_ALL|TZ|TMPDIR|BINNACLE_\w+)=|^$/;
    expect(names.filter((name) => !known.test(name))).toEqual([]);
  });

  test('has few powers where it is root, and Postgres none', () => {
    const powers = (component: string) => BigInt(`0x${words(component, 'status', 'CapEff:')[0]}`);
    const administer = 1n << 21n;
    for (const component of COMPONENTS) expect(powers(component) & administer).toBe(0n);
    expect(powers('postgres')).toBe(0n);
  });

  test('is ended for want of memory last where all others wait for it', () => {
    const score = (component: string) =>
      Number(readFileSync(`/proc/${cluster.pidOf(component)}/oom_score_adj`, 'utf8'));
    expect(score('postgres')).toBeLessThan(score('kube-scheduler'));
    expect(score('kube-apiserver')).toBeLessThan(score('kube-scheduler'));
    expect(score('kube-scheduler')).toBeLessThan(score('kubelet-sim'));
  });
});

test('a Deployment behind a NodePort is answered by all its Pods in turn', async () => {
  const containers = [{ name: 'myapp', image: 'binnacle.dev/myapp:1.0', ports: [{ containerPort: 8080 }] }];
  const template = { metadata: { labels }, spec: { containers } };
  await apps.createNamespacedDeployment({
    namespace,
    body: { metadata: { name: 'myapp' }, spec: { replicas: 3, selector: { matchLabels: labels }, template } },
  });
  await core.createNamespacedService({
    namespace,
    body: {
      metadata: { name: 'myapp' },
      spec: { type: 'NodePort', selector: labels, ports: [{ port: 80, targetPort: 8080, nodePort: NODE_PORT }] },
    },
  });
  await eventually('three are ready', async () => (await readyPods()).length === 3);
  const slices = await config
    .makeApiClient(DiscoveryV1Api)
    .listNamespacedEndpointSlice({ namespace, labelSelector: 'kubernetes.io/service-name=myapp' });
  expect(slices.items[0]?.ports?.[0]?.port).toBe(8080);
  await eventually('each answers', async () => {
    const seen = new Set<string>();
    for (let asked = 0; asked < 9; asked += 1) seen.add(await answeringPod());
    return seen.size === 3;
  });
});

test('a watch shows Pods come as the Deployment is scaled', async () => {
  const added = new Set<string>();
  const watch = await new Watch(config).watch(
    `/api/v1/namespaces/${namespace}/pods`,
    { labelSelector: 'app=MyApp' },
    (phase: string, pod: V1Pod) => {
      if (phase === 'ADDED') added.add(pod.metadata?.name ?? '');
    },
    () => undefined,
  );
  await scale(6);
  await eventually('six have been seen', () => added.size === 6);
  watch.abort();
  await eventually('six are ready', async () => (await readyPods()).length === 6);
});

test('a new image rolls out, and a deleted Pod is replaced', async () => {
  const deployment = await apps.readNamespacedDeployment({ namespace, name: 'myapp' });
  const [container] = deployment.spec?.template.spec?.containers ?? [];
  if (container) container.image = 'binnacle.dev/myapp:2.0';
  await apps.replaceNamespacedDeployment({ namespace, name: 'myapp', body: deployment });
  await eventually('all run the new image', async () => {
    const pods = await readyPods();
    return pods.length === 6 && pods.every((pod) => pod.spec?.containers[0]?.image === 'binnacle.dev/myapp:2.0');
  });
  const { items } = await apps.listNamespacedReplicaSet({ namespace, labelSelector: 'app=MyApp' });
  expect(items).toHaveLength(2);
  const victim = (await readyPods())[0]?.metadata?.name ?? '';
  await core.deleteNamespacedPod({ namespace, name: victim });
  await eventually('it is gone and there are six', async () => {
    const names = (await readyPods()).map((pod) => pod.metadata?.name);
    return names.length === 6 && !names.includes(victim);
  });
});

test('events tell what happened', async () => {
  const { items } = await core.listNamespacedEvent({ namespace });
  const reasons = new Set(items.map(({ reason }) => reason));
  for (const reason of ['ScalingReplicaSet', 'SuccessfulCreate', 'Scheduled', 'Started'])
    expect(reasons).toContain(reason);
});

test('refusals carry their reason', async () => {
  const bad = core.createNamespacedPod({
    namespace,
    body: { metadata: { name: 'Bad_Name' }, spec: { containers: [{ name: 'c', image: 'x' }] } },
  });
  await expect(bad).rejects.toMatchObject({ code: 422 });
  await expect(core.readNamespacedPod({ namespace, name: 'none' })).rejects.toMatchObject({ code: 404 });
});

test('the namespace goes with everything in it', async () => {
  await core.createNamespace({ body: { metadata: { name: 'short-lived' } } });
  await core.createNamespacedConfigMap({ namespace: 'short-lived', body: { metadata: { name: 'a' } } });
  await core.deleteNamespace({ name: 'short-lived' });
  await eventually('it is gone', async () => {
    const { items } = await core.listNamespace();
    return items.every(({ metadata }) => metadata?.name !== 'short-lived');
  });
});
