import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { on, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import type { Event, Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Connection, ServiceTraffic } from '@binnacle/apis-kubernetes/traffic/v1';
import type { KubeList } from '@binnacle/machinery-meta';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, eventually, findKubectl, Kubectl, startCluster } from './index.js';

const AGNHOST = 'registry.k8s.io/e2e-test-images/agnhost:2.63.0';
const SLOT = 25;
/** Addresses that Services are given by hand, and those of the nodes: the machine, then the simulated ones. */
const GIVEN = `10.97.${100 + SLOT}`;
const NODES = ['127.0.0.1', 1, 2, 3].map((node) => (typeof node === 'string' ? node : `127.${200 + SLOT}.0.1${node}`));

const HEALTH_PORT = 10_256 + SLOT * 100 + 10_000;

const run = promisify(execFile);
const path = findKubectl();
let cluster: Cluster;
let kubectl: Kubectl;
/** Of the Service `web`. */
let balancer: string;
const sockets: Socket[] = [];

const carried = (address: string) => address.replace(/^10\./, '127.');

const server = (name: string, replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'kubernetes.io/hostname',
            whenUnsatisfiable: 'DoNotSchedule',
            labelSelector: { matchLabels: { app: name } },
          },
        ],
        terminationGracePeriodSeconds: 5,
        containers: [{ name: 'main', image: AGNHOST, args: ['netexec'] }],
      },
    },
  },
});

const HTTP = { name: 'http', port: 8080, targetPort: 8080 };
const UDP = { name: 'udp', protocol: 'UDP', port: 8081, targetPort: 8081 };
const serviceFor = (name: string, spec: object, app = 'web') => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app }, ports: [HTTP, UDP], ...spec },
});

function apply(...objects: readonly object[]): void {
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  const { status, stderr } = kubectl.try(['apply', '-f', '-'], JSON.stringify(list));
  if (status !== 0) throw new Error(stderr);
}

/** The address that the cloud gives to a Service. */
const balancerOf = (name: string): Promise<string> =>
  eventually('the cloud gives an address', () => {
    const { status } = kubectl.json<Service>('get', 'service', name);
    return status?.loadBalancer?.ingress?.[0]?.ip;
  });

const clusterIpOf = (name: string): string => kubectl.json<Service>('get', 'service', name).spec?.clusterIP ?? '';
const podsOf = (app: string): Pod[] => kubectl.json<KubeList<Pod>>('get', 'pods', '-l', `app=${app}`).items;

/** What is answered over HTTP from this machine; undefined where nobody answers. `from` is a loopback address. */
async function ask(place: string, what = 'hostname', from?: string): Promise<string | undefined> {
  const interface_ = from ? ['--interface', from] : [];
  return await run('curl', ['-sS', '-m', '5', ...interface_, `http://${place}/${what}`]).then(
    ({ stdout }) => stdout,
    () => undefined,
  );
}

const askInside = (place: string, what: string, pod: string) =>
  kubectl.try(['exec', pod, '--', 'curl', '-sS', '-m', '5', `http://${place}/${what}`]);
const inside = (place: string, what = 'hostname', pod = 'asker'): string | undefined =>
  askInside(place, what, pod).stdout || undefined;
/** What is answered inside, or why nothing is. */
const toldInside = (place: string): string => {
  const { stdout, stderr } = askInside(place, 'hostname', 'asker');
  return stdout || stderr;
};

async function askUdp(host: string, port: number, what = 'hostname'): Promise<string> {
  const socket = createSocket('udp4');
  const again = setInterval(() => socket.send(what, port, host), 100);
  try {
    for await (const [data] of on(socket, 'message', { signal: AbortSignal.timeout(10_000) })) return String(data);
    return '';
  } finally {
    clearInterval(again);
    socket.close();
  }
}

async function many<T>(times: number, attempt: () => T | Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let time = 0; time < times; time += 1) all.push(await attempt());
  return all;
}

beforeAll(async () => {
  if (!path) return;
  cluster = await startCluster({ slot: SLOT, web: false });
  kubectl = new Kubectl(path, cluster.kubeconfig);
  for (const [at, zone] of ['east', 'east', 'west'].entries())
    kubectl.run('label', 'node', `worker-${at + 1}`, `topology.kubernetes.io/zone=${zone}`, '--overwrite');
  apply(server('web', 3), server('one', 1), server('asker-set', 3), {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'asker' },
    spec: { nodeName: 'worker-1', containers: [{ name: 'main', image: AGNHOST, args: ['netexec'] }] },
  });
  kubectl.run('wait', '--for=condition=Ready', 'pod/asker', '--timeout=120s');
  for (const name of ['web', 'one', 'asker-set'])
    kubectl.run('rollout', 'status', `deployment/${name}`, '--timeout=120s');
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(async () => {
  kubectl?.dispose();
  await cluster?.dispose();
});

describe.runIf(path)('a Service of three', () => {
  const names = () =>
    podsOf('web')
      .map(({ metadata }) => metadata.name ?? '')
      .sort();
  const everyone = (answers: ReadonlyArray<string | undefined>) => [...new Set(answers)].sort();

  beforeAll(async () => {
    const ports = [
      { ...HTTP, nodePort: 30_280 },
      { ...UDP, nodePort: 30_281 },
    ];
    apply(serviceFor('web', { type: 'LoadBalancer', ports, externalIPs: [`${GIVEN}.9`] }));
    balancer = await balancerOf('web');
    await eventually('it answers', () => ask(`${carried(balancer)}:8080`));
  });

  test('answers by TCP at all its addresses, from the host and from inside, each endpoint in turn', async () => {
    const own = clusterIpOf('web');
    const given = [own, balancer, `${GIVEN}.9`].map((address) => `${address}:8080`);
    const nodes = NODES.map((node) => `${node}:30280`);
    for (const place of [...given.map(carried), ...nodes])
      expect([place, everyone(await many(3, () => ask(place)))]).toEqual([place, names()]);
    for (const place of ['web:8080', 'web.default.svc.cluster.local:8080', ...given, ...nodes.slice(1)])
      expect([place, everyone(await many(3, () => toldInside(place)))]).toEqual([place, names()]);
  });

  test('answers by UDP at all its addresses', async () => {
    const given = [clusterIpOf('web'), balancer, `${GIVEN}.9`].map(carried);
    for (const host of given) expect(names()).toContain(await askUdp(host, 8081));
    for (const host of NODES) expect(names()).toContain(await askUdp(host, 30_281));
  });

  test('shows Pods who asks: Pods always, others as the node that was asked', async () => {
    const asker = kubectl.json<Pod>('get', 'pod', 'asker').status?.podIP;
    const clientOf = (answer: string | undefined) => answer?.replace(/:\d+$/, '');
    for (const place of ['web:8080', `${balancer}:8080`, `${NODES[2]}:30280`])
      expect([place, clientOf(inside(place, 'clientip'))]).toEqual([place, asker]);
    // A Pod that is led back to itself.
    const [self] = podsOf('one');
    apply(serviceFor('one', {}, 'one'));
    const own = await eventually('its own Service answers', () => inside('one:8080', 'clientip', self?.metadata.name));
    expect(clientOf(own)).toBe(self?.status?.podIP);
    expect(clientOf(await ask(`${NODES[2]}:30280`, 'clientip'))).toBe(NODES[2]?.replace(/^127/, '10'));
    expect(clientOf(await ask(`${carried(balancer)}:8080`, 'clientip'))).toBe('127.0.0.1');
  });
});

describe.runIf(path)('traffic policies', () => {
  test('Local keeps the client, is closed where there is no endpoint, and tells load balancers where there are some', async () => {
    const [only] = podsOf('one');
    const ports = [{ ...HTTP, nodePort: 30_180 }];
    const spec = { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 30_999, ports };
    apply(serviceFor('local', spec, 'one'));
    const place = `${carried(await balancerOf('local'))}:8080`;
    await eventually('it answers', () => ask(place));
    expect(await ask(place, 'clientip', '127.7.7.7')).toMatch(/7\.7\.7:\d+$/);
    const at = Number(only?.spec?.nodeName?.replace('worker-', ''));
    for (const [node, host] of NODES.entries()) {
      const isThere = node === 0 || node === at;
      expect([node, await ask(`${host}:30180`)]).toEqual([node, isThere ? only?.metadata.name : undefined]);
      const { stdout } = await run('curl', ['-s', '-i', `http://${host}:30999/`]);
      expect(stdout).toMatch(isThere ? /^HTTP\/1.1 200/ : /^HTTP\/1.1 503/);
      expect(stdout).toMatch(new RegExp(`X-Load-Balancing-Endpoint-Weight: ${isThere ? 1 : 0}\r`, 'i'));
      expect(stdout).toContain(`"localEndpoints": ${isThere ? 1 : 0}`);
    }
  });

  test('ranges of sources bound the load balancer', async () => {
    const podRange = kubectl.run('get', 'node', 'worker-1', '-o', 'jsonpath={.spec.podCIDR}');
    apply(serviceFor('ranged', { type: 'LoadBalancer', loadBalancerSourceRanges: [podRange] }));
    const given = await balancerOf('ranged');
    await eventually('a Pod of the range is let in', () => inside(`${given}:8080`));
    expect(await ask(`${carried(given)}:8080`)).toBeUndefined();
    expect(await ask(`${carried(clusterIpOf('ranged'))}:8080`)).toMatch(/^web-/);
  });

  const EAST = ['worker-1', 'worker-2'];
  test.each<[what: string, spec: object, nodes: string[], annotations?: object]>([
    ['internalTrafficPolicy: Local', { internalTrafficPolicy: 'Local' }, ['worker-1']],
    ['trafficDistribution: PreferSameNode', { trafficDistribution: 'PreferSameNode' }, ['worker-1']],
    ['trafficDistribution: PreferSameZone', { trafficDistribution: 'PreferSameZone' }, EAST],
    ['trafficDistribution: PreferClose', { trafficDistribution: 'PreferClose' }, EAST],
    ['topology-mode: Auto', {}, EAST, { 'service.kubernetes.io/topology-mode': 'Auto' }],
  ])('%s keeps a Pod near to itself', async (what, spec, nodes, annotations = {}) => {
    const name = `near-${what.replace(/.*[.: ]/, '').toLowerCase()}`;
    const service = serviceFor(name, spec);
    apply({ ...service, metadata: { ...service.metadata, annotations } });
    await eventually('it answers', () => inside(`${name}:8080`));
    const nodeOf = new Map(podsOf('web').map(({ metadata, spec: { nodeName } = {} }) => [metadata.name, nodeName]));
    await eventually('only those near by answer', async () => {
      const met = await many(6, () => nodeOf.get(inside(`${name}:8080`)));
      return JSON.stringify([...new Set(met)].sort()) === JSON.stringify(nodes);
    });
  });

  test('session affinity keeps a client with its endpoint until it was away for the timeout', async () => {
    const affinity = { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 2 } } };
    apply(serviceFor('sticky', affinity));
    await eventually('it answers', () => inside('sticky:8080'));
    const place = `${carried(clusterIpOf('sticky'))}:8080`;
    const of = (client: string) => ask(place, 'hostname', client);
    const clients = ['127.7.7.1', '127.7.7.2', '127.7.7.3'];
    const first = await Promise.all(clients.map(of));
    expect(new Set(first).size).toBe(3);
    for (const again of await many(3, () => Promise.all(clients.map(of)))) expect(again).toEqual(first);
    // Turns go on meanwhile: whoever was away for longer than that is somebody new.
    await eventually('a client that was away is led elsewhere', async () => {
      await new Promise((resolve) => setTimeout(resolve, 2_100));
      return (await of(clients[0] ?? '')) !== first[0];
    });
  });
});

test.runIf(path)('nobody takes what is another Service, a Pod or the machine', async () => {
  const [victim] = podsOf('one');
  const stolen = [
    clusterIpOf('web'),
    balancer.replace(/^127/, '10'),
    victim?.status?.podIP ?? '',
    '10.0.0.1',
    `10.${200 + SLOT}.0.11`,
  ];
  apply(
    serviceFor('thief', { externalIPs: [...stolen, `${GIVEN}.66`], ports: [{ ...HTTP, port: 8099 }] }, 'asker-set'),
  );
  await eventually('what is free is given', () => ask(`${carried(`${GIVEN}.66`)}:8099`));
  for (const address of stolen) expect(await ask(`${carried(address)}:8099`)).toBeUndefined();
  const told = kubectl
    .json<KubeList<Event>>('get', 'events', '--field-selector', 'involvedObject.name=thief')
    .items.find(({ reason }) => reason === 'AddressNotCarried');
  for (const address of stolen) expect(told?.message).toContain(address);
});

/** A connection to the Service that stands, and has been answered once. */
async function stand(host: string): Promise<Socket> {
  const socket = connect({ host, port: 8080 });
  sockets.push(socket.on('error', () => undefined));
  socket.write('GET /hostname HTTP/1.1\r\nHost: web\r\n\r\n');
  await once(socket, 'data');
  return socket;
}

test.runIf(path)('who is connected is seen while it stands, and what was carried afterwards', async () => {
  const own = clusterIpOf('web');
  const traffic = () => kubectl.json<ServiceTraffic>('get', 'servicetraffic', 'web').ports[0];
  const before = traffic()?.total ?? 0;
  const socket = await stand(carried(own));
  const isIt = ({ spec }: Connection) => spec.client.port === socket.localPort;
  const list = ['get', 'connections', '--field-selector', 'spec.serviceName=web,spec.protocol=TCP'] as const;
  const found = await eventually('it is told', () => kubectl.json<KubeList<Connection>>(...list).items.find(isIt));
  expect(found).toMatchObject({
    metadata: { namespace: 'default' },
    spec: { servicePort: 'http', asked: { address: own, port: 8080 }, client: { address: '127.0.0.1' } },
    status: { draining: false },
  });
  expect(podsOf('web').map(({ status }) => status?.podIP)).toContain(found.spec.endpoint.address);
  expect(found.status.sentBytes).toBe(Buffer.byteLength('GET /hostname HTTP/1.1\r\nHost: web\r\n\r\n'));
  expect(kubectl.run('get', 'connections')).toMatch(/^NAME +PROTOCOL +CLIENT +SERVICE +ENDPOINT +SENT +RECEIVED +AGE/);
  socket.destroy();
  await eventually('it is over', () => !kubectl.json<KubeList<Connection>>(...list).items.some(isIt));
  await eventually('it was counted', () => (traffic()?.total ?? 0) > before);
});

test.runIf(path)('a Pod that ends serves whom it serves, and nobody new', async () => {
  apply(server('ending', 2), serviceFor('ending', {}, 'ending'));
  kubectl.run('rollout', 'status', 'deployment/ending', '--timeout=120s');
  const own = carried(clusterIpOf('ending'));
  await eventually('it answers', () => ask(`${own}:8080`));
  const standing = await Promise.all([stand(own), stand(own)]);
  kubectl.run('scale', 'deployment/ending', '--replicas=1');
  const left = await eventually('one is left', () => {
    const [pod, ...others] = podsOf('ending').filter(({ metadata }) => !metadata.deletionTimestamp);
    return others.length === 0 ? pod?.metadata.name : undefined;
  });
  await eventually('only that answers', async () =>
    (await many(4, () => ask(`${own}:8080`))).every((name) => name === left),
  );
  const stays = standing.filter(({ destroyed }) => !destroyed);
  expect(stays.length).toBeGreaterThan(0);
});

test.runIf(path)('a proxy that is killed under load loses what it carried, and is back by itself', async () => {
  const own = carried(clusterIpOf('web'));
  const standing = await stand(own);
  const ended = once(standing, 'close');
  const answers: Array<string | undefined> = [];
  let isOver = false;
  const load = (async () => {
    while (!isOver) answers.push(...(await Promise.all(Array.from({ length: 8 }, () => ask(`${own}:8080`)))));
  })();
  await eventually('it is under load', () => answers.length > 50);
  const killed = cluster.kill('kube-proxy');
  await ended;
  const since = answers.length;
  await eventually('it serves again', () => answers.slice(since).filter(Boolean).length > 50);
  isOver = true;
  await load;
  expect(cluster.pidOf('kube-proxy')).not.toBe(killed);
  const back = answers.findLastIndex((answer) => answer === undefined);
  expect(answers.slice(back + 1).every((answer) => answer?.startsWith('web-'))).toBe(true);
  await eventually('all its addresses are back', async () => {
    const places = [`${own}:8080`, `${NODES[3]}:30280`, `${carried(balancer)}:8080`];
    return (await Promise.all(places.map((place) => ask(place)))).every(Boolean);
  });
});

describe.runIf(path)('links of simulated nodes', () => {
  const LINK = 'simulated.binnacle.dev/link';
  const annotate = (value: string) => kubectl.try(['annotate', '--overwrite', 'node', 'worker-2', value]);
  /** Seconds until the first byte of an answer, from this machine. */
  const seconds = async (place: string) =>
    Number((await run('curl', ['-s', '-o', '/dev/null', '-w', '%{time_starttransfer}', `http://${place}/`])).stdout);

  test('take the time that their nodes say, by connections and datagrams, and are refused where they say nothing', async () => {
    expect(annotate(`${LINK}=fast`).stderr).toContain(`metadata.annotations[${LINK}]: Invalid value: "fast"`);
    const pod = podsOf('asker-set').find(({ spec }) => spec?.nodeName === 'worker-2');
    const host = carried(pod?.status?.podIP ?? '');
    expect(await ask(`${host}:8080`)).toBe(pod?.metadata.name);
    expect(annotate(`${LINK}=delay=300ms`).status).toBe(0);
    // There and back to begin with, and there and back with what is asked.
    await eventually('the machine notices', async () => (await seconds(`${host}:8080`)) >= 1.2);
    const inPod = kubectl.run(
      'exec',
      'asker',
      '--',
      'curl',
      '-s',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      `http://${pod?.status?.podIP}:8080/`,
    );
    expect(inPod).toBe('200');
    const begun = performance.now();
    expect(await askUdp(host, 8081)).toBe(pod?.metadata.name);
    expect(performance.now() - begun).toBeGreaterThan(600);
    expect(annotate(`${LINK}-`).status).toBe(0);
    await eventually('and that it is over', async () => (await seconds(`${host}:8080`)) < 1.2);
  });
});

test.runIf(path)('the proxy tells of its health and its work as upstream does', async () => {
  const health = JSON.parse((await ask(`127.0.0.1:${HEALTH_PORT}`, 'healthz')) ?? '{}');
  expect(health).toMatchObject({ nodeEligible: true, healthy: true, status: { IPv4: { healthy: true } } });
  expect(JSON.parse((await ask(`127.0.0.1:${HEALTH_PORT}`, 'livez')) ?? '{}').nodeEligible).toBeUndefined();
  kubectl.run('taint', 'node', 'control-plane', 'ToBeDeletedByClusterAutoscaler=now:PreferNoSchedule');
  await eventually('the node may have no traffic', async () => {
    const { nodeEligible } = JSON.parse((await ask(`127.0.0.1:${HEALTH_PORT}`, 'healthz')) ?? '{}');
    return nodeEligible === false;
  });
  kubectl.run('taint', 'node', 'control-plane', 'ToBeDeletedByClusterAutoscaler-');
});

test.runIf(path)('who may read metrics reads those of upstream', async () => {
  const rule = { nonResourceURLs: ['/metrics'], verbs: ['get'] };
  const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'reader' } };
  apply(
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'reader' } },
    { ...rbac, kind: 'ClusterRole', rules: [rule] },
    {
      ...rbac,
      kind: 'ClusterRoleBinding',
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reader' },
      subjects: [{ kind: 'ServiceAccount', name: 'reader', namespace: 'default' }],
    },
  );
  const token = kubectl.run('create', 'token', 'reader').trim();
  const url = `http://127.0.0.1:${HEALTH_PORT}/metrics`;
  const read = async () => {
    const { stdout } = await run('curl', ['-s', '-H', `Authorization: Bearer ${token}`, url]);
    return (name: string) => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(stdout)?.[1]);
  };
  kubectl.run('scale', 'deployment/one', '--replicas=2');
  await eventually('how soon a new Pod is reached is measured', async () => {
    return (await read())('kubeproxy_network_programming_duration_seconds_count') > 0;
  });
  const valueOf = await read();
  for (const name of [
    'kubeproxy_sync_proxy_rules_duration_seconds_count',
    'kubeproxy_sync_proxy_rules_endpoint_changes_total',
    'kubeproxy_sync_proxy_rules_service_changes_total',
    'kubeproxy_open_ports',
  ])
    expect([name, valueOf(name) > 0]).toEqual([name, true]);
  expect(valueOf('kubeproxy_sync_proxy_rules_endpoint_changes_pending')).toBe(0);
});
