import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decoded, lines, question, takes } from '../testing/messages.js';
import { type Query, readQuery } from './query.js';
import { type Reply, writeReply } from './reply.js';
import type { ResourceRecord } from './types.js';

function asked(...of: Parameters<typeof question>): Query {
  const read = readQuery(question(...of));
  if (!read || 'bad' in read) throw new Error('no question');
  return read.query;
}
const a = (name: string, data: string): ResourceRecord => ({ name, type: 'A', ttl: 30, data });
const many = (count: number) =>
  Array.from({ length: count }, (_, at) => a('direct.shop.svc.cluster.local', `10.244.${at >> 8}.${at & 255}`));
const QUERY = asked('Direct.shop.svc.cluster.local', 'A');
const answer = (reply: Reply, limit = 512, query = QUERY) => writeReply(query, reply, limit);

const RECORDS: readonly ResourceRecord[] = [
  a('direct.shop.svc.cluster.local', '10.244.0.1'),
  { name: 'v6.shop.svc.cluster.local', type: 'AAAA', ttl: 30, data: 'fd00::1' },
  { name: 'alias.shop.svc.cluster.local', type: 'CNAME', ttl: 30, data: 'example.com' },
  { name: 'cluster.local', type: 'NS', ttl: 30, data: 'ns.dns.cluster.local' },
  { name: '1.0.244.10.in-addr.arpa', type: 'PTR', ttl: 30, data: 'a.direct.shop.svc.cluster.local' },
  { name: 'dns-version.cluster.local', type: 'TXT', ttl: 30, data: '1.1.0' },
  {
    name: '_http._tcp.direct.shop.svc.cluster.local',
    type: 'SRV',
    ttl: 30,
    data: { priority: 0, weight: 100, port: 80, target: 'a.direct.shop.svc.cluster.local' },
  },
];

test('every kind of record is read by others as it was meant, and the question with the letters it came in', () => {
  const { questions, answers, rcode, id, flag_aa, flag_rd, flag_ra, flag_tc } = decoded(
    answer({ rcode: 'NOERROR', authoritative: true, answers: RECORDS }, 4096),
  );
  expect(questions).toEqual([{ name: 'Direct.shop.svc.cluster.local', type: 'A', class: 'IN' }]);
  expect({ rcode, id, flag_aa, flag_rd, flag_ra, flag_tc }).toEqual({
    rcode: 'NOERROR',
    id: 7,
    flag_aa: true,
    flag_rd: true,
    flag_ra: false,
    flag_tc: false,
  });
  expect(lines(answers)).toMatchInlineSnapshot(`
    [
      "Direct.shop.svc.cluster.local A 10.244.0.1",
      "v6.shop.svc.cluster.local AAAA fd00::1",
      "alias.shop.svc.cluster.local CNAME example.com",
      "cluster.local NS ns.dns.cluster.local",
      "1.0.244.10.in-addr.arpa PTR a.direct.shop.svc.cluster.local",
      "dns-version.cluster.local TXT [{"type":"Buffer","data":[49,46,49,46,48]}]",
      "_http._tcp.Direct.shop.svc.cluster.local SRV {"priority":0,"weight":100,"port":80,"target":"a.direct.shop.svc.cluster.local"}",
    ]
  `);
  expect(answers?.every((record) => 'ttl' in record && record.ttl === 30)).toBe(true);
});

test('a name that was said before is only pointed to', () => {
  const one = answer({ rcode: 'NOERROR', answers: many(1) }).length;
  expect(answer({ rcode: 'NOERROR', answers: many(2) }).length - one).toBe(2 + 2 + 2 + 4 + 2 + 4);
});

describe('an answer that is too long', () => {
  test.each([
    ['without EDNS is cut at 512 bytes', 512, {}],
    ['with EDNS at what the client takes, its own EDNS within', 1232, takes(1232)],
  ])('%s', (_, limit, more) => {
    const bytes = answer(
      { rcode: 'NOERROR', answers: many(300) },
      limit,
      asked('direct.shop.svc.cluster.local', 'A', more),
    );
    const { flag_tc, answers = [] } = decoded(bytes);
    expect([flag_tc, bytes.length <= limit, bytes.length > limit - 16]).toEqual([true, true, true]);
    expect(lines(answers)).toEqual(lines(many(answers.length)));
  });

  test('is whole where there is room', () => {
    const { flag_tc, answers } = decoded(answer({ rcode: 'NOERROR', answers: many(300) }, 65_535));
    expect([flag_tc, answers?.length]).toEqual([false, 300]);
  });

  test('leaves out what was not asked for, and says nothing of that', () => {
    const bytes = answer({ rcode: 'NOERROR', answers: many(2), additionals: many(300) });
    const { flag_tc, answers, additionals = [] } = decoded(bytes);
    expect([flag_tc, answers?.length, additionals.length > 10, bytes.length <= 512]).toEqual([false, 2, true, true]);
  });
});

test('who speaks EDNS is answered in it, and told what this server takes', () => {
  const bytes = answer({ rcode: 'NXDOMAIN' }, 512, asked('a.b', 'A', takes(4096)));
  const { additionals, rcode } = decoded(bytes);
  expect([rcode, additionals]).toMatchObject(['NXDOMAIN', [{ type: 'OPT', name: '.', udpPayloadSize: 1232 }]]);
  expect(decoded(answer({ rcode: 'NXDOMAIN' })).additionals).toEqual([]);
});

test('a code beyond four bits goes by EDNS', () => {
  const { rcode, additionals } = decoded(writeReply({ id: 7 }, { rcode: 'BADVERS' }, 512));
  expect([rcode, additionals]).toMatchObject(['NOERROR', [{ extendedRcode: 1 }]]);
});

test('without a question there is none', () => {
  expect(decoded(writeReply({ id: 9 }, { rcode: 'FORMERR' }, 512))).toMatchObject({
    id: 9,
    rcode: 'FORMERR',
    questions: [],
  });
});

test('a label with a dot in it is not taken for two', () => {
  const bytes = question('aXb.local', 'A');
  bytes[14] = 0x2e;
  const read = readQuery(bytes);
  const query = read && 'query' in read ? read.query : QUERY;
  const { answers } = decoded(writeReply(query, { rcode: 'NOERROR', answers: [a('a.b.local', '10.0.0.1')] }, 512));
  const raw = writeReply(query, { rcode: 'NOERROR', answers: [a('a.b.local', '10.0.0.1')] }, 512);
  expect(lines(answers)).toEqual(['a.b.local A 10.0.0.1']);
  expect(raw.subarray(bytes.length).toString('latin1').startsWith('\x01a\x01b')).toBe(true);
});

test('whatever the records, others read those that were written, within the limit', () => {
  const label = fc.stringMatching(/^[a-z0-9_-]{1,12}$/);
  const name = fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join('.'));
  const record = fc
    .tuple(name, fc.constantFrom('A', 'CNAME', 'PTR', 'TXT'), name, fc.ipV4())
    .map(
      ([owner, type, target, ip]) =>
        ({ name: owner, type, ttl: 5, data: type === 'A' ? ip : target }) as ResourceRecord,
    );
  fc.assert(
    fc.property(fc.array(record, { maxLength: 40 }), fc.integer({ min: 512, max: 2048 }), (records, limit) => {
      const bytes = answer({ rcode: 'NOERROR', answers: records }, limit);
      const { answers = [], flag_tc } = decoded(bytes);
      expect(bytes.length).toBeLessThanOrEqual(limit);
      expect(flag_tc).toBe(answers.length < records.length);
      const written = records.slice(0, answers.length);
      expect(answers.map(({ name: owner, type }) => [owner, type])).toEqual(
        written.map(({ name: owner, type }) => [owner, type]),
      );
    }),
  );
});
