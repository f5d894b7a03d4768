import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Event, Node, Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { KubeList } from '@binnacle/machinery-meta';
import { wireAddress } from '@binnacle/machinery-wire';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, eventually, findKubectl, Kubectl, startCluster } from './index.js';

const SLOT = 27;
const BASE = `127.97.${SLOT}`;
const INNER = 'example.com/inner';
const IMAGE = 'registry.k8s.io/e2e-test-images/agnhost:2.63.0';
const privileged = process.getuid?.() === 0;

const path = findKubectl();
let cluster: Cluster;
let kubectl: Kubectl;

function apply(...objects: readonly object[]): void {
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  const { status, stderr } = kubectl.try(['apply', '-f', '-'], JSON.stringify(list));
  if (status !== 0) throw new Error(stderr);
}
const balanced = (name: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: {
    type: 'LoadBalancer',
    selector: { app: 'web' },
    ports: [{ name: 'http', port: 80, targetPort: 8080 }],
    ...spec,
  },
});
const find = (name: string, ...where: string[]): Service | undefined => {
  const { status, stdout } = kubectl.try([...where, 'get', 'service', name, '-o', 'json']);
  return status === 0 ? (JSON.parse(stdout) as Service) : undefined;
};
const ipOf = (name: string, ...where: string[]): string | undefined =>
  find(name, ...where)
    ?.status?.loadBalancer?.ingress?.map(({ ip }) => ip)
    .join();
const address = (name: string, ...where: string[]): Promise<string> =>
  eventually(`${name} has an address`, () => ipOf(name, ...where) || undefined);
/** What `kubectl get service` prints under EXTERNAL-IP. */
const printed = (name: string): string => kubectl.run('get', 'service', name, '--no-headers').split(/\s+/)[3] ?? '';
const eventsOf = (name: string): string[] => {
  const { items } = kubectl.json<KubeList<Event>>('get', 'events', '--field-selector', `involvedObject.name=${name}`);
  return items.map(({ reason, message }) => `${reason}: ${message}`);
};
const told = (name: string, words: string) =>
  eventually(`${name} is told "${words}"`, () => eventsOf(name).find((line) => line.includes(words)));

/** The name of the Pod that answers, or why nobody does. */
async function ask(ip: string): Promise<string> {
  const { host, port } = wireAddress(ip, 80, privileged);
  try {
    const response = await fetch(`http://${host}:${port}/hostname`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(5_000),
    });
    return await response.text();
  } catch (error) {
    return String((error as Error).cause ?? error);
  }
}
const refused = (ip: string) => eventually(`${ip} is closed`, async () => (await ask(ip)).includes('ECONNREFUSED'));
const answered = (ip: string) => eventually(`${ip} answers`, async () => (await ask(ip)).startsWith('web-'));

/** Asks on and on until it is told to stop; then answers how often, and what was no Pod's name. */
function load(ip: string): () => Promise<{ asked: number; failures: string[] }> {
  let [isOver, asked] = [false, 0];
  const failures: string[] = [];
  const running = (async () => {
    for (; !isOver; asked += 1) {
      const answer = await ask(ip);
      if (!answer.startsWith('web-')) failures.push(answer);
    }
  })();
  return async () => {
    isOver = true;
    await running;
    return { asked, failures };
  };
}

beforeAll(async () => {
  if (!path) return;
  const loadBalancers = [`${BASE}.0/29`, `${INNER}=${BASE}.128/29`];
  cluster = await startCluster({ slot: SLOT, nodes: 3, web: false, loadBalancers });
  kubectl = new Kubectl(path, cluster.kubeconfig);
  kubectl.run('create', 'deployment', 'web', `--image=${IMAGE}`, '--replicas=2', '--', '/agnhost', 'netexec');
  kubectl.run('run', 'asker', `--image=${IMAGE}`, '--restart=Never', '--', 'netexec');
  kubectl.run('rollout', 'status', 'deployment/web', '--timeout=120s');
  kubectl.run('wait', '--for=condition=Ready', 'pod/asker', '--timeout=120s');
});
afterAll(async () => {
  kubectl?.dispose();
  await cluster?.dispose();
});

describe.skipIf(!path)('a Service of type LoadBalancer', () => {
  test('answers at the address that kubectl prints, from this machine and from inside Pods, for all its Pods', async () => {
    kubectl.run('expose', 'deployment', 'web', '--name=web', '--type=LoadBalancer', '--port=80', '--target-port=8080');
    const ip = await address('web');
    expect([ip, printed('web')]).toEqual([`${BASE}.1`, `${BASE}.1`]);
    await answered(ip);
    const names = kubectl
      .json<KubeList<Pod>>('get', 'pods', '-l', 'app=web')
      .items.map(({ metadata }) => metadata.name);
    const answers = new Set([await ask(ip), await ask(ip), await ask(ip), await ask(ip)]);
    expect([...answers].sort()).toEqual([...names].sort());
    const inside = kubectl.run('exec', 'asker', '--', 'curl', '-sS', '-m', '5', `http://${ip}/hostname`);
    expect(names).toContain(inside.trim());
    expect(find('web')?.metadata.finalizers).toEqual(['service.kubernetes.io/load-balancer-cleanup']);
    const reasons = () => eventsOf('web').join('\n');
    await eventually('it is told', () => reasons().includes('EnsuredLoadBalancer: Ensured load balancer'));
    expect(reasons()).toContain('EnsuringLoadBalancer: Ensuring load balancer');
  });

  test('gives its address back when its type changes, and has one again when it changes back', async () => {
    const ip = await address('web');
    kubectl.run('patch', 'service', 'web', '-p', '{"spec":{"type":"ClusterIP"}}');
    await refused(ip);
    await eventually('nothing is left of it', () => find('web')?.metadata.finalizers === undefined);
    expect(printed('web')).toBe('<none>');
    kubectl.run('patch', 'service', 'web', '-p', '{"spec":{"type":"LoadBalancer"}}');
    await answered(await address('web'));
  });

  test('gets the address it asks for, which is nobody else’s until it goes', async () => {
    apply(balanced('asked', { loadBalancerIP: `${BASE}.6` }));
    expect(await address('asked')).toBe(`${BASE}.6`);
    apply(balanced('also', { loadBalancerIP: `${BASE}.6` }), balanced('beyond', { loadBalancerIP: '192.0.2.1' }));
    await told('also', `the address ${BASE}.6 is that of Service default/asked`);
    await told('beyond', `the address 192.0.2.1 is not of ${BASE}.0/29`);
    expect(printed('also')).toBe('<pending>');
    kubectl.run('delete', 'service', 'asked', 'beyond');
    expect(await address('also')).toBe(`${BASE}.6`);
    await answered(`${BASE}.6`);
    kubectl.run('delete', 'service', 'also');
    await refused(`${BASE}.6`);
  });

  test('of another class has an address of that; a class of nobody’s is left alone', async () => {
    apply(balanced('inner', { loadBalancerClass: INNER }), balanced('foreign', { loadBalancerClass: 'example.com/x' }));
    const ip = await address('inner');
    expect(ip).toMatch(new RegExp(`^${BASE}\\.1(29|3\\d)$`));
    await answered(ip);
    expect([printed('foreign'), find('foreign')?.metadata.finalizers]).toEqual(['<pending>', undefined]);
    kubectl.run('delete', 'service', 'inner', 'foreign');
    await refused(ip);
  });

  test('that finds all addresses taken waits for one to come back', async () => {
    const names = ['one', 'two', 'three', 'four', 'five'];
    apply(...names.map((name) => balanced(name)));
    const ips = await Promise.all(names.map((name) => address(name)));
    expect(new Set([...ips, ipOf('web')]).size).toBe(6);
    apply(balanced('late'));
    await told('late', `all addresses of ${BASE}.0/29 are taken`);
    kubectl.run('delete', 'service', 'three');
    const ip = await address('late');
    expect(ip).toBe(ips[2]);
    await answered(ip);
    kubectl.run('delete', 'service', 'late', ...names.filter((name) => name !== 'three'));
  });

  test('keeps its address and its traffic when the controller manager is killed, and what came meanwhile is done', async () => {
    const ip = await address('web');
    const stop = load(ip);
    const old = cluster.kill('cloud-controller-manager');
    apply(balanced('meanwhile'));
    kubectl.run('delete', 'service', 'meanwhile', '--wait=false');
    apply(balanced('kept'));
    await answered(ip);
    await eventually('it is back', () => (cluster.pidOf('cloud-controller-manager') ?? old) !== old);
    const kept = await address('kept');
    expect([ipOf('web'), kept === ip]).toEqual([ip, false]);
    await eventually('what was deleted has gone', () => find('meanwhile') === undefined);
    cluster.kill('cloud-controller-manager');
    apply(balanced('more'));
    const all = await Promise.all(['web', 'kept', 'more'].map((name) => address(name)));
    expect(new Set(all).size).toBe(3);
    expect(all.slice(0, 2)).toEqual([ip, kept]);
    const { asked, failures } = await stop();
    expect(failures).toEqual([]);
    expect(asked).toBeGreaterThan(20);
    kubectl.run('delete', 'service', 'kept', 'more');
  });

  test('of another logical cluster has an address of that cluster', async () => {
    const made = cluster.binnacle('cluster', 'create', 'lab', '--nodes', '1');
    expect(made.status).toBe(0);
    const lab = ['--server', `${cluster.apiUrl}/clusters/lab`];
    kubectl.run(...lab, 'create', 'deployment', 'web', `--image=${IMAGE}`, '--', '/agnhost', 'netexec');
    kubectl.run(...lab, 'expose', 'deployment', 'web', '--type=LoadBalancer', '--port=80', '--target-port=8080');
    const ip = await address('web', ...lab);
    expect(ip).toMatch(/^127\.([1-9]|[1-8]\d|9[0-5])\./);
    await answered(ip);
    cluster.binnacle('cluster', 'delete', 'lab');
    await refused(ip);
  });
});

describe.skipIf(!path)('the machines of a cloud', () => {
  const nodes = () => kubectl.json<KubeList<Node>>('get', 'nodes').items;
  const nodeOf = (name: string) => nodes().find(({ metadata }) => metadata.name === name);
  const taintsOf = (name: string) => nodeOf(name)?.spec?.taints?.map(({ key }) => key) ?? [];

  test('are told of by their nodes', () => {
    expect(nodes().map(({ spec }) => spec?.providerID?.replace(/^host:.*/, 'host'))).toEqual([
      'host',
      ...[1, 2, 3].map((at) => `simulated://kubelet-sim/worker-${at}`),
    ]);
    expect(nodeOf('worker-1')?.metadata.labels).toMatchObject({
      'topology.kubernetes.io/zone': 'zone-a',
      'topology.kubernetes.io/region': 'local',
      'node.kubernetes.io/instance-type': 'simulated.4cpu-8Gi',
    });
    expect(nodes().flatMap(({ metadata }) => taintsOf(metadata.name ?? ''))).not.toContain(
      'node.cloudprovider.kubernetes.io/uninitialized',
    );
    kubectl.run('label', 'node', 'worker-1', 'topology.kubernetes.io/zone=mine', '--overwrite');
  });

  test('that are switched off mark their nodes, and take them along when they are taken away', async () => {
    cluster.binnacle('node', 'stop', 'worker-2');
    rmSync(join(cluster.dataDir, 'nodes', 'worker-3.json'));
    const shutdown = 'node.cloudprovider.kubernetes.io/shutdown';
    await eventually('worker-2 is marked', () => taintsOf('worker-2').includes(shutdown), 120);
    await eventually('worker-3 has gone', () => nodeOf('worker-3') === undefined, 120);
    expect(nodeOf('worker-1')?.metadata.labels?.['topology.kubernetes.io/zone']).toBe('mine');
    cluster.binnacle('node', 'start', 'worker-2');
    await eventually('worker-2 is well', () => !taintsOf('worker-2').includes(shutdown), 60);
    await answered(await address('web'));
  });
});
