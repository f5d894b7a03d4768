import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { Clusters } from '@binnacle/client-clusters';
import { createKubeClient, type KubeClient } from '@binnacle/client-rest';
import { type Context, silentLogger, withSignal } from '@binnacle/machinery-context';
import { selectControllers } from '@binnacle/process-config';
import { systemClock } from '@binnacle/process-lifecycle';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONTROLLERS, controllersOf } from './cloud-controllers.js';
import { readLoadBalancerRanges } from './load-balancer-ranges.js';

const ctx: Context = { clock: systemClock, logger: silentLogger, signal: new AbortController().signal };
let server: TestApiServer;
let client: KubeClient;

/** The program, which may be ended and begun again. */
function begin(): () => Promise<void> {
  const abort = new AbortController();
  const settings = {
    enabled: selectControllers('*', CONTROLLERS),
    loadBalancers: readLoadBalancerRanges('127.97.0.0/24,binnacle.dev/second=127.98.0.0/24'),
  };
  const clusters = new Clusters(client, { idleAfter: 1_500, lookFor: 500 });
  const running = clusters.run(withSignal(ctx, abort.signal), (_, cluster) => controllersOf(cluster, settings));
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
