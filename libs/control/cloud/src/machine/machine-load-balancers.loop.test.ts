import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { node, service } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, describe, expect, test } from 'vitest';
import { serviceController } from '../service/service.controller.js';
import { AddressPool } from './address-pool.js';
import { machineCloud } from './machine-cloud.js';
import type { AddressPools } from './machine-load-balancers.js';

const SECOND = 'binnacle.dev/second';
let ranges: string[];
let bench: LoopBench;
let services: Objects<Service>;

const pools = (): AddressPools =>
  new Map([
    [undefined, new AddressPool(ranges)],
    [SECOND, new AddressPool(['127.98.0.0/30'])],
  ]);

beforeEach(async () => {
  // Room for two.
  ranges = ['127.97.0.0/30'];
  bench = await LoopBench.start(
    (ctx, deps) => {
      const { loadBalancers: balancers } = machineCloud(ctx, deps, {
        pools: pools(),
        instances: { agent: 'sim', region: 'local' },
      });
      return [serviceController(ctx, deps, { balancers, handles: (name) => name === undefined || name === SECOND })];
    },
    { as: { commonName: 'system:cloud-controller-manager' } },
  );
  services = bench.objects(refs.services);
  await bench.objects(refs.nodes).create(node());
});

function add(name: string, spec: Service['spec'] = {}): Promise<Service> {
  const { metadata } = service({ metadata: { name } });
  const all = { type: 'LoadBalancer', ports: [{ port: 80 }], ...spec };
  return services.create({ apiVersion: 'v1', kind: 'Service', metadata, spec: all });
}
const ingressOf = async (name: string) => (await services.get(name)).status?.loadBalancer?.ingress;
const addressesOf = async (...names: string[]) =>
  (await Promise.all(names.map(ingressOf))).map((ingress = []) => ingress.map(({ ip }) => ip).join());
const say = (name: string, ip: string) =>
  services.change(name, { status: { loadBalancer: { ingress: [{ ip }] } } }, 'status');
const failures = async () =>
  (await bench.events())
    .filter((line) => /Failed|Allocated/.test(line))
    .map((line) => line.replace(/^Service\/|Error syncing load balancer: failed to ensure load balancer: /g, ''));

describe('a Service of type LoadBalancer', () => {
  test('has an address of its own, and keeps it over a restart', async () => {
    for (const name of ['a', 'b']) await add(name);
    await bench.drain();
    expect(await ingressOf('a')).toEqual([{ ip: '127.97.0.1', ipMode: 'VIP' }]);
    await bench.restart();
    await bench.drain();
    expect(await addressesOf('a', 'b')).toEqual(['127.97.0.1', '127.97.0.2']);
  });

  test('of another class has one of that class', async () => {
    await add('a');
    await add('second', { loadBalancerClass: SECOND });
    await bench.drain();
    expect(await addressesOf('a', 'second')).toEqual(['127.97.0.1', '127.98.0.1']);
  });

  test('gets the address it asks for, and later another, and then keeps what it has', async () => {
    await add('a', { loadBalancerIP: '127.97.0.2' });
    await bench.drain();
    expect(await addressesOf('a')).toEqual(['127.97.0.2']);
    await services.change('a', { spec: { loadBalancerIP: '127.97.0.1' } });
    await bench.drain();
    await services.change('a', { spec: { loadBalancerIP: null } });
    await add('b');
    await bench.drain();
    expect(await addressesOf('a', 'b')).toEqual(['127.97.0.1', '127.97.0.2']);
  });

  test('that asks for what it cannot have is told why, and has it when it can', async () => {
    await add('a', { loadBalancerIP: '127.97.0.2' });
    await bench.drain();
    await add('taken', { loadBalancerIP: '127.97.0.2' });
    await add('beyond', { loadBalancerIP: '127.98.0.1' });
    await bench.drain();
    expect(await failures()).toEqual([
      'taken SyncLoadBalancerFailed: the address 127.97.0.2 is that of Service default/a',
      'beyond SyncLoadBalancerFailed: the address 127.98.0.1 is not of 127.97.0.0/30',
    ]);
    await services.delete('a');
    await bench.drain();
    expect(await addressesOf('taken', 'beyond')).toEqual(['127.97.0.2', '']);
  });

  test('that finds all taken is told so, and gets the first that comes back, who waited longest first', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await add(name);
    await bench.drain();
    expect(await addressesOf('a', 'b', 'c', 'd')).toEqual(['127.97.0.1', '127.97.0.2', '', '']);
    expect(await failures()).toContain('c SyncLoadBalancerFailed: all addresses of 127.97.0.0/30 are taken');
    await services.change('a', { spec: { type: 'ClusterIP' } });
    await bench.drain();
    expect(await addressesOf('a', 'c', 'd')).toEqual(['', '127.97.0.1', '']);
    await services.delete('b');
    await services.delete('c');
    await bench.drain();
    expect((await addressesOf('d'))[0]).toMatch(/^127\.97\.0\.[12]$/);
  });

  test('that finds all taken after a restart too gets its address with the next try', async () => {
    for (const name of ['a', 'b', 'c']) await add(name);
    await bench.drain();
    await bench.stop();
    await services.change('a', { spec: { type: 'NodePort' } });
    await bench.restart();
    await bench.advance(5_000);
    expect(await addressesOf('c')).toEqual(['127.97.0.1']);
  });
});

describe('an address', () => {
  test('that two Services say stays the older one’s, and the other gets another', async () => {
    ranges = ['127.97.0.0/29'];
    await bench.restart();
    await add('older');
    await bench.advance(1_000);
    await add('newer');
    await bench.drain();
    await say('newer', '127.97.0.1');
    await bench.drain();
    const [older, newer] = await addressesOf('older', 'newer');
    expect(older).toBe('127.97.0.1');
    expect(newer).toMatch(/^127\.97\.0\.[2-6]$/);
    expect(await failures()).toEqual([
      'newer LoadBalancerIPAlreadyAllocated: The address 127.97.0.1 is that of Service default/older; another is looked for',
    ]);
  });

  test('whose answer was lost is not given to another', async () => {
    const isStatus = ({ method, path }: { method: string; path: string }) =>
      method === 'PATCH' && path.includes('/a/status');
    await add('a');
    bench.api.hold(/services\?.*watch=true/);
    bench.api.loseAnswers(isStatus);
    await bench.turn();
    bench.api.hold(undefined);
    await add('b');
    await bench.drain();
    bench.api.loseAnswers(undefined);
    await bench.advance(10_000);
    expect((await addressesOf('a', 'b')).sort()).toEqual(['127.97.0.1', '127.97.0.2']);
  });

  test('of no range any more is given back for another', async () => {
    await add('a');
    await bench.drain();
    ranges = ['192.0.2.0/29'];
    await bench.restart();
    await bench.drain();
    expect(await addressesOf('a')).toEqual(['192.0.2.1']);
    expect(await bench.events()).toHaveLength(3);
  });

  test('that somebody wrote is put right', async () => {
    await add('a');
    await bench.drain();
    await say('a', '8.8.8.8');
    await bench.drain();
    expect(await addressesOf('a')).toEqual(['127.97.0.2']);
  });
});

test('without ranges a Service is told so', async () => {
  ranges = [];
  await bench.restart();
  await add('a');
  await bench.drain();
  expect(await failures()).toEqual(['a SyncLoadBalancerFailed: there are no ranges of IPv4 addresses for it']);
});
