import type { NetworkPolicyPeer } from '@binnacle/apis-kubernetes/networking/v1';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, eventually, findKubectl, Kubectl, startCluster } from './index.js';
import { namespaceOf, type PodKey, PolicyWorld } from './policies/world.js';

/** The cases by which Kubernetes' own suite judges network policies, on simulated nodes. */
const path = findKubectl() ?? '';
let cluster: Cluster;
let kubectl: Kubectl;
let world: PolicyWorld;

beforeAll(async () => {
  if (!path) return;
  cluster = await startCluster({ slot: 49, nodes: 2, web: false });
  kubectl = new Kubectl(path, cluster.kubeconfig);
  world = new PolicyWorld(kubectl);
  await world.make();
});
afterAll(async () => {
  kubectl?.dispose();
  await cluster?.dispose();
});
afterEach(() => {
  if (path) world.clear();
});

const named = (...names: string[]): NetworkPolicyPeer => ({
  namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: names }] },
});
const pod = (...names: string[]): NetworkPolicyPeer => ({
  podSelector: { matchExpressions: [{ key: 'pod', operator: 'In', values: names }] },
});
const only = (name: string) => ({ podSelector: { matchLabels: { pod: name } } });
const range = (cidr: string, ...except: string[]): NetworkPolicyPeer => ({ ipBlock: { cidr, except } });
const isIn = (namespace: string) => (key: PodKey) => namespaceOf(key) === namespace;
const inX = isIn('x');
const nothing = () => false;

describe.runIf(path)('what Pods hear', () => {
  test('is everything while there are no policies', async () => {
    await world.blocks(nothing);
    await world.blocks(nothing, { protocol: 'udp' });
    await world.blocks(nothing, { service: true });
  });

  test('is nothing by default deny, and everything when that is deleted', async () => {
    world.policy('x/deny', {});
    await world.blocks((_, to) => inX(to));
    await world.blocks((_, to) => inX(to), { service: true });
    await world.blocks((_, to) => inX(to), { protocol: 'udp' });
    world.clear();
    await world.blocks(nothing);
  });

  test.each<[string, NetworkPolicyPeer[], (from: PodKey) => boolean]>([
    ['Pods of its namespace', [pod('b')], (from) => from === 'x/b'],
    ['a namespace', [named('y')], isIn('y')],
    ['Pods of all namespaces', [{ namespaceSelector: {} }], () => true],
    ['Pods or a namespace', [pod('b'), named('y')], (from) => from === 'x/b' || isIn('y')(from)],
    ['Pods of namespaces', [{ ...named('y', 'z'), ...pod('b') }], (from) => from === 'y/b' || from === 'z/b'],
    ['none that no Pod is', [{ ...named('y'), ...pod('c') }], nothing],
  ])('is what comes from %s', async (_, from, isHeard) => {
    world.policy('x/some', { ...only('a'), ingress: [{ from }] });
    await world.blocks((asking, to) => to === 'x/a' && !isHeard(asking));
  });

  test('is what comes from addresses, without some of them', async () => {
    const [own, other] = [world.addressOf('y/a'), world.addressOf('y/b')];
    const networks = (...peers: NetworkPolicyPeer[]) =>
      world.policy('x/ip', { ...only('a'), ingress: [{ from: peers }] });
    networks(range(`${own}/32`));
    await world.blocks((from, to) => to === 'x/a' && from !== 'y/a');
    networks(range('0.0.0.0/0', `${own}/32`, `${other}/32`));
    await world.blocks((from, to) => to === 'x/a' && isIn('y')(from));
    networks(range('0.0.0.0/0', `${own}/32`, `${other}/32`), range(`${other}/32`));
    await world.blocks((from, to) => to === 'x/a' && from === 'y/a');
  });

  test('is what comes to a port, by its number, its name or several in a row', async () => {
    const isToA = (_: PodKey, to: PodKey) => to === 'x/a';
    for (const port of [{ port: 81 }, { port: 'serve-81-tcp' }, { port: 81, endPort: 90 }]) {
      world.policy('x/port', { ...only('a'), ingress: [{ ports: [port] }] });
      await world.blocks(isToA, { port: 80 });
      await world.blocks(nothing, { port: 81 });
    }
  });

  test('is what comes by a protocol', async () => {
    world.policy('x/udp', { ...only('a'), ingress: [{ ports: [{ protocol: 'UDP', port: 80 }] }] });
    await world.blocks((_, to) => to === 'x/a');
    await world.blocks(nothing, { protocol: 'udp' });
    world.policy('x/udp', { ...only('a'), ingress: [{ ports: [{ protocol: 'SCTP', port: 80 }] }] });
    await world.blocks((_, to) => to === 'x/a', { protocol: 'udp' });
  });

  test('is what any of its policies allows', async () => {
    world.policy('x/deny', {});
    world.policy('x/one', { ...only('a'), ingress: [{ from: [named('y')], ports: [{ port: 80 }] }] });
    world.policy('x/two', { ...only('a'), ingress: [{ from: [named('z')], ports: [{ port: 81 }] }] });
    await world.blocks((from, to) => inX(to) && !(to === 'x/a' && isIn('y')(from)));
    await world.blocks((from, to) => inX(to) && !(to === 'x/a' && isIn('z')(from)), { port: 81 });
  });
});

describe.runIf(path)('what Pods say', () => {
  test('is nothing by default deny, of one or of all', async () => {
    world.policy('x/mute', { ...only('a'), policyTypes: ['Egress'] });
    await world.blocks((from) => from === 'x/a');
    world.policy('x/mute', { policyTypes: ['Egress'] });
    await world.blocks(inX);
    await world.blocks(inX, { service: true });
    await world.blocks(inX, { protocol: 'udp' });
  });

  test.each<[string, NetworkPolicyPeer[], (to: PodKey) => boolean]>([
    ['Pods of another namespace', [{ ...named('y'), ...pod('a') }], (to) => to === 'y/a'],
    ['namespaces', [named('y', 'z')], (to) => !inX(to)],
  ])('goes to %s', async (_, to, isReached) => {
    world.policy('x/out', { ...only('a'), policyTypes: ['Egress'], egress: [{ to }] });
    await world.blocks((from, asked) => from === 'x/a' && !isReached(asked));
    await world.blocks((from, asked) => from === 'x/a' && !isReached(asked), { service: true });
  });

  test('goes to a port by the name it has where it is heard', async () => {
    world.policy('x/out', { ...only('a'), policyTypes: ['Egress'], egress: [{ ports: [{ port: 'serve-80-tcp' }] }] });
    await world.blocks(nothing);
    await world.blocks((from) => from === 'x/a', { port: 81 });
  });

  test('goes to addresses, without some of them', async () => {
    const [one, other] = [world.addressOf('y/a'), world.addressOf('z/b')];
    world.policy('x/out', { ...only('a'), policyTypes: ['Egress'], egress: [{ to: [range(`${one}/32`)] }] });
    await world.blocks((from, to) => from === 'x/a' && to !== 'y/a');
    world.policy('x/out', {
      ...only('a'),
      policyTypes: ['Egress'],
      egress: [{ to: [range('0.0.0.0/0', `${other}/32`)] }],
    });
    await world.blocks((from, to) => from === 'x/a' && to === 'z/b');
  });

  test('must be allowed by who says and who hears it', async () => {
    world.policy('x/out', { ...only('a'), policyTypes: ['Egress'], egress: [{ to: [named('y')] }] });
    world.policy('y/in', { ...only('a'), ingress: [{ from: [named('z')] }] });
    await world.blocks((from, to) => (from === 'x/a' && !isIn('y')(to)) || (to === 'y/a' && !isIn('z')(from)));
  });
});

describe.runIf(path)('a change is followed at once', () => {
  test('of a policy, of the labels of a namespace and of those of a Pod', async () => {
    world.policy('x/team', {
      ...only('a'),
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'blue' } } }] }],
    });
    await world.blocks((_, to) => to === 'x/a');
    kubectl.run('label', 'namespace', 'y', 'team=blue');
    await world.blocks((from, to) => to === 'x/a' && !isIn('y')(from));
    kubectl.run('label', 'namespace', 'y', 'team-');
    world.policy('x/team', {
      ...only('a'),
      ingress: [{ from: [{ ...named('z'), podSelector: { matchLabels: { role: 'new' } } }] }],
    });
    await world.blocks((_, to) => to === 'x/a');
    kubectl.run('label', 'pod', '-n', 'z', 'b', 'role=new');
    await world.blocks((from, to) => to === 'x/a' && from !== 'z/b');
    kubectl.run('label', 'pod', '-n', 'x', 'a', 'pod=another', '--overwrite');
    await world.blocks(nothing);
    kubectl.run('label', 'pod', '-n', 'x', 'a', 'pod=a', '--overwrite');
    kubectl.run('label', 'pod', '-n', 'z', 'b', 'role-');
    await world.blocks((_, to) => to === 'x/a');
  });
});

describe.runIf(path)('who is not let through', () => {
  const curl = async (from: PodKey, url: string) => (await world.exec(from, 'curl', '-sS', '-m', '2', url)).stderr;

  test('hears nothing: curl ends with 28, by the address of a Pod and of a Service', async () => {
    world.policy('x/deny', {});
    for (const address of [world.addressOf('x/a'), world.serviceOf('x/a')])
      await eventually('it times out', async () =>
        (await curl('y/a', `http://${address}/`)).startsWith('curl: (28) Connection timed out'),
      );
    expect(await curl('y/a', `http://${world.addressOf('y/b')}:9/`)).toMatch(/^curl: \(7\) /);
  });

  test('is cut off where it stands when the policy comes, and who may goes on', async () => {
    world.serve('x/slow');
    kubectl.run('wait', '-n', 'x', '--for=condition=Ready', 'pod/slow', '--timeout=120s');
    const address = kubectl.run('get', '-n', 'x', 'pod', 'slow', '-o', 'jsonpath={.status.podIP}');
    const ask = (from: PodKey, seconds: number) => {
      const command = encodeURIComponent(`touch /tmp/${namespaceOf(from)}; sleep ${seconds}`);
      return world.exec(from, 'curl', '-sS', '-m', '100', `http://${address}:8080/shell?cmd=${command}`);
    };
    const [forbidden, allowed] = [ask('y/a', 50), ask('z/a', 15)];
    await eventually('both are being served', async () => {
      const { stdout } = await world.exec('x/slow', 'ls', '/tmp');
      return stdout.includes('y') && stdout.includes('z');
    });
    world.policy('x/some', { ingress: [{ from: [named('z')] }] });
    expect((await forbidden).stderr).toContain('curl: (56) Recv failure: Connection reset by peer');
    expect(await allowed).toMatchObject({ status: 0, stderr: '' });
  });

  test('is not the machine: probes go on, and whoever sits at it reaches Pods', async () => {
    world.policy('x/deny', {});
    await world.blocks((_, to) => inX(to));
    const host = world.addressOf('x/a').replace(/^10\./, '127.');
    expect(await (await fetch(`http://${host}:${process.getuid?.() === 0 ? 80 : 20_080}/`)).text()).toBe('x/a');
    expect(kubectl.run('get', 'pods', '-n', 'x', '--no-headers')).not.toMatch(/0\/1/);
  });
});

describe.runIf(path)('names', () => {
  const DNS = { ...named('kube-system'), podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } };
  const ports = [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ];
  const curl = async (host: string) => (await world.exec('x/a', 'curl', '-sS', '-m', '2', `http://${host}/`)).stderr;
  const mute = { ...only('a'), policyTypes: ['Egress'] };

  test('are known as long as the DNS may be asked', async () => {
    const names = ['b.y', 'b.y.svc.cluster.local'];
    for (const name of names) expect(await curl(name)).toBe('');
    world.policy('x/mute', { ...mute, egress: [{ to: [named('y')] }] });
    for (const name of names)
      await eventually('the name is not known', async () =>
        (await curl(name)).startsWith('curl: (28) Resolving timed out'),
      );
    expect(await curl(world.addressOf('y/b'))).toBe('');
    world.policy('x/mute', { ...mute, egress: [{ to: [DNS], ports }] });
    for (const name of names)
      await eventually('it is known', async () => (await curl(name)).startsWith('curl: (28) Connection timed out'));
    world.policy('x/mute', { ...mute, egress: [{ to: [DNS], ports }, { to: [named('y')] }] });
    for (const name of names) await eventually('all is well', async () => (await curl(name)) === '');
  });
});

test.skipIf(!path)('whether one reaches another is asked by kubectl, and is so', async () => {
  world.policy('x/deny', {});
  world.policy('x/some', { ...only('a'), ingress: [{ from: [named('y')], ports: [{ port: 80 }] }] });
  const review = (from: object, to: object) => {
    const head = { apiVersion: 'networking.binnacle.dev/v1', kind: 'ReachabilityReview' };
    const asked = { ...head, spec: { from, to, port: 80 } };
    const { status, stdout, stderr } = kubectl.try(['create', '-o', 'json', '-f', '-'], JSON.stringify(asked));
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout).status;
  };
  const end = (key: PodKey, kind = 'pod') => ({ namespace: namespaceOf(key), [kind]: key.split('/')[1] });
  expect(review(end('y/a'), end('x/a'))).toMatchObject({
    allowed: true,
    ingress: { policies: ['deny', 'some'], rule: { policy: 'some', index: 0 } },
  });
  expect(review(end('z/a'), end('x/a', 'service'))).toMatchObject({
    allowed: false,
    message: 'z/a does not reach x/a at TCP 80. No rule of deny, some lets x/a hear z/a at TCP 80.',
    paths: [{ pod: 'a', port: 80, allowed: false }],
  });
  await world.blocks((from, to) => inX(to) && !(to === 'x/a' && isIn('y')(from)));
});
