import { describe, expect, test } from 'vitest';
import { ClusterRecords } from '../cluster/cluster-records.js';
import { decoded, lines, question, takes } from '../testing/messages.js';
import { endpoint, http, serviceIn, sliceOf, sources } from '../testing/objects.js';
import { ClusterZone } from '../zone/cluster-zone.js';
import { type Client, type Outside, Responder } from './responder.js';

const SHOP = 'shop.svc.cluster.local';
const external = (name: string, externalName: string) =>
  serviceIn('shop', name, { type: 'ExternalName', externalName });
const SERVICES = [
  serviceIn('shop', 'web', { clusterIP: '10.96.0.5', ports: [http] }),
  serviceIn('shop', 'direct', { clusterIP: 'None', ports: [http] }),
  serviceIn('shop', 'big', { clusterIP: 'None', ports: [http] }),
  external('alias', `web.${SHOP}`),
  external('second', `alias.${SHOP}`),
  external('away', 'example.com'),
  external('nowhere', `none.${SHOP}`),
  external('circle', `circle.${SHOP}`),
];
const many = Array.from({ length: 300 }, (_, at) => endpoint(`10.244.${at >> 7}.${at & 127}`));
const SLICES = [
  sliceOf(
    'direct',
    'direct-1',
    ['10.244.9.1', '10.244.9.2', '10.244.9.3'].map((address) => endpoint(address)),
  ),
  sliceOf('big', 'big-1', many),
];
const zone = new ClusterZone(new ClusterRecords(sources(SERVICES, SLICES)), 30);
const UDP: Client = { address: '127.0.0.1', transport: 'udp' };
const TCP: Client = { address: '127.0.0.1', transport: 'tcp' };

/** Where nobody is asked. */
const NOBODY: Outside = {
  isOpen: false,
  covers: () => false,
  forward: async () => undefined,
  addresses: async () => [],
};

/** Knows `example.com` and its neighbours. */
const somebody: Outside = {
  isOpen: true,
  covers: (labels) => labels.at(-1) === 'com' || labels.at(-1) === 'arpa',
  forward: async () => undefined,
  addresses: async (name) => (name === 'example.com' ? [{ name, type: 'A', ttl: 9, data: '192.0.2.1' }] : []),
};
const observed: string[] = [];
const observer = {
  answered: ({ type }: { type: number }, { transport }: Client, rcode: string) =>
    void observed.push(`${transport} ${type} ${rcode}`),
};
const responderTo = (outside: Outside = NOBODY) => new Responder(zone, outside, observer);
const asking = async (bytes: Buffer, client = UDP, responder = responderTo()) => {
  const answer = await responder.respond(bytes, client);
  return answer && decoded(answer);
};
const ask = (name: string, type = 'A', client = UDP, responder = responderTo()) =>
  asking(question(name, type), client, responder);

describe('a name of the cluster', () => {
  test('is answered for by this server itself', async () => {
    const answer = await ask(`web.${SHOP}`);
    expect(answer).toMatchObject({ rcode: 'NOERROR', flag_aa: true, flag_ra: false, authorities: [] });
    expect(lines(answer?.answers)).toEqual([`web.${SHOP} A 10.96.0.5`]);
  });

  test('that there is none of is none, for as long as the zone says', async () => {
    const answer = await ask(`none.${SHOP}`);
    expect(answer).toMatchObject({ rcode: 'NXDOMAIN', flag_aa: true, answers: [] });
    expect(answer?.authorities).toMatchObject([{ type: 'SOA', name: 'cluster.local', ttl: 30, data: { minimum: 30 } }]);
  });

  test('that has nothing of a type is there, without it', async () => {
    const answer = await ask(`web.${SHOP}`, 'AAAA');
    expect(answer).toMatchObject({ rcode: 'NOERROR', answers: [], authorities: [{ type: 'SOA' }] });
  });

  test('is told in the letters in which it was asked', async () => {
    const answer = await ask(`WeB.ShOp.svc.cluster.local`);
    expect(lines(answer?.answers)).toEqual(['WeB.ShOp.svc.cluster.local A 10.96.0.5']);
  });

  test('with several addresses begins with another each time', async () => {
    const responder = responderTo();
    const firsts = new Set<string>();
    for (let turn = 0; turn < 6; turn += 1) {
      const { answers = [] } = (await ask(`direct.${SHOP}`, 'A', UDP, responder)) ?? {};
      expect(answers).toHaveLength(3);
      firsts.add(lines(answers)[0] ?? '');
    }
    expect(firsts.size).toBe(3);
  });

  test('with more than a datagram holds is cut, and whole by TCP', async () => {
    const [plain, large, whole] = await Promise.all([
      ask(`big.${SHOP}`),
      asking(question(`big.${SHOP}`, 'A', takes(65_000))),
      ask(`big.${SHOP}`, 'A', TCP),
    ]);
    expect([plain?.flag_tc, plain?.answers?.length]).toEqual([true, 29]);
    expect([large?.flag_tc, large?.answers?.length]).toEqual([true, 252]);
    expect([whole?.flag_tc, whole?.answers?.length]).toEqual([false, 300]);
  });
});

describe('a name that stands for another', () => {
  test.each([
    ['alias', [`alias.${SHOP} CNAME web.${SHOP}`, `web.${SHOP} A 10.96.0.5`]],
    ['second', [`second.${SHOP} CNAME alias.${SHOP}`, `alias.${SHOP} CNAME web.${SHOP}`, `web.${SHOP} A 10.96.0.5`]],
    ['away', [`away.${SHOP} CNAME example.com`]],
  ])('%s is followed as far as is known', async (name, expected) => {
    const answer = await ask(`${name}.${SHOP}`);
    expect([answer?.rcode, lines(answer?.answers)]).toEqual(['NOERROR', expected]);
  });

  test('is followed outside where somebody is asked there', async () => {
    const answer = await ask(`away.${SHOP}`, 'A', UDP, responderTo(somebody));
    expect(lines(answer?.answers)).toEqual([`away.${SHOP} CNAME example.com`, 'example.com A 192.0.2.1']);
  });

  test('is that alone for who asks for it', async () => {
    expect(lines((await ask(`second.${SHOP}`, 'CNAME'))?.answers)).toEqual([`second.${SHOP} CNAME alias.${SHOP}`]);
  });

  test('has the code of the last', async () => {
    expect(await ask(`nowhere.${SHOP}`)).toMatchObject({ rcode: 'NXDOMAIN', answers: [{ type: 'CNAME' }] });
  });

  test('and so on for ever ends', async () => {
    const answer = await ask(`circle.${SHOP}`);
    expect([answer?.rcode, (answer?.answers?.length ?? 99) < 12]).toEqual(['NOERROR', true]);
  });
});

describe('what is not of the cluster', () => {
  test.each<[string, string, string]>([
    ['example.com', 'A', 'NXDOMAIN'],
    ['9.9.9.9.in-addr.arpa', 'PTR', 'NXDOMAIN'],
    ['9.9.9.in-addr.arpa', 'PTR', 'NOERROR'],
    ['in-addr.arpa', 'SOA', 'NOERROR'],
    ['ip6.arpa', 'SOA', 'NOERROR'],
    ['x.in-addr.arpa', 'SOA', 'NXDOMAIN'],
    ['none', 'A', 'NXDOMAIN'],
    ['.', 'NS', 'NOERROR'],
    ['cluster.local', 'AXFR', 'REFUSED'],
    ['cluster.local', 'IXFR', 'REFUSED'],
  ])('%s %s is answered with %s', async (name, type, rcode) => {
    expect(await ask(name, type)).toMatchObject({ rcode });
  });

  test('fails where whoever is asked says nothing', async () => {
    expect(await ask('example.com', 'A', UDP, responderTo(somebody))).toMatchObject({ rcode: 'SERVFAIL' });
  });

  test('is no other class', async () => {
    const bytes = question(`web.${SHOP}`, 'A');
    bytes[bytes.length - 1] = 3;
    expect(await asking(bytes)).toMatchObject({ rcode: 'REFUSED' });
  });
});

test('what is no question is told so, and what is an answer is not answered', async () => {
  const bytes = question(`web.${SHOP}`, 'A');
  expect(await asking(bytes.subarray(0, 20))).toMatchObject({ id: 7, rcode: 'FORMERR' });
  expect(await asking(Buffer.from(bytes).fill(0x80, 2, 3))).toBeUndefined();
});

test('who observes is told of each answer', async () => {
  observed.length = 0;
  await ask(`web.${SHOP}`);
  await ask('example.com', 'AAAA', TCP);
  expect(observed).toEqual(['udp 1 NOERROR', 'tcp 28 NXDOMAIN']);
});
