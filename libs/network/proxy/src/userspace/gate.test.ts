import { FakeClock } from '@binnacle/machinery-context';
import { expect, test } from 'vitest';
import { ConnectionTable } from '../connections/connection-table.js';
import { nodeMap, wireNode } from '../testing/builders.js';
import { Balancer } from './balancer.js';
import { Gate } from './gate.js';

const nodes = nodeMap([wireNode('a', '127.0.0.11', '10.244.1.0/24')]);
const backend = (host: string) => ({ address: host, port: 80, place: { host, port: 80 } });
const balancer = (id: string, host: string) =>
  new Balancer(
    { id, backends: [backend(host)], affinitySeconds: undefined, clientNodeOnly: false },
    new FakeClock(),
    (client) => nodes.placeOf(client),
  );
const balancers = new Map([
  ['out', balancer('out', 'outside')],
  ['in', balancer('in', 'inside')],
]);
const clock = new FakeClock();
const table = new ConnectionTable(clock);
const books = { table, ledger: table.ledger('default/web', { servicePort: 'http', protocol: 'TCP' }) };
const asked = { host: '10.96.3.4', port: 80, purpose: 'ClusterIP' } as const;
const gate = (rules: object) => new Gate({ balancer: 'out', ...asked, ...rules }, balancers, nodes, books);
const pod = '127.244.1.5';
const onWire = backend('127.244.1.9');

test.each([
  ['127.244.1.5', ['10.244.0.0/16'], true],
  ['127.244.1.5', ['127.244.0.0/16'], true],
  ['127.0.0.1', ['10.244.0.0/16'], false],
  ['127.0.0.1', ['192.0.2.0/24', '127.0.0.0/8'], true],
  ['127.0.0.1', undefined, true],
])('%s where %j are let in: %s', (client, sourceRanges, expected) => {
  expect(gate(sourceRanges ? { sourceRanges } : {}).admits(client)).toBe(expected);
});

test('what comes from inside the cluster may have a way of its own', () => {
  const led = (rules: object, client: string) => gate(rules).balancerOf(client).pick(client)?.address;
  for (const client of [pod, '127.0.0.11']) expect(led({ insideBalancer: 'in' }, client)).toBe('inside');
  for (const client of ['127.0.0.1', '192.0.2.9', '127.5.5.5'])
    expect(led({ insideBalancer: 'in' }, client)).toBe('outside');
  expect(led({}, pod)).toBe('outside');
});

test('a gate of balancers there are none of is a mistake', () => {
  expect(() => gate({ insideBalancer: 'lost' })).toThrow('no balancer lost');
});

test.each([
  ['a Pod', pod, undefined, pod],
  ['a Pod, at a node port', pod, '127.0.0.11', pod],
  ['another address of the machine', '127.5.5.5', undefined, '127.5.5.5'],
  ['the same, at a node port', '127.5.5.5', '127.0.0.11', '127.0.0.11'],
  ['a node, at the port of another', '127.0.0.12', '127.0.0.11', '127.0.0.11'],
  ['the machine', '127.0.0.1', undefined, undefined],
  ['the machine, at a node port', '127.0.0.1', '127.0.0.11', '127.0.0.11'],
  ['somebody, by a load balancer', '127.5.5.5', '127.0.0.1', undefined],
  ['who is beyond the machine', '192.0.2.9', undefined, undefined],
])('endpoints see %s', (_, client, masquerade, expected) => {
  expect(gate(masquerade ? { masquerade } : {}).sourceOf(client, onWire)).toBe(expected);
});

test('an endpoint beyond this machine is dialled as the system sees fit', () => {
  expect(gate({}).sourceOf(pod, backend('192.0.2.20'))).toBeUndefined();
});

test('who is let in and connected stands in the table under the names of the cluster, and who is not is counted', () => {
  const ranged = gate({ sourceRanges: ['10.244.0.0/16'] });
  const { notAdmitted } = books.ledger;
  expect(ranged.admits('127.0.0.1')).toBe(false);
  expect(books.ledger.notAdmitted).toBe(notAdmitted + 1);
  const over = ranged.open({ address: pod, port: 40_000 }, onWire, () => ({ sent: 3, received: 4 }));
  expect(table.list({ limit: 1 }).items).toMatchObject([
    {
      service: 'default/web',
      client: { address: '10.244.1.5', port: 40_000, node: 'a' },
      asked: { address: '10.96.3.4', port: 80 },
      draining: true,
      sent: 3,
      received: 4,
    },
  ]);
  over();
  expect(table.size).toBe(0);
  const clientAt = (address: string) => {
    ranged.open({ address, port: 1 }, onWire, () => ({ sent: 0, received: 0 }));
    return table.list({ limit: 1 }).items[0]?.client;
  };
  expect(clientAt('127.0.0.11')).toEqual({ address: '127.0.0.11', port: 1, node: 'a' });
  expect(clientAt('127.5.5.5')).toEqual({ address: '127.5.5.5', port: 1 });
});
