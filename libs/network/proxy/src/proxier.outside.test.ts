import { once } from 'node:events';
import { request } from 'node:http';
import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { service, slice, wireNode } from './testing/builders.js';
import { Stage } from './testing/stage.js';

let stage: Stage;
/** Addresses of `.9.x` may be given to Services; as the cluster has them, and as this machine does. */
const given = (last: number) => `10.${stage.octet}.9.${last}`;
const at = (last: number) => `127.${stage.octet}.9.${last}`;
const nodeAt = (last: number) => `127.${stage.octet}.8.${last}`;

beforeEach(() => {
  stage = new Stage({ mayBeExternal: (address) => address.split('.')[2] === '9' });
  stage.nodes.set(wireNode('n', nodeAt(1), `10.${stage.octet}.2.0/24`));
});
afterEach(() => stage.close());

const tcp = (port: number) => [{ name: '', port, protocol: 'TCP' }];

function balanced(port: number, last: number, spec: object = {}): Service {
  const made = service(stage.clusterIP, tcp(port), { type: 'LoadBalancer', ...spec });
  return { ...made, status: { loadBalancer: { ingress: [{ ip: given(last), ipMode: 'VIP' }] } } };
}

const answers = (port: number, host: string, text: string | RegExp, from?: string) =>
  vi.waitFor(async () => expect(await stage.greeting(port, { host, ...(from && { from }) })).toMatch(text), {
    interval: 5,
  });

async function podOnW(spec: object = {}): Promise<number> {
  const port = await stage.freePort();
  await stage.pod(1, port);
  stage.slices.set(slice([stage.endpoint(1)], tcp(port)));
  stage.services.set(balanced(port, 1, spec));
  await answers(port, stage.serviceHost, 'pod 1');
  return port;
}

describe('addresses beside its own', () => {
  test('a load balancer leads to the Pods, until its address is taken back', async () => {
    const port = await podOnW({ externalIPs: [given(2), at(3)] });
    for (const last of [1, 2, 3]) await answers(port, at(last), 'pod 1');
    stage.services.set(service(stage.clusterIP, tcp(port)));
    await answers(port, at(1), 'refused');
    await answers(port, at(3), 'refused');
    expect(await stage.greeting(port)).toBe('pod 1');
  });

  test("nobody gets a Pod's, a node's, a Service's, or one that is not to be given", async () => {
    const port = await stage.freePort();
    const victim = await stage.pod(7, port);
    await stage.pod(1, port);
    stage.slices.set(slice([stage.endpoint(1)], tcp(port)));
    victim.close();
    await once(victim, 'close');
    const external = [`10.${stage.octet}.1.7`, nodeAt(1), '127.0.0.1', '10.0.0.1', `10.${stage.octet}.0.99`];
    stage.services.set(service(stage.clusterIP, tcp(port), { externalIPs: external }));
    await answers(port, stage.serviceHost, 'pod 1');
    expect(stage.proxier.openPorts).toBe(1);
    expect(stage.events).toEqual(['Warning AddressNotCarried']);
    for (const address of external) expect(stage.messages[0]).toContain(address);
  });

  test('an address of a load balancer is taken from who had written it into externalIPs', async () => {
    const port = await stage.freePort();
    await Promise.all([stage.pod(1, port), stage.pod(2, port)]);
    stage.slices.set(slice([stage.endpoint(2)], tcp(port)));
    stage.services.set(service(stage.clusterIP, tcp(port), { externalIPs: [given(1)] }));
    await answers(port, at(1), 'pod 2');
    const victim = balanced(port, 1);
    victim.metadata.name = 'victim';
    victim.spec = { ...victim.spec, clusterIP: `10.${stage.octet}.0.11`, clusterIPs: [`10.${stage.octet}.0.11`] };
    const itsSlice = slice([stage.endpoint(1)], tcp(port), 'victim-abc');
    itsSlice.metadata.labels = { 'kubernetes.io/service-name': 'victim' };
    stage.slices.set(itsSlice);
    stage.services.set(victim);
    await answers(port, at(1), 'pod 1');
    expect(stage.messages.at(-1)).toContain('another Service');
    stage.services.remove('default/victim');
    await answers(port, at(1), 'pod 2');
  });

  test('only ranges of sources are let in, at the load balancer alone', async () => {
    const range = `10.${stage.octet}.1.0/24`;
    const port = await podOnW({ loadBalancerSourceRanges: [range], externalIPs: [given(2)] });
    await answers(port, at(1), 'pod 1', stage.podHost(5));
    await answers(port, at(1), 'refused');
    await answers(port, at(2), 'pod 1');
    stage.services.set(balanced(port, 1, { loadBalancerSourceRanges: [range, '127.0.0.0/8'] }));
    await answers(port, at(1), 'pod 1');
  });

  test('what the ranges leave out is not heard over UDP', async () => {
    const port = await stage.freePort();
    const udp = [{ name: '', port, protocol: 'UDP' }];
    const stop = await stage.udpPod(1, port);
    const one = balanced(port, 1, { ports: udp, loadBalancerSourceRanges: [`${stage.podHost(5)}/32`] });
    stage.slices.set(slice([stage.endpoint(1)], udp));
    stage.services.set(one);
    const [pod, other] = [5, 6].map((host) => stage.udpClient(port, { host: at(1), from: stage.podHost(host) }));
    const unheard = other?.ask('let me in').catch(() => 'never');
    expect(await pod?.ask('hello')).toBe('pod 1: hello');
    expect(new Set(stage.seen)).toEqual(new Set([stage.podHost(5)]));
    stage.services.set({ ...one, spec: { ...one.spec, loadBalancerSourceRanges: [] } });
    expect(await unheard).toBe('pod 1: let me in');
    for (const client of [pod, other]) client?.close();
    stop();
  });
});

describe('whom Pods see', () => {
  const seenBy = async (port: number, host: string, from?: string) => {
    await answers(port, host, 'pod 1', from);
    return stage.seen.at(-1);
  };

  test('is who asked the ClusterIP, another Pod or the same', async () => {
    const port = await podOnW();
    expect(await seenBy(port, stage.serviceHost, stage.podHost(5))).toBe(stage.podHost(5));
    expect(await seenBy(port, stage.serviceHost, stage.podHost(1))).toBe(stage.podHost(1));
    expect(await seenBy(port, stage.serviceHost)).toBe('127.0.0.1');
  });

  test('is the node where the policy is Cluster, and whoever asked where it is Local', async () => {
    const port = await stage.freePort(nodeAt(1));
    const nodePort = (policy: string) =>
      service(stage.clusterIP, [{ port, protocol: 'TCP', nodePort: port }], {
        type: 'NodePort',
        externalTrafficPolicy: policy,
      });
    await stage.pod(1, port);
    stage.slices.set(slice([{ ...stage.endpoint(1), nodeName: 'n' }], tcp(port)));
    stage.services.set(nodePort('Cluster'));
    expect(await seenBy(port, nodeAt(1), '127.5.5.5')).toBe(nodeAt(1));
    expect(await seenBy(port, nodeAt(1), stage.podHost(5))).toBe(stage.podHost(5));
    stage.services.set(nodePort('Local'));
    await vi.waitFor(async () => expect(await seenBy(port, nodeAt(1), '127.5.5.5')).toBe('127.5.5.5'));
  });

  test('is the client over UDP too, each with a session of its own', async () => {
    const port = await stage.freePort();
    const udp = [{ name: '', port, protocol: 'UDP' }];
    const stop = await stage.udpPod(1, port);
    stage.slices.set(slice([stage.endpoint(1)], udp));
    stage.services.set(service(stage.clusterIP, udp));
    for (const host of [5, 6]) {
      const client = stage.udpClient(port, { from: stage.podHost(host) });
      expect(await client.ask('hello')).toBe('pod 1: hello');
      expect(stage.seen.at(-1)).toBe(stage.podHost(host));
      client.close();
    }
    stop();
  });
});

describe('sessions', () => {
  test('clients of different addresses keep different endpoints', async () => {
    const port = await stage.freePort();
    await Promise.all([1, 2, 3].map((host) => stage.pod(host, port)));
    stage.slices.set(
      slice(
        [1, 2, 3].map((host) => stage.endpoint(host)),
        tcp(port),
      ),
    );
    const affinity = { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 10 } } };
    stage.services.set(service(stage.clusterIP, tcp(port), affinity));
    await answers(port, stage.serviceHost, /pod/);
    const ask = (host: number) => stage.greeting(port, { from: stage.podHost(host) });
    const [first, second] = [await ask(5), await ask(6)];
    expect(first).not.toBe(second);
    for (let again = 0; again < 3; again += 1) expect([await ask(5), await ask(6)]).toEqual([first, second]);
  });

  test('a UDP client stays with an endpoint that ends, while that still serves', async () => {
    const port = await stage.freePort();
    const udp = [{ name: '', port, protocol: 'UDP' }];
    const stop = await Promise.all([stage.udpPod(1, port), stage.udpPod(2, port)]);
    stage.services.set(service(stage.clusterIP, udp));
    stage.slices.set(slice([stage.endpoint(1)], udp));
    const [client, later] = [stage.udpClient(port), stage.udpClient(port)];
    expect(await client.ask('a')).toBe('pod 1: a');
    const ending = (serving: boolean) => {
      const conditions = { ready: false, serving, terminating: true };
      stage.slices.set(slice([{ ...stage.endpoint(1), conditions }, stage.endpoint(2)], udp));
    };
    ending(true);
    await vi.waitFor(async () => expect(await later.ask('b')).toBe('pod 2: b'));
    expect(await client.ask('c')).toBe('pod 1: c');
    ending(false);
    await vi.waitFor(async () => expect(await client.ask('d')).toBe('pod 2: d'));
    for (const one of [client, later]) one.close();
    for (const one of stop) one();
  });
});

describe('health-check node ports', () => {
  async function ask(port: number, host: string): Promise<string> {
    try {
      const [response] = await once(request({ host, port, agent: false }).end(), 'response');
      let body = '';
      for await (const chunk of response) body += String(chunk);
      return `${response.statusCode} ${JSON.parse(body).localEndpoints}`;
    } catch {
      return 'refused';
    }
  }

  test('tell at each node how many endpoints it has, follow changes, and close with the Service', async () => {
    const healthCheckNodePort = await stage.freePort(nodeAt(1));
    await podOnW({ externalTrafficPolicy: 'Local', healthCheckNodePort });
    const tells = (host: string, expected: string) =>
      vi.waitFor(async () => expect(await ask(healthCheckNodePort, host)).toBe(expected), { interval: 5 });
    await tells('127.0.0.1', '200 1');
    await tells(nodeAt(1), '503 0');
    const [, port] = /:(\d+)$/.exec(`x:${stage.services.list()[0]?.spec?.ports?.[0]?.port}`) ?? [];
    stage.slices.set(slice([{ ...stage.endpoint(1), nodeName: 'n' }], tcp(Number(port))));
    await tells(nodeAt(1), '200 1');
    stage.services.remove('default/web');
    await tells(nodeAt(1), 'refused');
  });

  test('one that is taken is told by its own reason', async () => {
    const healthCheckNodePort = await stage.freePort(nodeAt(1));
    const squatter = await stage.pod(3, healthCheckNodePort);
    squatter.close();
    await once(squatter, 'close');
    squatter.listen(healthCheckNodePort, nodeAt(1));
    await once(squatter, 'listening');
    await podOnW({ externalTrafficPolicy: 'Local', healthCheckNodePort });
    await vi.waitFor(() => expect(stage.events).toContain('Warning FailedToStartServiceHealthcheck'));
  });
});
