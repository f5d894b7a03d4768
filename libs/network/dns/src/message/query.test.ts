import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { question, takes } from '../testing/messages.js';
import { readQuery } from './query.js';
import { TYPE } from './types.js';

const read = (bytes: Buffer) => {
  const found = readQuery(bytes);
  return found && 'query' in found ? found.query : undefined;
};
const rcodeOf = (bytes: Buffer) => {
  const found = readQuery(bytes);
  if (!found) return 'silence';
  return 'bad' in found ? found.bad.rcode : 'a query';
};
/** A copy with other bytes from an offset on. */
const changed = (bytes: Buffer, at: number, ...to: number[]) => {
  const copy = Buffer.from(bytes);
  copy.set(to, at);
  return copy;
};
const plain = question('Web.Shop.svc.cluster.local', 'A');

test('a question is read with its labels in lower case, and kept as it came', () => {
  const query = read(plain);
  expect(query).toMatchObject({ id: 7, type: TYPE.A, class: 1, recursionDesired: true, checkingDisabled: false });
  expect(query?.labels).toEqual(['web', 'shop', 'svc', 'cluster', 'local']);
  expect(query?.question).toEqual(plain.subarray(12));
  expect(query?.edns).toBeUndefined();
});

test('the root has no labels', () => {
  expect(read(question('.', 'NS'))?.labels).toEqual([]);
});

test('what a client says of itself is read', () => {
  expect(read(question('a.b', 'A', takes(1232)))?.edns).toEqual({ payloadSize: 1232, dnssecOk: false });
});

test('a label may hold any byte, a dot too', () => {
  const bytes = changed(question('aXb.c', 'A'), 14, 0x2e);
  expect(read(bytes)?.labels).toEqual(['a.b', 'c']);
});

describe('what is no question is answered with', () => {
  const opt = question('a.b', 'A', takes(1232));
  test.each<[string, Buffer, string]>([
    ['nothing, where it is an answer itself', changed(plain, 2, 0x81), 'silence'],
    ['nothing, where it is shorter than a header', plain.subarray(0, 11), 'silence'],
    ['NOTIMP, of another kind', changed(plain, 2, 0x28), 'NOTIMP'],
    ['FORMERR, without a question', changed(plain, 5, 0), 'FORMERR'],
    ['FORMERR, with two', changed(plain, 5, 2), 'FORMERR'],
    ['FORMERR, with answers', changed(plain, 7, 1), 'FORMERR'],
    ['FORMERR, with authorities', changed(plain, 9, 1), 'FORMERR'],
    ['FORMERR, with very many records', changed(plain, 10, 0xff, 0xff), 'FORMERR'],
    ['FORMERR, with a record that is not there', changed(plain, 11, 1), 'FORMERR'],
    ['FORMERR, cut in its name', plain.subarray(0, 20), 'FORMERR'],
    ['FORMERR, cut after it', plain.subarray(0, plain.length - 1), 'FORMERR'],
    ['FORMERR, with a pointer to itself', changed(plain, 12, 0xc0, 0x0c), 'FORMERR'],
    ['FORMERR, with a label of a kind that there is not', changed(plain, 12, 0x80), 'FORMERR'],
    ['FORMERR, for a record of the message itself', changed(plain, plain.length - 3, TYPE.OPT), 'FORMERR'],
    ['FORMERR, with more than a question needs', Buffer.concat([plain, Buffer.alloc(4096)]), 'FORMERR'],
    ['FORMERR, with EDNS twice', changed(Buffer.concat([opt, opt.subarray(-11)]), 11, 2), 'FORMERR'],
    ['BADVERS, for EDNS to come', changed(opt, opt.length - 5, 1), 'BADVERS'],
    ['an answer, with EDNS once', opt, 'a query'],
  ])('%s', (_, bytes, expected) => {
    expect(rcodeOf(bytes)).toBe(expected);
  });
});

test('a name of 255 bytes is the longest', () => {
  const label = (length: number) => [length, ...Array<number>(length).fill(0x61)];
  const name = (last: number) => Buffer.from([...label(63), ...label(63), ...label(63), ...label(last), 0]);
  const ask = (bytes: Buffer) => Buffer.concat([plain.subarray(0, 12), bytes, Buffer.from([0, 1, 0, 1])]);
  expect(rcodeOf(ask(name(61)))).toBe('a query');
  expect(rcodeOf(ask(name(62)))).toBe('FORMERR');
});

test('no bytes make it throw, and what it reads is what they say', () => {
  const whole = Buffer.concat([question('a.b', 'A', takes(512)), Buffer.alloc(64)]);
  const near = fc
    .tuple(fc.nat({ max: whole.length - 8 }), fc.uint8Array({ maxLength: 8 }))
    .map(([at, to]) => changed(whole, at, ...to));
  const any = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.oneof(near, any), (bytes) => {
      const found = readQuery(bytes);
      if (!found || 'bad' in found) return;
      const { labels, question: asked } = found.query;
      expect(labels.reduce((sum, label) => sum + label.length + 1, 1) + 4).toBe(asked.length);
      expect(asked.length).toBeLessThanOrEqual(259);
    }),
    { numRuns: 3000 },
  );
});
