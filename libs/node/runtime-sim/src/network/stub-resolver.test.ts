import { afterEach, describe, expect, test } from 'vitest';
import { a, NameServer, type Zone } from '../testing/name-server.js';
import { inhabitantAt } from '../testing/inhabitants.js';
import { Network } from './network.js';
import { Wire } from './wire.js';

const net = `10.${201 + 2 * Math.floor(Math.random() * 25)}`;
const wire = new Wire({ privileged: false, isService: () => false, listeners: { has: async () => false } });
const servers: NameServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(zone: Zone, ip = `${net}.0.10`): Promise<NameServer> {
  const server = await new NameServer(zone).open(wire, ip);
  servers.push(server);
  return server;
}
const files = (more = '', hosts = '') => ({
  hosts,
  resolvConf: `search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver ${net}.0.10\noptions ndots:5 timeout:1\n${more}`,
});
const network = (own = files()) => new Network(inhabitantAt(`${net}.1.5`), () => own, wire);
const WEB = 'web.shop.svc.cluster.local';

describe('a name', () => {
  test('is looked for along the search path, the nearest first', async () => {
    const server = await serve({ [`${WEB} A`]: [a(WEB, '10.96.0.5')] });
    expect(await network().resolve('web')).toBe('10.96.0.5');
    expect(await network().resolve('web.shop')).toBe('10.96.0.5');
    expect(server.asked).toEqual([`udp ${WEB} A`, `udp web.shop.shop.svc.cluster.local A`, `udp ${WEB} A`]);
  });

  test('in full is asked for as it stands', async () => {
    const server = await serve({ [`${WEB} A`]: [a(WEB, '10.96.0.5')] });
    expect(await network().resolve(`${WEB}.`)).toBe('10.96.0.5');
    expect(server.asked).toEqual([`udp ${WEB} A`]);
  });

  test('that there is none of has been looked for everywhere', async () => {
    const server = await serve({});
    await expect(network().resolve('web')).rejects.toThrow("bad address 'web'");
    expect(server.asked).toHaveLength(4);
  });

  test('without addresses is looked for further on', async () => {
    await serve({ [`${WEB} TXT`]: [], 'web.svc.cluster.local A': [a('web.svc.cluster.local', '10.96.0.6')] });
    expect(await network().resolve('web')).toBe('10.96.0.6');
  });

  test('stands for another, whose address is taken', async () => {
    const alias = { name: WEB, type: 'CNAME', ttl: 5, data: 'example.com' } as const;
    await serve({ [`${WEB} A`]: [alias, a('example.com', '10.96.0.7')] });
    expect(await network().addresses('web')).toEqual({ addresses: ['10.96.0.7'], names: ['example.com'] });
  });

  test('of the file of hosts is that of the file', async () => {
    const server = await serve({});
    expect(await network(files('', '10.1.2.3 web')).resolve('web')).toBe('10.1.2.3');
    expect(server.asked).toEqual([]);
  });

  test('is found by other files where a command has others', async () => {
    expect(await network().resolve('web', files('', '10.1.2.4 web'))).toBe('10.1.2.4');
  });

  test('with more addresses than a datagram holds is asked for by TCP', async () => {
    const many = Array.from({ length: 40 }, (_, at) => a(WEB, `10.244.0.${at}`));
    const server = await serve({ [`${WEB} A`]: many });
    expect((await network().addresses('web')).addresses).toHaveLength(40);
    expect(server.asked).toEqual([`udp ${WEB} A`, `tcp ${WEB} A`]);
  });

  test.each(['a..b', 'x'.repeat(64), `${'x.'.repeat(127)}x`, 'ü', ''])('%j is none', async (name) => {
    const server = await serve({});
    await expect(network().resolve(name)).rejects.toThrow('bad address');
    expect(server.asked.filter((line) => line.includes('..') || line.length > 300)).toEqual([]);
  });
});

describe('a server', () => {
  const second = `${net}.0.11`;
  const both = files(`nameserver ${second}`);

  test('that cannot tell gives way to the next', async () => {
    await serve({ [`${WEB} A`]: 'SERVFAIL' });
    await serve({ [`${WEB} A`]: [a(WEB, '10.96.0.5')] }, second);
    expect(await network(both).resolve('web')).toBe('10.96.0.5');
  });

  test('that is not there too', async () => {
    await serve({ [`${WEB} A`]: [a(WEB, '10.96.0.5')] }, second);
    expect(await network(both).resolve('web')).toBe('10.96.0.5');
  });

  test('that says nothing too, after its time', async () => {
    await serve({ [`${WEB} A`]: 'silence' });
    await serve({ [`${WEB} A`]: [a(WEB, '10.96.0.5')] }, second);
    expect(await network(both).resolve('web')).toBe('10.96.0.5');
  });

  test('is told of where none can tell', async () => {
    await expect(network().resolve('web')).rejects.toThrow(/bad address 'web' \(.*ECONNREFUSED/);
    await serve({ [`${WEB} A`]: 'REFUSED' });
    await expect(network().resolve('web')).rejects.toThrow(`bad address 'web' (${net}.0.10: REFUSED)`);
    await expect(network({ hosts: '', resolvConf: '' }).resolve('web')).rejects.toThrow('no name server is known');
  });
});

test('the Pod itself is local to it', async () => {
  for (const name of ['localhost', '127.0.0.1']) expect(await network().resolve(name)).toBe(`${net}.1.5`);
  expect(await network(files('', '127.0.0.1 me')).resolve('me')).toBe(`${net}.1.5`);
});
