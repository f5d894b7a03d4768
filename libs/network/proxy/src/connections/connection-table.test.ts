import { FakeClock } from '@binnacle/machinery-context';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ServicePlan } from '../plan/service-plan.js';
import { ConnectionTable } from './connection-table.js';
import type { Flow } from './flow.js';

const http = { servicePort: 'http', protocol: 'TCP' } as const;
const backend = (last: number) => ({ address: `10.244.1.${last}`, port: 8080, node: 'a' });

function flow(last = 5, sent = 0, received = 0): Flow {
  return {
    client: { address: '10.244.2.7', port: 40_000 },
    backend: backend(last),
    asked: { host: '10.96.3.4', port: 80, purpose: 'ClusterIP' },
    counts: () => ({ sent, received }),
    isWanted: () => true,
  };
}

/** A plan with one port that leads to these endpoints. */
function plan(...hosts: number[]): Pick<ServicePlan, 'listeners' | 'balancers'> {
  const listener = { ...http, balancer: 'one', host: '10.96.3.4', port: 80, purpose: 'ClusterIP' } as const;
  const balancer = { id: 'one', backends: hosts.map(backend), affinitySeconds: undefined, clientNodeOnly: false };
  return { listeners: [listener], balancers: [balancer] };
}

let clock: FakeClock;
let table: ConnectionTable;
beforeEach(() => {
  clock = new FakeClock();
  table = new ConnectionTable(clock);
});
const open = (service: string, one = flow()) => table.open(table.ledger(service, http), one);

describe('connections', () => {
  test('are told while they stand, the newest first, each by a name of its own', () => {
    const since = clock.now();
    const over = open('default/web');
    clock.step(5);
    open('default/web', { ...flow(6, 1, 2), isWanted: () => false });
    const { items, remaining } = table.list({ limit: 10 });
    expect(items).toMatchObject([
      { since: since + 5, sent: 1, received: 2, draining: true, endpoint: { address: '10.244.1.6', port: 8080 } },
      { since, draining: false, endpoint: { address: '10.244.1.5', port: 8080, node: 'a' }, protocol: 'TCP' },
    ]);
    expect(new Set(items.map(({ id }) => id)).size).toBe(2);
    for (const { id } of items) expect(id).toMatch(/^tcp-[0-9a-f]{8}-\d+$/);
    expect([remaining, table.size]).toEqual([0, 2]);
    over();
    over();
    expect(table.size).toBe(1);
  });

  test('of other processes have other names', () => {
    open('default/web');
    const other = new ConnectionTable(clock);
    other.open(other.ledger('default/web', http), flow());
    expect(other.list({ limit: 1 }).items[0]?.id).not.toBe(table.list({ limit: 1 }).items[0]?.id);
  });

  test('are found by namespace and Service, so many of them', () => {
    for (const service of ['a/web', 'a/web', 'a/webs', 'ab/web']) open(service);
    const found = (query: object) => {
      const { items, remaining } = table.list({ limit: 2, ...query });
      return [items.map(({ service }) => service), remaining];
    };
    expect(found({})).toEqual([['ab/web', 'a/webs'], 2]);
    expect(found({ namespace: 'a' })).toEqual([['a/webs', 'a/web'], 1]);
    expect(found({ namespace: 'a', name: 'web' })).toEqual([['a/web', 'a/web'], 0]);
    expect(found({ namespace: 'a', limit: 0 })).toEqual([[], 3]);
  });
});

describe('what was carried', () => {
  const traffic = (service = 'default/web') => {
    const [namespace = '', name = ''] = service.split('/');
    return table.traffic({ namespace, name })[0];
  };

  test('is counted by endpoint, with what stands', () => {
    const over = open('default/web', flow(5, 10, 20));
    open('default/web', flow(5, 1, 2));
    table.ledger('default/web', http).failed(backend(6));
    over();
    expect(traffic()).toMatchObject({
      service: 'default/web',
      servicePort: 'http',
      protocol: 'TCP',
      endpoints: [
        { address: '10.244.1.5', port: 8080, node: 'a', active: 1, total: 2, failed: 0, sent: 11, received: 22 },
        { address: '10.244.1.6', active: 0, total: 0, failed: 1 },
      ],
      gone: { total: 0, failed: 0, sent: 0, received: 0 },
    });
  });

  test('to an endpoint that is no more is told while something stands to it, then with others', () => {
    const [ended, standing] = [open('default/web', flow(5, 1, 1)), open('default/web', flow(6, 2, 2))];
    ended();
    table.follow('default/web', plan(7));
    expect(traffic()?.endpoints.map(({ address }) => address)).toEqual(['10.244.1.6']);
    expect(traffic()?.gone).toEqual({ total: 1, failed: 0, sent: 1, received: 1 });
    standing();
    expect(traffic()).toMatchObject({ endpoints: [], gone: { total: 2, sent: 3, received: 3 } });
    table.follow('default/web', plan(6));
    open('default/web', flow(6));
    expect(traffic()?.endpoints).toMatchObject([{ address: '10.244.1.6', total: 1, sent: 0 }]);
  });

  test('of a port or Service that is no more is forgotten; what stands, stands', () => {
    const over = open('default/web');
    table.follow('default/web', { listeners: [], balancers: [] });
    expect(traffic()).toBeUndefined();
    expect(table.list({ limit: 5 }).items).toHaveLength(1);
    over();
    expect(table.size).toBe(0);
    table.follow('default/other', plan(5));
    expect(traffic('default/other')).toBeUndefined();
  });
});

/** A table of one port, and what should be known of it. */
class Bookkeeping {
  readonly table = new ConnectionTable(clock);
  private readonly standing: Array<{ over: () => void; host: number }> = [];
  private endpoints = new Set([1, 2, 3, 4]);
  private opened = 0;
  private sent = 0;

  constructor() {
    this.table.ledger('a/b', http);
    this.follow([1, 2, 3, 4]);
  }

  /** A connection is only made to what is an endpoint. */
  open(host: number, sent: number): void {
    if (!this.endpoints.has(host)) return;
    this.standing.push({ over: this.table.open(this.table.ledger('a/b', http), flow(host, sent)), host });
    this.opened += 1;
    this.sent += sent;
  }

  end(at: number): void {
    this.standing.splice(at % (this.standing.length + 1), 1)[0]?.over();
  }

  follow(endpoints: readonly number[]): void {
    this.endpoints = new Set(endpoints);
    this.table.follow('a/b', plan(...endpoints));
  }

  check(): void {
    const { endpoints = [], gone } = this.table.traffic({})[0] ?? {};
    const sum = (of: 'total' | 'sent') => endpoints.reduce((all, line) => all + line[of], gone?.[of] ?? 0);
    expect([sum('total'), sum('sent'), this.table.size]).toEqual([this.opened, this.sent, this.standing.length]);
    const wanted = new Set([...this.endpoints, ...this.standing.map(({ host }) => host)]);
    for (const { address } of endpoints) expect(wanted).toContain(Number(address.split('.')[3]));
  }
}

test('whatever opens, ends and changes, nothing is counted twice or lost, and no more is kept than stands or is an endpoint', () => {
  const step = fc.oneof(
    fc.record({ open: fc.integer({ min: 1, max: 4 }), sent: fc.nat(9) }),
    fc.record({ end: fc.nat(20) }),
    fc.record({ endpoints: fc.subarray([1, 2, 3, 4]) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const books = new Bookkeeping();
      for (const each of steps) {
        if ('open' in each) books.open(each.open, each.sent);
        else if ('end' in each) books.end(each.end);
        else books.follow(each.endpoints);
        books.check();
      }
    }),
  );
});
