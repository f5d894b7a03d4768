import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { StatusError } from '@binnacle/machinery-meta';
import { node, service } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, describe, expect, test } from 'vitest';
import { ImplementedElsewhere, RetryError } from '../provider/cloud-provider.js';
import { silentInstruments } from '../provider/instruments.js';
import { fakeCloud, type FakeLoadBalancers } from '../testing/fake-cloud.js';
import { CLEANUP_FINALIZER } from './needs.js';
import { serviceController } from './service.controller.js';

let bench: LoopBench;
let cloud: FakeLoadBalancers;
/** How tellings of nodes ended. */
let counted: string[];
let services: Objects<Service>;
let nodes: Objects<Node>;
const CLASSES = new Set([undefined, 'example.com/second']);

beforeEach(async () => {
  cloud = fakeCloud().loadBalancers;
  counted = [];
  bench = await LoopBench.start(
    (ctx, deps) => [
      serviceController(ctx, deps, {
        balancers: cloud,
        handles: (name) => CLASSES.has(name),
        instruments: { ...silentInstruments, hostsUpdated: (outcome) => void counted.push(outcome) },
      }),
    ],
    { as: { commonName: 'system:cloud-controller-manager' } },
  );
  services = bench.objects(refs.services);
  nodes = bench.objects(refs.nodes);
});

const balanced = (name: string, spec: Service['spec'] = {}): Service => {
  const { metadata } = service({ metadata: { name } });
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }], ...spec },
  };
};
const add = (name: string, spec?: Service['spec']) => services.create(balanced(name, spec));
const addNode = (name: string, more: Partial<Node> = {}) => nodes.create({ ...node({ metadata: { name } }), ...more });
const ingressOf = async (name: string) => (await services.get(name)).status?.loadBalancer?.ingress;
const finalizersOf = async (name: string) => (await services.get(name)).metadata.finalizers;
/** Since they were asked for last. */
let told = 0;
async function news(): Promise<string[]> {
  const all = await bench.events();
  const fresh = all.slice(told).map((line) => line.replace('Service/', ''));
  told = all.length;
  return fresh;
}
beforeEach(() => {
  told = 0;
});
const calls = () => cloud.calls.splice(0);

describe('a Service of type LoadBalancer', () => {
  test('gets what its cloud has for it, and is kept until that is given back', async () => {
    await addNode('n1');
    await add('web');
    await bench.drain();
    expect(await ingressOf('web')).toEqual([{ hostname: 'web.default.fake.example' }]);
    expect(await finalizersOf('web')).toEqual([CLEANUP_FINALIZER]);
    expect(await news()).toEqual([
      'web EnsuringLoadBalancer: Ensuring load balancer',
      'web EnsuredLoadBalancer: Ensured load balancer',
    ]);
    expect([cloud.made.get('default/web'), calls()]).toEqual([['n1'], ['ensure web']]);

    await services.delete('web');
    expect(await services.find('web')).toBeDefined();
    await bench.drain();
    expect([await services.find('web'), cloud.made.size]).toEqual([undefined, 0]);
    expect(await news()).toEqual([
      'web DeletingLoadBalancer: Deleting load balancer',
      'web DeletedLoadBalancer: Deleted load balancer',
    ]);
  });

  test('is left alone by what does not concern it, and told of what does', async () => {
    await addNode('n1');
    await add('web');
    await bench.drain();
    calls();
    await services.change('web', { metadata: { labels: { a: 'b' } }, spec: { selector: { app: 'other' } } });
    await bench.drain();
    expect(calls()).toEqual([]);
    await services.change('web', { spec: { externalTrafficPolicy: 'Local' } });
    await bench.drain();
    expect(calls()).toEqual(['ensure web']);
    await services.change('web', { status: { loadBalancer: null } }, 'status');
    await bench.drain();
    expect([calls(), await ingressOf('web')]).toEqual([['ensure web'], [{ hostname: 'web.default.fake.example' }]]);
  });

  test('of another type from now on has none, and may go', async () => {
    await add('web');
    await bench.drain();
    await services.change('web', { spec: { type: 'ClusterIP' } });
    await bench.drain();
    expect([await ingressOf('web'), await finalizersOf('web'), cloud.made.size]).toEqual([undefined, undefined, 0]);
    await services.change('web', { spec: { type: 'LoadBalancer' } });
    await bench.drain();
    expect(await ingressOf('web')).toHaveLength(1);
  });

  test('of a class of this cloud is served as that, of another’s not at all', async () => {
    await add('second', { loadBalancerClass: 'example.com/second' });
    await add('other', { loadBalancerClass: 'example.com/other' });
    await bench.drain();
    expect(await ingressOf('second')).toEqual([{ hostname: 'second.second.fake.example' }]);
    expect([await ingressOf('other'), await finalizersOf('other')]).toEqual([undefined, undefined]);
    await services.change('other', { metadata: { finalizers: [CLEANUP_FINALIZER] } });
    await services.delete('other');
    await bench.drain();
    expect(await finalizersOf('other')).toEqual([CLEANUP_FINALIZER]);
    expect(calls()).toEqual(['ensure second']);
  });

  test('without nodes is told so', async () => {
    await add('web');
    await bench.drain();
    expect(await news()).toContain('web UnAvailableLoadBalancer: There are no available nodes for LoadBalancer');
    expect(await ingressOf('web')).toHaveLength(1);
  });

  test('somebody else balances is left to them', async () => {
    cloud.fail('ensure', new ImplementedElsewhere());
    await add('web');
    await bench.drain();
    expect(await ingressOf('web')).toBeUndefined();
    expect(await news()).not.toContain('web EnsuredLoadBalancer: Ensured load balancer');
  });
});

describe('nodes', () => {
  test('that come, go or are left out are told to every load balancer once', async () => {
    await addNode('n1');
    for (const name of ['a', 'b']) await add(name);
    await bench.drain();
    calls();
    await news();
    await addNode('n2');
    await bench.drain();
    expect([calls().sort(), cloud.made.get('default/a')]).toEqual([
      ['update a', 'update b'],
      ['n1', 'n2'],
    ]);
    expect((await news()).sort()).toEqual([
      'a UpdatedLoadBalancer: Updated load balancer with new hosts',
      'b UpdatedLoadBalancer: Updated load balancer with new hosts',
    ]);
    const labels = { 'node.kubernetes.io/exclude-from-external-load-balancers': '' };
    await nodes.change('n1', { metadata: { labels } });
    await bench.drain();
    expect(cloud.made.get('default/b')).toEqual(['n2']);
    await nodes.delete('n2');
    await bench.drain();
    expect(cloud.made.get('default/b')).toEqual([]);
    expect(await news()).toContain('a UnAvailableLoadBalancer: There are no available nodes for LoadBalancer');
  });

  test('that only change otherwise are told to nobody', async () => {
    await addNode('n1');
    await add('a');
    await bench.drain();
    calls();
    await nodes.change('n1', { metadata: { labels: { a: 'b' } } });
    await nodes.change('n1', { status: { conditions: [{ type: 'Ready', status: 'False' }] } }, 'status');
    await bench.drain();
    expect(calls()).toEqual([]);
  });

  test('that cannot be told are told again, with the whole load balancer', async () => {
    await addNode('n1');
    await add('a');
    await bench.drain();
    await news();
    cloud.fail('update', new Error('quota'));
    await addNode('n2');
    await bench.drain();
    expect(await news()).toContain(
      'a UpdateLoadBalancerFailed: Error updating load balancer with new hosts [n1 n2] [node names limited, total number of nodes: 2], error: quota',
    );
    await bench.advance(5_000);
    expect(cloud.made.get('default/a')).toEqual(['n1', 'n2']);
    await addNode('n3');
    await bench.drain();
    expect(counted).toEqual(['error', 'done']);
  });

  test('that cannot be told to what has gone are no failure', async () => {
    await addNode('n1');
    await add('a');
    await bench.drain();
    await news();
    cloud.fail('update', new Error('not found'));
    cloud.made.clear();
    await addNode('n2');
    expect((await bench.drain()).map(({ error }) => error)).toEqual([undefined]);
    expect(await news()).toEqual([]);
  });
});

describe('a cloud', () => {
  test('that fails is asked again, five seconds later and then half as often each time', async () => {
    cloud.fail('ensure', ...['one', 'two', 'three'].map((text) => new Error(text)));
    await add('web');
    await bench.drain();
    expect(await news()).toContain(
      'web SyncLoadBalancerFailed: Error syncing load balancer: failed to ensure load balancer: one',
    );
    const tries = [];
    for (const wait of [4_999, 1, 9_999, 1, 19_999, 1]) {
      await bench.advance(wait);
      tries.push(calls().length);
    }
    expect(tries).toEqual([1, 1, 0, 1, 0, 1]);
    expect(await ingressOf('web')).toHaveLength(1);
    expect(await finalizersOf('web')).toEqual([CLEANUP_FINALIZER]);
  });

  test('that says when to ask again is asked then', async () => {
    cloud.fail('ensure', new RetryError('still starting', 700));
    await add('web');
    await bench.drain();
    expect(await ingressOf('web')).toBeUndefined();
    await bench.advance(699);
    expect(calls()).toHaveLength(1);
    await bench.advance(1);
    expect(await ingressOf('web')).toHaveLength(1);
  });

  test('that cannot give back what it gave keeps the Service', async () => {
    await add('web');
    await bench.drain();
    await news();
    cloud.fail('ensureDeleted', new Error('in use'));
    await services.delete('web');
    await bench.drain();
    expect(await news()).toContain(
      'web SyncLoadBalancerFailed: Error syncing load balancer: failed to delete load balancer: in use',
    );
    expect(await finalizersOf('web')).toEqual([CLEANUP_FINALIZER]);
    await bench.advance(5_000);
    expect(await services.find('web')).toBeUndefined();
  });

  test('that is slow holds up nobody else’s end, and what changed meanwhile is seen', async () => {
    const go = cloud.stall();
    await add('web');
    const turn = bench.turn();
    await bench.api.activity.settled();
    await services.change('web', { spec: { ports: [{ port: 81 }] } });
    go();
    await turn;
    await bench.drain();
    expect(calls()).toEqual(['ensure web', 'ensure web']);
    expect(await ingressOf('web')).toHaveLength(1);
  });

  test('may say itself that a load balancer wants a look', async () => {
    await add('web');
    await bench.drain();
    calls();
    cloud.change('default/web');
    await bench.drain();
    expect(calls()).toEqual(['ensure web']);
  });
});

test('a restart makes sure of everything and says nothing of what is as it was', async () => {
  await addNode('n1');
  await add('web');
  await bench.drain();
  await news();
  calls();
  await bench.restart();
  await bench.drain();
  expect([calls(), await news()]).toEqual([['ensure web'], []]);
  await bench.stop();
});

test('what was deleted while nobody looked is cleaned up after a restart', async () => {
  await add('web');
  await add('plain');
  await bench.drain();
  await bench.stop();
  await services.delete('web');
  await services.change('plain', { spec: { type: 'ClusterIP' } });
  await bench.restart();
  await bench.drain();
  expect([await services.find('web'), await finalizersOf('plain'), cloud.made.size]).toEqual([undefined, undefined, 0]);
});

test('a Service that went without its finalizer leaves nothing behind', async () => {
  await add('web');
  await bench.drain();
  await news();
  bench.api.hold(/services\?.*watch=true/);
  await services.change('web', { metadata: { finalizers: null } });
  await services.delete('web');
  await add('web', { ports: [{ port: 90 }] });
  bench.api.hold(undefined);
  await bench.drain();
  expect((await news()).slice(0, 2)).toEqual([
    'web DeletingLoadBalancer: Deleting load balancer',
    'web DeletedLoadBalancer: Deleted load balancer',
  ]);
  expect([...cloud.made.keys()]).toEqual(['default/web']);
  bench.api.hold(/services\?.*watch=true/);
  await services.change('web', { metadata: { finalizers: null } });
  await services.delete('web');
  cloud.fail('ensureDeleted', new Error('in use'));
  bench.api.hold(undefined);
  await bench.drain();
  expect(await news()).toContain('web DeleteLoadBalancerFailed: Error deleting load balancer: in use');
  await bench.advance(5_000);
  expect(cloud.made.size).toBe(0);
});

test('a server that is away when the status is to be written is told it later', async () => {
  const isStatus = ({ method, path }: { method: string; path: string }) =>
    method === 'PATCH' && path.includes('/status');
  await add('web');
  bench.api.befall((request) => (isStatus(request) ? new StatusError(500, 'InternalError', 'down') : undefined));
  await bench.drain();
  bench.api.befall(() => undefined);
  expect(await ingressOf('web')).toBeUndefined();
  await bench.advance(5_000);
  expect(await ingressOf('web')).toHaveLength(1);
});
