import type { Write } from '@binnacle/server-storage';
import fc from 'fast-check';
import { serialize } from 'pg-protocol';
import { describe, expect, it } from 'vitest';
import { bigintArray, textArray } from '../binary-array.js';
import { encodeActor, encodeAttributes, encodeKey } from '../encoding.js';
import { CommitMemory } from './commit-memory.js';
import { COMMIT, commitMessage } from './commit-message.js';
import type { QueuedWrite } from './commit-queue.js';

const text = fc.string({ unit: 'binary' });
const write: fc.Arbitrary<Write> = fc.record({
  op: fc.constantFrom('create', 'update', 'delete'),
  expected: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  key: fc.record({ cluster: text, resource: text, namespace: text, name: text }),
  body: text.map((value) => Buffer.from(value)),
  attributes: fc.record({ labels: fc.dictionary(text, text), fields: fc.dictionary(text, text) }),
  actor: fc.record({ user: text, client: text }),
}) as fc.Arbitrary<Write>;

const queued = (of: Write): QueuedWrite => ({
  write: of,
  key: encodeKey(of.key),
  ending: new AbortController().signal,
  deadline: 0,
  resolve: () => undefined,
  reject: () => undefined,
});

const int64 = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
};

/** The same, as the driver encodes it. */
function byTheDriver(cluster: string, writes: readonly Write[]): Buffer {
  const expected = writes.map((of) => (of.op === 'create' ? 0 : of.expected));
  const values = [
    int64(Number(cluster)),
    int64(writes.reduce((sum, of) => sum + of.body.length, 0)),
    int64(Math.min(...expected)),
    Buffer.from(writes.map((of) => ['create', 'update', 'delete'].indexOf(of.op) + 1)),
    bigintArray(expected),
    textArray(writes.map((of) => encodeKey(of.key))),
    textArray(writes.map((of) => of.body.toString())),
    textArray(writes.map((of) => encodeAttributes(of.attributes))),
    textArray(writes.map((of) => encodeActor(of.actor))),
  ];
  return Buffer.concat([
    serialize.bind({ statement: COMMIT.name, values, valueMapper: (value: unknown) => value }),
    serialize.describe({ type: 'P', name: '' }),
    serialize.execute(),
    serialize.sync(),
  ]);
}

/** One code for all parameters and the default for all results say the same in fewer bytes than a code for each. */
function withShortCodes(message: Buffer): Buffer {
  const codes = message.indexOf(COMMIT.name) + COMMIT.name.length + 1;
  const count = message.readInt16BE(codes);
  const results = message.readInt32BE(1) + 1 - 4;
  const short = Buffer.concat([
    message.subarray(0, codes),
    Buffer.from([0, 1, 0, 1]),
    message.subarray(codes + 2 + count * 2, results),
    Buffer.from([0, 0]),
    message.subarray(results + 4),
  ]);
  short.writeInt32BE(message.readInt32BE(1) - (count - 1) * 2 - 2, 1);
  return short;
}

describe('the message that commits a batch', () => {
  it('is what the driver would send', () => {
    const memory = new CommitMemory();
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 53n - 1n }), fc.array(write, { minLength: 1 }), (id, writes) => {
        const taken: Buffer[] = [];
        const take = (size: number) => {
          taken.push(memory.take(size));
          return taken[0] as Buffer;
        };
        const message = commitMessage(String(id), writes.map(queued), take);
        expect(message).toEqual(withShortCodes(byTheDriver(String(id), writes)));
        for (const buffer of taken) memory.giveBack(buffer);
      }),
    );
  }, 30_000);
});

describe('CommitMemory', () => {
  it('gives what was given back again, if it is large enough', () => {
    const memory = new CommitMemory();
    const small = memory.take(10);
    memory.giveBack(small);
    expect(memory.take(1 << 17) === small).toBe(false);
    expect(memory.take(small.length) === small).toBe(true);
  });

  it('keeps nothing that is very large', () => {
    const memory = new CommitMemory();
    const large = memory.take(5 << 20);
    memory.giveBack(large);
    expect(memory.take(5 << 20) === large).toBe(false);
  });
});
