import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { Clusters } from '@binnacle/client-clusters';
import { createKubeClient, type KubeClient } from '@binnacle/client-rest';
import { silentInstruments } from '@binnacle/control-cloud';
import { type Context, silentLogger, withSignal } from '@binnacle/machinery-context';
import { selectControllers } from '@binnacle/process-config';
import { systemClock } from '@binnacle/process-lifecycle';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { readSimulatedNode } from '@binnacle/node-simulated';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONTROLLERS, controllersOf } from './cloud-controllers.js';
import { readLoadBalancerRanges } from './load-balancer-ranges.js';
import { SimulatedMachines } from './simulated-machines.js';
import { thisMachine } from './this-machine.js';

const ctx: Context = { clock: systemClock, logger: silentLogger, signal: new AbortController().signal };
let server: TestApiServer;
let client: KubeClient;
const machines = new SimulatedMachines();

/** The program, which may be ended and begun again. */
function begin(): () => Promise<void> {
  const abort = new AbortController();
  const cloudOf = thisMachine({
    loadBalancers: readLoadBalancerRanges('127.97.0.0/24,binnacle.dev/second=127.98.0.0/24'),
    machines,
    agent: 'kubelet-sim',
    host: { nodeName: 'control-plane', providerID: 'host://here' },
    region: 'local',
    clusterCidr: '10.244.0.0/16',
  });
  const settings = {
    enabled: selectControllers('*', CONTROLLERS),
    statusUpdateFrequency: 300_000,
    monitorPeriod: 100,
    routeReconciliationPeriod: 10_000,
    instruments: silentInstruments,
  };
  const clusters = new Clusters(client, { idleAfter: 1_500, lookFor: 500 });
  const running = clusters.run(withSignal(ctx, abort.signal), (_, cluster) =>
    controllersOf(cluster, cloudOf, settings),
  );
  return () => {
    abort.abort(new Error('over'));
    return running;
  };
}
let end: () => Promise<void>;

beforeAll(async () => {
  server = await startTestApiServer();
  client = createKubeClient(await server.configFor('system:cloud-controller-manager'));
  end = begin();
});
afterAll(async () => {
  await end();
  await client.close();
  await server.close();
});

const eventually = (probe: () => unknown) => expect.poll(probe, { interval: 20, timeout: 20_000 });
const inCluster = (name: string) => {
  const services = server.client.inCluster(name).resource<Service>(refs.services);
  const at = (service: string) => ({ name: service, namespace: 'default' });
  return {
    add: (service: string, spec: Service['spec'] = {}) =>
      services.create(ctx, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: at(service),
        spec: { type: 'LoadBalancer', ports: [{ port: 80 }], ...spec },
      }),
    delete: (service: string) => services.delete(ctx, at(service)),
    find: (service: string) => services.get(ctx, at(service)).catch(() => undefined),
    addresses: async (service: string) => {
      const { status } = await services.get(ctx, at(service));
      return status?.loadBalancer?.ingress?.map(({ ip }) => ip);
    },
  };
};
async function makeCluster(name: string, spec: object = {}): Promise<string> {
  const { json } = await server.raw.call('/clusters', { method: 'POST', body: { metadata: { name }, spec } });
  return json.spec.loadBalancerCIDR.replace(/^10\./, '127.').replace(/\.0\/24$/, '');
}

test('Services of type LoadBalancer of every cluster get addresses of that cluster, and the same after a restart', async () => {
  const [main, lab] = [inCluster('main'), inCluster('lab')];
  const base = await makeCluster('lab');
  await main.add('web');
  await main.add('second', { loadBalancerClass: 'binnacle.dev/second' });
  for (const name of ['web', 'other']) await lab.add(name, { loadBalancerIP: name === 'web' ? `${base}.7` : '' });
  await eventually(() => main.addresses('web')).toEqual(['127.97.0.1']);
  await eventually(() => main.addresses('second')).toEqual(['127.98.0.1']);
  await eventually(() => lab.addresses('web')).toEqual([`${base}.7`]);
  await eventually(() => lab.addresses('other')).toEqual([`${base}.1`]);
  await end();
  await main.add('late');
  end = begin();
  await eventually(() => main.addresses('late')).toEqual(['127.97.0.2']);
  expect(await main.addresses('web')).toEqual(['127.97.0.1']);
  await main.delete('web');
  await eventually(() => main.find('web')).toBeUndefined();
});

test('a fork’s Services get addresses of the fork', async () => {
  const source = inCluster('source');
  const base = await makeCluster('source');
  await source.add('web');
  await eventually(() => source.addresses('web')).toEqual([`${base}.1`]);
  const forked = await makeCluster('forked', { source: { cluster: 'source' } });
  await eventually(() => inCluster('forked').addresses('web')).toEqual([`${forked}.1`]);
  expect(await source.addresses('web')).toEqual([`${base}.1`]);
});

describe('nodes of main', () => {
  const nodes = () => server.client.resource<Node>(refs.nodes);
  const waiting = [{ key: 'node.cloudprovider.kubernetes.io/uninitialized', value: 'true', effect: 'NoSchedule' }];
  const add = (name: string, providerID?: string) =>
    nodes().create(ctx, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name },
      spec: { taints: waiting, ...(providerID && { providerID }) },
    });
  const find = (name: string) =>
    nodes()
      .get(ctx, { name })
      .catch(() => undefined);
  const taintsOf = async (name: string) => (await find(name))?.spec?.taints?.map(({ key }) => key.replace(/.*\//, ''));
  const machine = (name: string, more: object = {}) =>
    readSimulatedNode(
      JSON.stringify({ name, address: '127.0.0.77', labels: { 'topology.kubernetes.io/zone': 'zone-b' }, ...more }),
    );

  test('are told what their machines are, marked while those are shut down, and go with them', async () => {
    machines.set([machine('worker')], true);
    await add('worker', 'simulated://kubelet-sim/worker');
    await eventually(() => taintsOf('worker')).toEqual(['not-ready']);
    const { metadata, status } = (await find('worker')) ?? {};
    expect(metadata?.labels).toMatchObject({
      'topology.kubernetes.io/zone': 'zone-b',
      'topology.kubernetes.io/region': 'local',
      'node.kubernetes.io/instance-type': 'simulated.4cpu-8Gi',
    });
    expect(status?.addresses).toEqual([
      { type: 'InternalIP', address: '127.0.0.77' },
      { type: 'Hostname', address: 'worker' },
    ]);
    machines.set([machine('worker', { state: 'stopped' })], true);
    await eventually(() => taintsOf('worker')).toEqual(['not-ready', 'shutdown']);
    machines.set([], true);
    await eventually(() => find('worker')).toBeUndefined();
  });

  test('are this machine, or of another cloud', async () => {
    await add('other', 'aws:///zone/i-1');
    await add('control-plane');
    await eventually(() => taintsOf('control-plane')).toEqual(['not-ready']);
    expect((await find('control-plane'))?.spec?.providerID).toBe('host://here');
    expect(await taintsOf('other')).toContain('uninitialized');
  });
});

test('it may do no more than it has to', async () => {
  await inCluster('main').add('mine');
  const writes = client.resource<Service>(refs.services);
  const name = { name: 'mine', namespace: 'default' };
  await expect(writes.patch(ctx, name, 'merge', { spec: { selector: { a: 'b' } } })).rejects.toMatchObject({
    reason: 'Forbidden',
  });
  await expect(writes.delete(ctx, name)).rejects.toMatchObject({ reason: 'Forbidden' });
  await expect(client.resource(refs.secrets).list(ctx)).rejects.toMatchObject({ reason: 'Forbidden' });
  await expect(
    client.resource<Node>(refs.nodes).create(ctx, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } }),
  ).rejects.toMatchObject({ reason: 'Forbidden' });
});
