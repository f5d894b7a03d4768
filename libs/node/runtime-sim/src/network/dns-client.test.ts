import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Socket } from 'node:net';
import dnsPacket, { type Answer } from 'dns-packet';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Dial, DnsClient, type DnsQuestion } from './dns-client.js';

const QUESTION: DnsQuestion = { server: '10.0.0.1', port: 53, name: 'Web.local', type: 'A', timeoutMilliseconds: 1000 };

/** A client of a server that makes its answer of the question. */
const clientOf = (answer: (question: Buffer) => Buffer, connect?: Dial['connect']) =>
  new DnsClient({
    datagram: async (_, __, message) => answer(message),
    connect: connect ?? (() => Promise.reject(new Error('refused'))),
  });
const answering =
  (answers: Answer[], more: object = {}) =>
  (question: Buffer) => {
    const { id = 0, questions = [] } = dnsPacket.decode(question);
    return dnsPacket.encode({
      type: 'response',
      id,
      questions,
      answers,
      flags: dnsPacket.AUTHORITATIVE_ANSWER,
      ...more,
    });
  };
const named = (type: string, data: unknown) => ({ name: 'web.local', type, ttl: 5, data }) as Answer;

test('every kind of record is told as dig writes it', async () => {
  const records = [
    named('A', '10.0.0.1'),
    named('AAAA', 'fd00::1'),
    named('CNAME', 'a.b'),
    named('SRV', { priority: 0, weight: 100, port: 80, target: 'a.b' }),
    named('MX', { preference: 10, exchange: 'mail.b' }),
    named('TXT', ['1.1.0', 'a "b"']),
    named('SOA', { mname: 'ns.b', rname: 'root.b', serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5 }),
    named('UNKNOWN_65280', Buffer.from([1, 2])),
  ];
  const { answers, flags, rcode } = await clientOf(answering(records)).ask(QUESTION);
  expect([rcode, flags]).toEqual(['NOERROR', ['qr', 'aa']]);
  expect(answers.map(({ name, ttl }) => `${name} ${ttl}`)).toEqual(records.map(() => 'web.local. 5'));
  expect(answers.map(({ data }) => data)).toEqual([
    '10.0.0.1',
    'fd00::1',
    'a.b.',
    '0 100 80 a.b.',
    '10 mail.b.',
    '"1.1.0" "a \\"b\\""',
    'ns.b. root.b. 1 2 3 4 5',
    '\\# 2 0102',
  ]);
});

test('EDNS is spoken where it is wanted, and what the server says of itself is told', async () => {
  let said: Answer[] = [];
  const client = clientOf((question) => {
    said = dnsPacket.decode(question).additionals ?? [];
    return answering([], { additionals: said })(question);
  });
  expect((await client.ask({ ...QUESTION, bufferSize: 4096 })).bufferSize).toBe(4096);
  expect((await client.ask(QUESTION)).bufferSize).toBeUndefined();
  expect(said).toEqual([]);
});

test('an answer to another question is none', async () => {
  const other = (change: (bytes: Buffer) => void) => (question: Buffer) => {
    const bytes = answering([named('A', '10.0.0.1')])(question);
    change(bytes);
    return bytes;
  };
  for (const change of [
    (bytes: Buffer) => (bytes[0] = (bytes[0] ?? 0) ^ 1),
    (bytes: Buffer) => (bytes[2] = 0),
    (bytes: Buffer) => (bytes[13] = 0x78),
  ])
    await expect(clientOf(other(change)).ask(QUESTION)).rejects.toThrow('another question');
});

test('an answer by TCP may come in pieces', async () => {
  const connect: Dial['connect'] = async () => {
    const [stream, sent] = [new PassThrough(), new PassThrough()];
    const socket = Object.assign(stream, { write: (bytes: Buffer) => sent.write(bytes) }) as unknown as Socket;
    void once(sent, 'data').then(([bytes]) => {
      const answer = answering([named('A', '10.0.0.1')])((bytes as Buffer).subarray(2));
      const whole = Buffer.concat([Buffer.from([0, answer.length]), answer]);
      for (const byte of whole) stream.push(Buffer.from([byte]));
    });
    return socket;
  };
  const client = clientOf(answering([], { flags: dnsPacket.TRUNCATED_RESPONSE }), connect);
  expect(await client.ask(QUESTION)).toMatchObject({ tcp: true, answers: [{ data: '10.0.0.1' }] });
});

test('whatever a server sends, the client says what it read or that it could not', async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 100 }).map((tail) => (question: Buffer) => {
      const answer = answering([named('A', '10.0.0.1'), named('SRV', { port: 1, target: 'a.b' })])(question);
      const at = tail.length % answer.length;
      return Buffer.concat([answer.subarray(0, at), tail, answer.subarray(at + tail.length)]);
    }),
    fc.uint8Array({ maxLength: 600 }).map((all) => (question: Buffer) => Buffer.concat([question.subarray(0, 2), all])),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (answer) => {
      const message = await clientOf(answer)
        .ask(QUESTION)
        .catch((error: unknown) => error);
      if (message instanceof Error) return;
      expect(message).toHaveProperty('rcode');
    }),
    { numRuns: 2000 },
  );
});
