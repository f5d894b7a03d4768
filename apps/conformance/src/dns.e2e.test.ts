import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wireAddress } from '@binnacle/machinery-wire';
import dnsPacket, { type Answer } from 'dns-packet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, eventually, findKubectl, Kubectl, startCluster } from './index.js';
import { type RunningCoreDns, startCoreDns } from './peers/coredns.js';

const AGNHOST = 'registry.k8s.io/e2e-test-images/agnhost:2.63.0';
const SLOT = 20;
const SERVICES = `10.${150 + SLOT}`;
const privileged = process.getuid?.() === 0;

/** What the DNS cases of Kubernetes' conformance suite are made of (test/e2e/network/dns.go). */
const OBJECTS = `
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: v1
kind: Service
metadata: { name: headless, namespace: shop }
spec: { clusterIP: None, selector: { dns: "true" }, ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: regular, namespace: shop }
spec: { selector: { dns: "true" }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: early, namespace: shop }
spec: { clusterIP: None, publishNotReadyAddresses: true, selector: { app: never }, ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: late, namespace: shop }
spec: { clusterIP: None, selector: { app: never }, ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: external, namespace: shop }
spec: { type: ExternalName, externalName: foo.example.com }
---
apiVersion: v1
kind: Service
metadata: { name: away, namespace: shop }
spec: { type: ExternalName, externalName: example.com }
---
apiVersion: v1
kind: Pod
metadata: { name: querier, namespace: shop, labels: { dns: "true" } }
spec:
  hostname: dns-querier
  subdomain: headless
  containers: [{ name: main, image: ${AGNHOST}, args: [netexec] }]
---
apiVersion: v1
kind: Pod
metadata: { name: never, namespace: shop, labels: { app: never } }
spec:
  containers:
  - { name: main, image: ${AGNHOST}, args: [netexec], readinessProbe: { httpGet: { port: 9 }, periodSeconds: 1 } }
---
apiVersion: v1
kind: Pod
metadata: { name: own, namespace: shop }
spec:
  dnsPolicy: None
  dnsConfig: { nameservers: [1.1.1.1], searches: [resolv.conf.local], options: [{ name: ndots, value: "2" }] }
  containers: [{ name: main, image: ${AGNHOST}, args: [pause] }]
---
apiVersion: v1
kind: Pod
metadata: { name: mixed, namespace: shop }
spec:
  dnsConfig: { searches: [".", _under.score, default.svc.cluster.local], options: [{ name: ndots, value: "2" }] }
  containers: [{ name: main, image: ${AGNHOST}, args: [pause] }]
---
apiVersion: v1
kind: Pod
metadata: { name: of-node, namespace: shop }
spec:
  hostNetwork: true
  dnsPolicy: ClusterFirstWithHostNet
  containers: [{ name: main, image: ${AGNHOST}, args: [pause] }]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop }
spec:
  serviceName: db
  replicas: 2
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: main, image: ${AGNHOST}, args: [netexec] }] }
---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: shop }
spec: { clusterIP: None, selector: { app: db }, ports: [{ name: http, port: 8080 }] }
`;

const CLOSED = `
apiVersion: v1
kind: Pod
metadata: { name: closed, namespace: shop, labels: { app: closed } }
spec:
  dnsConfig: { options: [{ name: timeout, value: "1" }, { name: attempts, value: "1" }] }
  containers: [{ name: main, image: ${AGNHOST}, args: [pause] }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: shop }
spec: { podSelector: { matchLabels: { app: closed } }, policyTypes: [Egress] }
`;
const DNS_ALLOWED = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: dns, namespace: shop }
spec:
  podSelector: { matchLabels: { app: closed } }
  policyTypes: [Egress]
  egress:
  - to:
    - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }
      podSelector: { matchLabels: { k8s-app: kube-dns } }
    ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
`;

const path = findKubectl() ?? '';
let cluster: Cluster;
let kubectl: Kubectl;

beforeAll(async () => {
  if (!path) return;
  cluster = await startCluster({ slot: SLOT, nodes: 2, web: false });
  kubectl = new Kubectl(path, cluster.kubeconfig);
  const created = kubectl.try(['apply', '-f', '-'], OBJECTS);
  if (created.status !== 0) throw new Error(created.stderr);
  for (const pod of ['querier', 'own', 'mixed', 'of-node'])
    kubectl.run('-n', 'shop', 'wait', '--for=condition=Ready', `pod/${pod}`, '--timeout=120s');
  kubectl.run('-n', 'shop', 'rollout', 'status', 'statefulset/db', '--timeout=120s');
  kubectl.run('-n', 'shop', 'wait', '--for=jsonpath={.status.podIP}', 'pod/never', '--timeout=120s');
});
afterAll(async () => {
  kubectl?.dispose();
  await cluster?.dispose();
});

const inPod = (pod: string, ...command: string[]) => kubectl.try(['-n', 'shop', 'exec', pod, '--', ...command]);
const ask = (...command: string[]) => inPod('querier', ...command);
const of = (kind: string, name: string, field: string) =>
  kubectl.run('-n', 'shop', 'get', kind, name, '-o', `jsonpath={${field}}`);
const podIp = (name: string) => of('pod', name, '.status.podIP');
const clusterIp = (name: string) => of('service', name, '.spec.clusterIP');

/** As programs of this machine ask. */
function resolver(): Resolver {
  const own = new Resolver({ timeout: 2000, tries: 2 });
  const { host, port } = wireAddress(`${SERVICES}.0.10`, 53, privileged);
  own.setServers([`${host}:${port}`]);
  return own;
}
const SHOP = 'shop.svc.cluster.local';
const codeOf = async (asked: Promise<unknown>) =>
  await asked.then(
    () => 'found',
    (error: { code: string }) => error.code,
  );

describe.runIf(path)('from Pods', () => {
  const names: [string, string][] = [
    ['kubernetes.default', 'A'],
    ['kubernetes.default.svc', 'A'],
    ['kubernetes.default.svc.cluster.local', 'A'],
    ['headless', 'A'],
    ['headless.shop', 'A'],
    ['headless.shop.svc', 'A'],
    [`headless.${SHOP}`, 'A'],
    [`dns-querier.headless.${SHOP}`, 'A'],
    ['_http._tcp.headless.shop.svc', 'SRV'],
    [`_http._tcp.headless.${SHOP}`, 'SRV'],
    ['_http._tcp.regular.shop.svc', 'SRV'],
    [`_http._tcp.regular.${SHOP}`, 'SRV'],
  ];
  test.each(names)('%s %s is found, by datagrams and by TCP', async (name, type) => {
    for (const transport of ['+notcp', '+tcp']) {
      const command = ['dig', transport, '+noall', '+answer', '+search', name, type];
      await eventually(`${name} by ${transport}`, () => ask(...command).stdout.includes(`\tIN\t${type}\t`));
    }
  });

  test('an address is found by its Service and its Pod', () => {
    const pointer = (address: string, ...flags: string[]) => ask('dig', '+short', ...flags, '-x', address).stdout;
    expect(pointer(clusterIp('regular'))).toBe(`regular.${SHOP}.\n`);
    expect(pointer(podIp('querier'), '+tcp')).toBe(`dns-querier.headless.${SHOP}.\n`);
  });

  test('/etc/hosts has the Pod under its names', () => {
    for (const name of [`dns-querier.headless.${SHOP}`, 'dns-querier'])
      expect(ask('getent', 'hosts', name).stdout).toMatch(new RegExp(`^${podIp('querier')} `));
  });

  test('each Pod of a StatefulSet has a name of its own, by which it is reached', async () => {
    for (const pod of ['db-0', 'db-1']) {
      expect(ask('dig', '+short', `${pod}.db.${SHOP}`).stdout).toBe(`${podIp(pod)}\n`);
      expect(ask('curl', '-s', `http://${pod}.db:8080/hostname`).stdout).toBe(pod);
    }
    const { stdout } = ask('nslookup', 'db');
    for (const pod of ['db-0', 'db-1']) expect(stdout).toContain(`Address: ${podIp(pod)}\n`);
  });

  test('a Pod that is not ready is found by a Service that says so, and by no other', async () => {
    await eventually('early', () => ask('dig', '+short', `early.${SHOP}`).stdout === `${podIp('never')}\n`);
    expect(ask('dig', `late.${SHOP}`).stdout).toMatch(/status: NOERROR.*\n.*ANSWER: 0, AUTHORITY: 1/);
  });

  test('ExternalName is an alias, follows its change, and may become a Service with an address', async () => {
    const answer = () => ask('dig', '+short', `external.${SHOP}`).stdout;
    expect(answer()).toBe('foo.example.com.\n');
    kubectl.run('-n', 'shop', 'patch', 'service', 'external', '-p', '{"spec":{"externalName":"bar.example.com"}}');
    await eventually('the other name', () => answer() === 'bar.example.com.\n');
    kubectl.run('-n', 'shop', 'patch', 'service', 'external', '-p', `{"spec":{"externalName":"regular.${SHOP}"}}`);
    await eventually('its address too', () => answer() === `regular.${SHOP}.\n${clusterIp('regular')}\n`);
    expect(ask('curl', '-s', `http://external/hostname`).stdout).toBe('dns-querier');
    const spec = '{"spec":{"type":"ClusterIP","externalName":null,"ports":[{"name":"http","port":80}]}}';
    kubectl.run('-n', 'shop', 'patch', 'service', 'external', '-p', spec);
    await eventually('an address of its own', () => answer() === `${clusterIp('external')}\n`);
  });

  test('a change is seen at once', async () => {
    kubectl.run('-n', 'shop', 'create', 'service', 'clusterip', 'new', '--tcp=80');
    await eventually('the new Service', () => ask('getent', 'hosts', 'new').status === 0, 5);
    kubectl.run('-n', 'shop', 'delete', 'service', 'new');
    await eventually('that it has gone', () => ask('getent', 'hosts', 'new').status === 2, 5);
  });

  test('each is asked where its Pod says', () => {
    const resolv = (pod: string) => inPod(pod, 'cat', '/etc/resolv.conf').stdout;
    expect(resolv('own')).toBe('search resolv.conf.local\nnameserver 1.1.1.1\noptions ndots:2\n');
    expect(inPod('own', '/agnhost', 'dns-suffix').stdout).toBe('resolv.conf.local\n');
    expect(inPod('own', '/agnhost', 'dns-server-list').stdout).toBe('1.1.1.1\n');
    expect(inPod('own', 'nslookup', 'regular')).toMatchObject({ status: 1 });
    expect(resolv('mixed')).toBe(
      `search shop.svc.cluster.local svc.cluster.local cluster.local . _under.score default.svc.cluster.local\nnameserver ${SERVICES}.0.10\noptions ndots:2\n`,
    );
    expect(inPod('mixed', 'getent', 'hosts', 'kubernetes').stdout).toContain('kubernetes.default.svc.cluster.local');
    expect(inPod('of-node', 'getent', 'hosts', 'regular').stdout).toContain(`regular.${SHOP}`);
  });

  test('a policy that lets nothing out lets no questions out, until one lets them go to the DNS', async () => {
    kubectl.try(['apply', '-f', '-'], CLOSED);
    kubectl.run('-n', 'shop', 'wait', '--for=condition=Ready', 'pod/closed', '--timeout=120s');
    const ask = () => inPod('closed', 'nslookup', 'regular').stdout;
    await eventually('no answer', () => ask().includes('connection timed out'));
    kubectl.try(['apply', '-f', '-'], DNS_ALLOWED);
    await eventually('an answer', () => ask().includes(`Address: ${clusterIp('regular')}`));
    expect(inPod('closed', 'curl', '-s', '-m', '1', 'http://regular/')).toMatchObject({ status: 28 });
  });

  test('what is not there is told as such, and names beside the cluster’s are not asked on', () => {
    expect(ask('nslookup', 'none')).toMatchObject({ status: 1, stdout: expect.stringContaining('NXDOMAIN') });
    expect(ask('dig', 'example.com').stdout).toContain('status: NXDOMAIN');
    expect(ask('curl', '-sS', 'http://none/').stderr).toContain('Could not resolve host: none');
  });
});

describe.runIf(path)('from this machine', () => {
  test('every kind of record is answered', async () => {
    const dns = resolver();
    expect(await dns.resolve4(`regular.${SHOP}`)).toEqual([clusterIp('regular')]);
    expect((await dns.resolve4(`db.${SHOP}`)).sort()).toEqual([podIp('db-0'), podIp('db-1')].sort());
    expect((await dns.resolveSrv(`_http._tcp.db.${SHOP}`)).map(({ name, port }) => `${name}:${port}`).sort()).toEqual([
      `db-0.db.${SHOP}:8080`,
      `db-1.db.${SHOP}:8080`,
    ]);
    expect(await dns.reverse(clusterIp('regular'))).toEqual([`regular.${SHOP}`]);
    expect(await dns.resolveTxt('dns-version.cluster.local')).toEqual([['1.1.0']]);
    expect(await dns.resolveSoa('cluster.local')).toMatchObject({ nsname: 'ns.dns.cluster.local', minttl: 30 });
    expect(await dns.resolve4(`regular.${SHOP}`, { ttl: true })).toMatchObject([{ ttl: 30 }]);
    const dashed = podIp('db-0').replaceAll('.', '-');
    expect(await dns.resolve4(`${dashed}.shop.pod.cluster.local`)).toEqual([podIp('db-0')]);
  });

  test('what has no such record is told from what is not there', async () => {
    const dns = resolver();
    expect(await codeOf(dns.resolve6(`regular.${SHOP}`))).toBe('ENODATA');
    expect(await codeOf(dns.resolve4(`none.${SHOP}`))).toBe('ENOTFOUND');
    expect(await codeOf(dns.resolve4('none.default.pod.cluster.local'))).toBe('ENOTFOUND');
    expect(await codeOf(dns.resolve4('example.com'))).toBe('ENOTFOUND');
  });
});

/** Where ours answers otherwise than CoreDNS, and why. */
const DIFFERENCES: readonly (readonly [name: RegExp, types: string, why: string])[] = [
  [/^late\./, 'A AAAA SRV TXT CNAME NS PTR MX ANY', 'a Service without ready endpoints is there'],
  [
    /^(_tcp|dns|dns-version)\./,
    'A AAAA SRV TXT CNAME NS PTR MX ANY',
    'a name is there that others stand below, or with another type',
  ],
  [/^(shop\.|svc\.|pod\.|cluster\.|ns\.dns)/, 'TXT PTR', 'so too whatever the type is'],
  [/^away\./, 'SRV TXT SOA NS PTR MX ANY', 'an alias is one whatever is asked of it'],
  [/./, 'SOA', 'what is not there has no SOA either'],
  [/^_http\._tcp\./, 'A', 'a port has no address'],
  [/^10-1-2-3\./, 'SRV', 'a Pod has no ports'],
  [/^x\.10-1-2-3\./, 'A AAAA SRV TXT CNAME NS PTR MX ANY', 'nothing stands below a Pod'],
  [/^(cluster\.local|ns\.dns\.)/, 'NS A', 'the zone names its server, and that has an address'],
  [/^kube-dns\./, 'SRV', 'a target that is told once is not weighed as two'],
];

const coredns = process.env.BINNACLE_COREDNS;
describe.runIf(path && coredns)('beside CoreDNS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bn-coredns-'));
  let other: RunningCoreDns;
  afterAll(async () => {
    await other?.program.end();
    rmSync(folder, { recursive: true });
  });

  const NAMES = [
    ...['regular', 'headless', 'db', 'db-0.db', 'dns-querier.headless', 'early', 'late', 'away', 'x.away', 'none'],
    ...['x.regular', '_http._tcp.db', '_http._tcp.regular', '_tcp.db', '_x._tcp.db', '_http._udp.db', 'a.b.c.regular'],
  ].map((name) => `${name}.${SHOP}`);
  const MORE = [
    ...[
      'svc',
      'pod',
      'shop.svc',
      'shop.pod',
      'nowhere.svc',
      'nowhere.pod',
      '10-1-2-3.shop.pod',
      '10-1-2.shop.pod',
      'x',
    ],
    ...['x.10-1-2-3.shop.pod', '10-1-2-3.nowhere.pod', 'dns', 'dns-version', 'x.dns-version', 'ns.dns'],
    ...['kubernetes.default.svc', 'kube-dns.kube-system.svc'],
  ].map((name) => `${name}.cluster.local`);
  const TYPES = 'A AAAA SRV TXT CNAME SOA NS PTR MX ANY'.split(' ');

  /** All of an answer that does not change by itself. */
  async function told({ host, port }: { host: string; port: number }, name: string, type: string): Promise<string> {
    const socket = createSocket('udp4');
    const questions = [{ name, type: type as 'A' }];
    socket.send(dnsPacket.encode({ type: 'query', id: 1, questions }), port, host);
    const [bytes] = (await once(socket, 'message', { signal: AbortSignal.timeout(5000) })) as [Buffer];
    socket.close();
    const { answers = [], authorities = [], additionals = [], ...message } = dnsPacket.decode(bytes);
    const text = (records: Answer[]) =>
      records
        .map((record) => `${record.name} ${record.type} ${record.type === 'SOA' ? '' : JSON.stringify(record)}`)
        .sort();
    const { rcode } = message as { rcode?: string };
    return JSON.stringify([rcode, message.flag_aa, message.flag_tc, ...[answers, authorities, additionals].map(text)]);
  }

  test('every question is answered alike, or otherwise for a reason', async () => {
    other = await startCoreDns(coredns ?? '', folder, cluster.kubeconfig);
    const ours = wireAddress(`${SERVICES}.0.10`, 53, privileged);
    await eventually('CoreDNS answers', async () => (await told(other.place, NAMES[0] ?? '', 'A')).includes('NOERROR'));
    const seen = new Set<string>();
    const unexpected: string[] = [];
    const names = [
      ...NAMES,
      ...MORE,
      'cluster.local',
      '1.0.' + SERVICES.split('.').reverse().join('.') + '.in-addr.arpa',
    ];
    for (const name of names) {
      for (const type of name.endsWith('.arpa') ? ['PTR'] : TYPES) {
        const [own, theirs] = await Promise.all([told(ours, name, type), told(other.place, name, type)]);
        if (own === theirs) continue;
        const [, , why] =
          DIFFERENCES.find(([about, types]) => about.test(name) && types.split(' ').includes(type)) ?? [];
        if (why) seen.add(why);
        else unexpected.push(`${name} ${type}: ${own} and not ${theirs}`);
      }
    }
    expect(unexpected).toEqual([]);
    expect([...seen].sort()).toEqual(DIFFERENCES.map(([, , why]) => why).sort());
  });
});

test.skipIf(!path)('a DNS that is killed is back by itself, and knows everything again', async () => {
  const before = cluster.kill('kube-dns');
  await eventually('another process', () => ![undefined, before].includes(cluster.pidOf('kube-dns')));
  await eventually('an answer', async () => (await resolver().resolve4(`regular.${SHOP}`)).length === 1);
  expect(ask('curl', '-s', 'http://db-1.db:8080/hostname').stdout).toBe('db-1');
  kubectl.run('-n', 'kube-system', 'wait', '--for=condition=Ready', 'pod/kube-dns-control-plane', '--timeout=120s');
});
