import { FakeClock } from '@binnacle/machinery-context';
import { expect, test } from 'vitest';
import { Balancer } from './balancer.js';
import type { CarriedBalancer } from './carried.js';

const backend = (host: string, node?: string) => ({
  address: host,
  port: 80,
  place: { host, port: 80 },
  ...(node && { node }),
});
const spec = (hosts: string[], rest: Partial<CarriedBalancer> = {}): CarriedBalancer => ({
  id: 'x',
  backends: hosts.map((host) => backend(host)),
  affinitySeconds: undefined,
  clientNodeOnly: false,
  ...rest,
});
const picks = (balancer: Balancer, clients: string[]) => clients.map((client) => balancer.pick(client)?.address);

function make(
  first: CarriedBalancer,
  clock = new FakeClock(),
  nodeOf: (client: string) => string | undefined = () => undefined,
) {
  const zones: Record<string, string> = { one: 'east', two: 'east', three: 'west' };
  return new Balancer(first, clock, (client) => {
    const node = nodeOf(client);
    return { node, zone: zones[node ?? ''] };
  });
}

test('endpoints answer in turn', () => {
  const balancer = make(spec(['a', 'b', 'c']));
  expect(picks(balancer, ['x', 'x', 'x', 'x'])).toEqual(['a', 'b', 'c', 'a']);
});

test('turns go on when the endpoints change', () => {
  const balancer = make(spec(['a', 'b']));
  balancer.pick('x');
  balancer.update(spec(['a', 'b', 'c']));
  expect(picks(balancer, ['x', 'x'])).toEqual(['b', 'c']);
});

test('an endpoint that could not be reached is not tried again for the same connection', () => {
  const balancer = make(spec(['a', 'b']));
  expect(balancer.pick('x', new Set(['a:80']))?.address).toBe('b');
  expect(balancer.pick('x', new Set(['a:80', 'b:80']))).toBeUndefined();
});

test('dead endpoints do not upset the turns of the others', () => {
  const balancer = make(spec(['a', 'b', 'c', 'd', 'e']));
  const dead = new Set(['a:80', 'b:80']);
  const reached = Array.from({ length: 6 }, () => balancer.pick('x', dead)?.address);
  expect(reached).toEqual(['c', 'd', 'e', 'c', 'd', 'e']);
});

test('ClientIP affinity keeps a client with its endpoint until it has been away for the timeout', () => {
  const clock = new FakeClock();
  const balancer = make(spec(['a', 'b', 'c'], { affinitySeconds: 10 }), clock);
  expect(picks(balancer, ['x', 'y', 'x', 'y'])).toEqual(['a', 'b', 'a', 'b']);
  clock.step(9_999);
  expect(balancer.pick('x')?.address).toBe('a');
  clock.step(9_999);
  expect(balancer.pick('x')?.address).toBe('a');
  clock.step(10_000);
  expect(balancer.pick('x')?.address).toBe('c');
});

test('affinity gives way when the endpoint is gone, and ends when it is switched off', () => {
  const balancer = make(spec(['a', 'b'], { affinitySeconds: 10 }));
  expect(balancer.pick('x')?.address).toBe('a');
  balancer.update(spec(['b', 'c'], { affinitySeconds: 10 }));
  expect(picks(balancer, ['x', 'x'])).toEqual(['c', 'c']);
  balancer.update(spec(['b', 'c']));
  expect(picks(balancer, ['x', 'x'])).toEqual(['b', 'c']);
});

test('internal traffic policy Local keeps a Pod on its node; a client of no node may use any', () => {
  const local = spec([], { clientNodeOnly: true, backends: [backend('a', 'one'), backend('b', 'two')] });
  const balancer = make(local, new FakeClock(), (client) => ({ pod1: 'one', pod3: 'three' })[client]);
  expect(picks(balancer, ['pod1', 'pod1'])).toEqual(['a', 'a']);
  expect(balancer.pick('pod3')).toBeUndefined();
  expect(new Set(picks(balancer, ['host', 'host']))).toEqual(new Set(['a', 'b']));
});

test('a client is served near to it, where every endpoint says for whom it is', () => {
  const near = (host: string, node: string, zone: string) => ({ ...backend(host), forNodes: [node], forZones: [zone] });
  const backends = [near('a', 'one', 'east'), near('b', 'three', 'west'), near('c', 'three', 'west')];
  const nodeOf = (client: string) => ({ pod1: 'one', pod2: 'two', pod3: 'three' })[client];
  const balancer = make(spec([], { backends }), new FakeClock(), nodeOf);
  expect(picks(balancer, ['pod1', 'pod1'])).toEqual(['a', 'a']);
  expect(picks(balancer, ['pod2', 'pod2'])).toEqual(['a', 'a']);
  expect(new Set(picks(balancer, ['pod3', 'pod3']))).toEqual(new Set(['b', 'c']));
  expect(new Set(picks(balancer, ['host', 'host', 'host']))).toEqual(new Set(['a', 'b', 'c']));
  balancer.update(spec([], { backends: [...backends, backend('d')] }));
  expect(new Set(picks(balancer, ['pod1', 'pod1', 'pod1', 'pod1'])).size).toBe(4);
});
