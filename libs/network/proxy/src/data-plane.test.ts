import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { afterEach, expect, test, vi } from 'vitest';
import type { PortFailure, ProxyMode } from './data-plane.js';
import { nothing, type ServicePlan } from './plan/service-plan.js';
import { Proxier } from './proxier.js';
import { service, slice, wireNode } from './testing/builders.js';
import { MemoryInformer } from './testing/memory-informer.js';

const applied = new Map<string, ServicePlan>();
const shutdown = vi.fn();
let fail: (failure: PortFailure) => void = () => undefined;

/** A data plane of a machine with real Pods: it writes down what the kernel would be told. */
const kernel: ProxyMode = {
  carries: ({ metadata }) => metadata.name === 'mine',
  clusterAddress: (host) => host,
  open: (_ctx, _nodes, { onFailure }) => {
    fail = onFailure;
    return { apply: (key, plan) => void applied.set(key, plan), openPorts: 0, shutdown };
  },
};

const abort = new AbortController();
afterEach(() => abort.abort(new Error('test over')));

test('any data plane is given plans in the addresses of the cluster, and is taken down at the end', async () => {
  const services = new MemoryInformer<Service>([service('10.96.3.4', [{ port: 80, targetPort: 8080 }])]);
  const endpoints = [{ addresses: ['10.244.1.5'] }, { addresses: ['10.244.2.5'] }];
  const slices = new MemoryInformer<EndpointSlice>([slice(endpoints, [{ name: '', port: 8080, protocol: 'TCP' }])]);
  const nodes = new MemoryInformer<Node>([
    wireNode('mine', '192.0.2.1', '10.244.1.0/24'),
    wireNode('theirs', '192.0.2.2', '10.244.2.0/24'),
  ]);
  const event = vi.fn();
  const proxier = new Proxier({ services, slices, nodes }, { event }, { mode: kernel, nodePortAddresses: [] });
  const running = proxier.run({ signal: abort.signal, clock: new FakeClock(), logger: silentLogger });

  await vi.waitFor(() => expect(applied.get('default/web')?.listeners).toHaveLength(1));
  const plan = applied.get('default/web') as ServicePlan;
  expect(plan.listeners[0]).toMatchObject({ host: '10.96.3.4', port: 80, purpose: 'ClusterIP' });
  expect(plan.balancers[0]?.backends).toEqual([
    { address: '10.244.1.5', port: 8080, node: 'mine', local: true },
    { address: '10.244.2.5', port: 8080, node: 'theirs' },
  ]);

  const [spec] = plan.listeners;
  fail({ service: 'default/web', spec: spec as NonNullable<typeof spec>, error: new Error('no room') });
  const message = 'Cannot open ClusterIP port TCP 10.96.3.4:80: no room';
  expect(event).toHaveBeenCalledWith(expect.anything(), 'Warning', 'FailedToOpenPort', message);

  services.remove('default/web');
  await vi.waitFor(() => expect(applied.get('default/web')).toEqual(nothing));
  abort.abort(new Error('test over'));
  await running;
  expect(shutdown).toHaveBeenCalledOnce();
});
