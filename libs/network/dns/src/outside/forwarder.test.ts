import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import dnsPacket, { type Answer } from 'dns-packet';
import { afterEach, describe, expect, test } from 'vitest';
import { readQuery } from '../message/query.js';
import { TYPE } from '../message/types.js';
import { decoded, lines, question } from '../testing/messages.js';
import { AnswerCache } from './answer-cache.js';
import { Forwarder } from './forwarder.js';
import type { NameServer } from './name-server.js';
import { WaitingBounds } from './waiting-bounds.js';

const closing: Array<() => void> = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});
const a = (name: string, data: string): Answer => ({ name, type: 'A', ttl: 60, data });
type Says = (name: string) => { answers?: Answer[]; flags?: number } | undefined;

/** Answers by both transports; what does not fit into 512 bytes is cut. */
class Upstream {
  readonly asked: string[] = [];
  constructor(
    private readonly says: Says,
    readonly server: NameServer,
  ) {}

  static async start(says: Says, host = '127.0.0.1'): Promise<Upstream> {
    const udp: Socket = createSocket('udp4').bind({ address: host, port: 0 });
    await once(udp, 'listening');
    const { port } = udp.address();
    const tcp: Server = createServer();
    await once(tcp.listen({ host, port }), 'listening');
    const upstream = new Upstream(says, { ip: host, port });
    udp.on('message', (bytes, from) => {
      const answer = upstream.answer(bytes, 'udp');
      if (answer) udp.send(answer, from.port, from.address);
    });
    tcp.on('connection', (socket) => {
      socket.on('data', (bytes) => {
        const answer = upstream.answer(bytes.subarray(2), 'tcp');
        if (answer) socket.end(Buffer.concat([Buffer.from([answer.length >> 8, answer.length & 255]), answer]));
      });
    });
    closing.push(
      () => udp.close(),
      () => tcp.close(),
    );
    return upstream;
  }

  private answer(bytes: Buffer, transport: string): Buffer | undefined {
    const { id, questions = [] } = dnsPacket.decode(bytes);
    const name = questions[0]?.name ?? '';
    this.asked.push(`${transport} ${name}`);
    const said = this.says(name);
    if (!said) return undefined;
    const whole = dnsPacket.encode({ type: 'response', id, questions, ...said });
    if (transport === 'tcp' || whole.length <= 512) return whole;
    return dnsPacket.encode({ type: 'response', id, questions, flags: dnsPacket.TRUNCATED_RESPONSE });
  }
}

const bounds = () => new WaitingBounds({ perClient: 2, inAll: 3 });
function forwarderTo(servers: readonly NameServer[], stubs: Record<string, NameServer[]> = {}, waiting = bounds()) {
  const clock = new FakeClock();
  const ctx = { clock, logger: silentLogger, signal: new AbortController().signal };
  const cache = new AnswerCache(clock, { mostBytes: 1_000_000, longestSeconds: 30 });
  const place = async ({ ip, port }: NameServer) => ({ host: ip, port });
  const forwarder = new Forwarder(ctx, { cluster: 'x', place, cache, bounds: waiting });
  const config = { upstreams: servers, stubDomains: new Map(Object.entries(stubs)) };
  forwarder.configure(config);
  return { clock, forwarder, config };
}
function queryOf(name: string) {
  const read = readQuery(question(name, 'A'));
  if (!read || 'bad' in read) throw new Error('no question');
  return read.query;
}
const client = (address = '127.0.0.1') => ({ address, transport: 'udp' as const });
const ask = async (forwarder: Forwarder, name: string, from = client()) => {
  const answer = await forwarder.forward(queryOf(name), from, 512);
  return answer && decoded(answer);
};
const known: Says = (name) => ({ answers: [a(name, '192.0.2.1')] });

test('a question is asked on, once for as long as the answer holds', async () => {
  const upstream = await Upstream.start(known);
  const { forwarder, clock } = forwarderTo([upstream.server]);
  for (const name of ['example.com', 'EXAMPLE.com', 'example.com']) {
    const answer = await ask(forwarder, name);
    expect([answer?.questions?.[0]?.name, lines(answer?.answers)]).toEqual([
      name,
      [expect.stringMatching(/A 192.0.2.1$/)],
    ]);
  }
  expect(upstream.asked).toEqual(['udp example.com']);
  clock.step(30_000);
  await ask(forwarder, 'example.com');
  expect(upstream.asked).toHaveLength(2);
});

test('a label may hold any byte, and is no other name by that', async () => {
  const isOne = (name: string) => name.includes('\0');
  const upstream = await Upstream.start((name) => (isOne(name) ? { answers: [a(name, '192.0.2.66')] } : known(name)));
  const { forwarder } = forwarderTo([upstream.server]);
  await ask(forwarder, 'www\0example\0com');
  expect(lines((await ask(forwarder, 'www.example.com'))?.answers)).toEqual(['www.example.com A 192.0.2.1']);
});

test('many who ask at once wait for one answer', async () => {
  const upstream = await Upstream.start(known);
  const { forwarder } = forwarderTo([upstream.server], {}, new WaitingBounds({ perClient: 50, inAll: 50 }));
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(forwarder, 'example.com')));
  expect([answers.filter(Boolean).length, upstream.asked.length]).toEqual([20, 1]);
});

test('what does not fit into a datagram is asked for by TCP', async () => {
  const upstream = await Upstream.start((name) => ({
    answers: Array.from({ length: 40 }, (_, at) => a(name, `192.0.2.${at}`)),
  }));
  const { forwarder } = forwarderTo([upstream.server]);
  const answer = await forwarder.forward(queryOf('example.com'), client(), 65_535);
  expect([answer && decoded(answer).answers?.length, upstream.asked]).toEqual([
    40,
    ['udp example.com', 'tcp example.com'],
  ]);
  expect(await ask(forwarder, 'example.com')).toMatchObject({ flag_tc: true });
});

describe('servers', () => {
  test('of the longest stub domain are asked', async () => {
    const [all, corp, deep] = await Promise.all([Upstream.start(known), Upstream.start(known), Upstream.start(known)]);
    const stubs = { corp: [corp.server], 'deep.corp': [deep.server] };
    const { forwarder } = forwarderTo([all.server], stubs);
    for (const name of ['a.corp', 'corp', 'a.deep.corp', 'xcorp', 'corp.example.com']) await ask(forwarder, name);
    expect([all.asked, corp.asked, deep.asked]).toEqual([
      ['udp xcorp', 'udp corp.example.com'],
      ['udp a.corp', 'udp corp'],
      ['udp a.deep.corp'],
    ]);
  });

  test('of a stub domain alone are not asked about other names', () => {
    const { forwarder } = forwarderTo([], { corp: [{ ip: '127.0.0.1', port: 9 }] });
    expect([forwarder.covers(['a', 'corp']), forwarder.covers(['example', 'com']), forwarder.isOpen]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('that cannot tell give way to the next', async () => {
    const [failing, good] = await Promise.all([Upstream.start(() => ({ flags: 2 })), Upstream.start(known)]);
    const { forwarder } = forwarderTo([failing.server, good.server]);
    expect(await ask(forwarder, 'example.com')).toMatchObject({ rcode: 'NOERROR' });
    expect([failing.asked.length, good.asked.length]).toEqual([1, 1]);
  });

  test('that are silent do so too, after their time', async () => {
    const [silent, good] = await Promise.all([Upstream.start(() => undefined), Upstream.start(known)]);
    const { forwarder, clock } = forwarderTo([silent.server, good.server]);
    const answer = ask(forwarder, 'example.com');
    await expect.poll(() => silent.asked.length).toBe(1);
    clock.step(1_500);
    expect(await answer).toMatchObject({ rcode: 'NOERROR' });
  });

  test('that are not there too', async () => {
    const good = await Upstream.start(known);
    const { forwarder } = forwarderTo([{ ip: '127.0.0.1', port: 1 }, good.server]);
    expect(await ask(forwarder, 'example.com')).toMatchObject({ rcode: 'NOERROR' });
  });

  test('of which none can tell say so, and none of it is kept', async () => {
    const failing = await Upstream.start(() => ({ flags: 2 }));
    const { forwarder } = forwarderTo([failing.server]);
    expect(await ask(forwarder, 'example.com')).toMatchObject({ rcode: 'SERVFAIL' });
    await ask(forwarder, 'example.com');
    expect(failing.asked).toHaveLength(2);
    expect(await ask(forwarderTo([{ ip: '127.0.0.1', port: 1 }]).forwarder, 'example.com')).toBeUndefined();
  });
});

test('an answer of an earlier configuration is not given any more', async () => {
  const upstream = await Upstream.start(known);
  const { forwarder, config } = forwarderTo([upstream.server]);
  await ask(forwarder, 'example.com');
  forwarder.configure(config);
  await ask(forwarder, 'example.com');
  expect(upstream.asked).toHaveLength(2);
});

test('so many of one client may wait, and so many in all', async () => {
  const silent = await Upstream.start(() => undefined);
  const waiting = bounds();
  const { forwarder, clock } = forwarderTo([silent.server], {}, waiting);
  const [one, two] = [client('127.0.0.1'), client('127.0.0.2')];
  const answers = [ask(forwarder, 'a', one), ask(forwarder, 'b', one), ask(forwarder, 'c', two)];
  expect(await ask(forwarder, 'd', one)).toBeUndefined();
  expect(await ask(forwarder, 'e', two)).toBeUndefined();
  expect(waiting.rejected).toBe(2);
  await expect.poll(() => silent.asked.length).toBe(3);
  clock.step(1_500);
  await Promise.all(answers);
  expect([one, one, two].map(({ address }) => waiting.enter(address)).every(Boolean)).toBe(true);
});

test('the addresses of a name are taken from what is answered', async () => {
  const upstream = await Upstream.start(known);
  const { forwarder } = forwarderTo([upstream.server]);
  expect(await forwarder.addresses('Example.com', TYPE.A, client())).toMatchObject([{ type: 'A', data: '192.0.2.1' }]);
  expect(await forwarder.addresses('no name', TYPE.A, client())).toEqual([]);
});
