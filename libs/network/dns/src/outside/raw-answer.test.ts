import dnsPacket, { type Answer, type Packet } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Query, readQuery } from '../message/query.js';
import { decoded, lines, question, takes } from '../testing/messages.js';
import { addressesIn } from './addresses-in.js';
import { answerTo, type RawAnswer, readAnswer } from './raw-answer.js';

function asked(...of: Parameters<typeof question>): Query {
  const read = readQuery(question(...of));
  if (!read || 'bad' in read) throw new Error('no question');
  return read.query;
}
const QUERY = asked('Example.com', 'A');
const a = (data: string, ttl = 300, name = 'example.com'): Answer => ({ name, type: 'A', ttl, data });
const soa = (ttl: number, minimum: number): Answer => ({
  name: 'com',
  type: 'SOA',
  ttl,
  data: { mname: 'ns.com', rname: 'root.com', serial: 1, refresh: 2, retry: 3, expire: 4, minimum },
});
const EDNS = takes(1232).additionals ?? [];
const FLAGS = dnsPacket.RECURSION_DESIRED | dnsPacket.RECURSION_AVAILABLE;
const says = (more: Packet): Buffer =>
  dnsPacket.encode({ type: 'response', id: 9, flags: FLAGS, questions: [{ type: 'A', name: 'example.com' }], ...more });
const read = (more: Packet): RawAnswer => readAnswer(says(more), 9, QUERY.question);
const told = (answer: RawAnswer, query = QUERY, age = 0, limit = 512) => decoded(answerTo(query, answer, age, limit));

test('another is told what was said, under its own id and in its own letters', () => {
  const { id, questions, answers, rcode, flag_aa, flag_ra, flag_rd, additionals } = told(
    read({ answers: [a('192.0.2.1')] }),
  );
  expect({ id, questions, rcode, flag_aa, flag_ra, flag_rd, additionals }).toEqual({
    id: 7,
    questions: [{ name: 'Example.com', type: 'A', class: 'IN' }],
    rcode: 'NOERROR',
    flag_aa: false,
    flag_ra: true,
    flag_rd: true,
    additionals: [],
  });
  expect(lines(answers)).toEqual(['example.com A 192.0.2.1']);
});

test('how long it holds is told by its age', () => {
  const answer = read({ answers: [a('192.0.2.1', 300), a('192.0.2.2', 10)] });
  expect(answer.ttl).toBe(10);
  const ttls = (age: number) => told(answer, QUERY, age).answers?.map((record) => 'ttl' in record && record.ttl);
  expect([ttls(0), ttls(7), ttls(99)]).toEqual([
    [300, 10],
    [293, 3],
    [201, 0],
  ]);
});

describe('holds for as long as', () => {
  test.each<[string, Packet, number]>([
    ['its records', { answers: [a('192.0.2.1', 60)], authorities: [soa(20, 5)] }, 20],
    ['its SOA says that there is nothing', { authorities: [soa(900, 60)] }, 60],
    ['its SOA itself holds', { authorities: [soa(30, 60)], flags: FLAGS | 3 }, 30],
    ['nothing says', { flags: FLAGS | 3 }, 0],
    ['a TTL that is one', { answers: [a('192.0.2.1', 0x8000_0000)] }, 0],
  ])('%s', (_, packet, ttl) => {
    expect(read(packet).ttl).toBe(ttl);
  });
});

describe('EDNS', () => {
  test('is between two neighbours', () => {
    const answer = read({ answers: [a('192.0.2.1')], additionals: EDNS });
    expect(told(answer).additionals).toEqual([]);
    expect(told(answer, asked('example.com', 'A', takes(4096))).additionals).toMatchObject([{ udpPayloadSize: 1232 }]);
  });

  test('takes with it what stands behind it, which may point past it', () => {
    const additionals = [a('192.0.2.8', 9, 'ns.com'), ...EDNS, a('192.0.2.9', 9, 'ns2.com')];
    expect(lines(told(read({ answers: [a('192.0.2.1')], additionals })).additionals)).toEqual(['ns.com A 192.0.2.8']);
  });

  test('of a kind that is not spoken makes it no answer', () => {
    const [opt] = EDNS;
    const additionals = [{ ...opt, extendedRcode: 1 } as Answer];
    expect(() => read({ additionals })).toThrow('this EDNS');
  });
});

describe('an answer that is too long', () => {
  const many = Array.from({ length: 60 }, (_, at) => a(`192.0.2.${at}`));

  test('is cut for who takes no more', () => {
    const answer = read({ answers: many });
    expect(told(answer)).toMatchObject({ flag_tc: true, answers: [], questions: [{ name: 'Example.com' }] });
    expect(told(answer, QUERY, 0, 65_535).answers).toHaveLength(60);
  });

  test('was cut already', () => {
    const cut = says({ answers: many, flags: FLAGS | dnsPacket.TRUNCATED_RESPONSE }).subarray(0, 100);
    const answer = readAnswer(cut, 9, QUERY.question);
    expect(answer).toMatchObject({ isCut: true, ttl: 0 });
    expect(told(answer)).toMatchObject({ flag_tc: true, answers: [] });
  });
});

describe('is no answer to the question', () => {
  const whole = says({ answers: [a('192.0.2.1')] });
  const changed = (at: number, to: number) => {
    const copy = Buffer.from(whole);
    copy[at] = to;
    return copy;
  };
  test.each<[string, Buffer]>([
    ['of another id', changed(1, 8)],
    ['a question itself', changed(2, 1)],
    ['of another kind', changed(2, 0xa8)],
    ['about another name', changed(13, 0x66)],
    ['about nothing', changed(5, 0)],
    ['cut in its records', whole.subarray(0, whole.length - 1)],
    ['with more records than it has', changed(7, 9)],
    ['shorter than a header', whole.subarray(0, 5)],
    ['with a label of a kind that there is not', changed(29, 0x80)],
  ])('%s', (_, bytes) => {
    expect(() => readAnswer(bytes, 9, QUERY.question)).toThrow();
  });
});

test('whatever is said, what is told on is a message within its limit', () => {
  const base = says({ answers: [a('192.0.2.1'), a('192.0.2.2')], authorities: [soa(9, 9)], additionals: EDNS });
  const bytes = fc
    .tuple(fc.nat({ max: base.length }), fc.uint8Array({ maxLength: 12 }))
    .map(([at, to]) => Buffer.concat([base.subarray(0, at), to, base.subarray(at + to.length)]));
  fc.assert(
    fc.property(bytes, fc.integer({ min: 512, max: 1232 }), fc.nat(), (message, limit, age) => {
      let answer: RawAnswer;
      try {
        answer = readAnswer(message, 9, QUERY.question);
      } catch {
        return;
      }
      const out = answerTo(QUERY, answer, age, limit);
      expect(out.length).toBeLessThanOrEqual(limit);
      expect(out.subarray(12, 12 + QUERY.question.length)).toEqual(QUERY.question);
      addressesIn(out);
    }),
    { numRuns: 2000 },
  );
});

test('of addresses only those are taken over that are some, with names that are', () => {
  const odd: Answer = { name: 'example.com', type: 'CNAME', ttl: 5, data: 'a\ufffd.b' };
  const answers = [
    { ...odd, data: 'other.com' },
    odd,
    a('192.0.2.1', 5, 'other.com'),
    { ...odd, type: 'TXT', data: 'x' } as Answer,
  ];
  expect(lines(addressesIn(says({ answers })) as Answer[])).toEqual([
    'example.com CNAME other.com',
    'other.com A 192.0.2.1',
  ]);
  expect(addressesIn(Buffer.from('nothing'))).toEqual([]);
});
