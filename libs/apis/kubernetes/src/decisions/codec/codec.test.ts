import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeDetail,
  DetailFormatError,
  encodeDetail,
  encodeNames,
  type NodeDetail,
  REFUSES,
  TAKES,
  UNSEEN,
} from './index.js';

const word = fc.string({ unit: 'grapheme', maxLength: 20 });
const nodeName = fc.stringMatching(/^[a-z]{1,4}-[0-9]{1,5}$/);
const refusal = fc.record({ plugin: word, reasons: fc.array(word, { maxLength: 3 }), unresolvable: fc.boolean() });
const amount = fc.oneof(fc.integer({ min: -300, max: 300 }), fc.maxSafeInteger(), fc.double());

const numbers = (length: number) =>
  fc.oneof(
    fc.constant(new Float64Array(length)),
    fc
      .array(fc.integer({ min: 0, max: 100 }), { minLength: length, maxLength: length })
      .map((a) => new Float64Array(a)),
    fc.array(amount, { minLength: length, maxLength: length }).map((all) => new Float64Array(all)),
  );

const column = (length: number) =>
  fc
    .record({ plugin: word, weight: fc.integer({ min: 0, max: 100 }), raw: numbers(length), scores: numbers(length) })
    .chain((made) => fc.constantFrom(made, { ...made, raw: made.scores }));

const detail: fc.Arbitrary<NodeDetail> = fc
  .record({ names: fc.array(nodeName, { maxLength: 40 }), refusals: fc.array(refusal, { maxLength: 4 }) })
  .chain(({ names, refusals }) =>
    fc
      .array(fc.integer({ min: 0, max: REFUSES + refusals.length - 1 }), {
        minLength: names.length,
        maxLength: names.length,
      })
      .chain((verdicts) => {
        const candidates = verdicts.filter((verdict) => verdict === TAKES).length;
        return fc
          .array(column(candidates), { maxLength: 3 })
          .map((columns) => ({ names, refusals, verdicts: new Uint16Array(verdicts), columns }));
      }),
  );

const written = ({ names, ...rest }: NodeDetail): Uint8Array => encodeDetail(encodeNames(names), rest);

test('what was written is read, to the last bit of each number', () => {
  fc.assert(
    fc.property(detail, (made) => {
      expect(decodeDetail(written(made))).toEqual(made);
    }),
  );
});

test('what is cut off, altered or of nobody is refused in one way, and is quick to be', () => {
  const broken = fc
    .tuple(detail, fc.nat(), fc.integer({ min: 0, max: 255 }), fc.boolean())
    .map(([made, at, byte, cut]) => {
      const bytes = Uint8Array.from(written(made));
      if (cut) return bytes.subarray(0, at % bytes.length);
      bytes[at % bytes.length] = byte;
      return bytes;
    });
  fc.assert(
    fc.property(fc.oneof(broken, fc.uint8Array({ maxLength: 200 })), (bytes) => {
      try {
        const { names, verdicts } = decodeDetail(bytes);
        expect(verdicts).toHaveLength(names.length);
      } catch (error) {
        expect(error).toBeInstanceOf(DetailFormatError);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('no few bytes are read as very much', () => {
  const lots = [0xff, 0xff, 0xff, 0x7f];
  for (const bytes of [[1, ...lots], [1, 1, 0, 1, 97, ...lots], [1, 0, 0, ...lots], [1, 0, ...lots], [2]])
    expect(() => decodeDetail(Uint8Array.from(bytes))).toThrow(DetailFormatError);
});

test('five thousand nodes take a few bytes each before they are deflated', () => {
  const names = Array.from({ length: 5_000 }, (_, index) => `worker-${String(index).padStart(5, '0')}`);
  const verdicts = new Uint16Array(5_000);
  verdicts.fill(REFUSES, 0, 1_000);
  verdicts[1_000] = UNSEEN;
  const scores = Float64Array.from({ length: 3_999 }, (_, index) => 50 + (index % 7));
  const columns = ['A', 'B', 'C', 'D', 'E'].map((plugin) => ({ plugin, weight: 1, raw: scores, scores }));
  const refusals = [{ plugin: 'TaintToleration', reasons: ['node(s) had untolerated taint(s)'], unresolvable: true }];
  expect(written({ names, refusals, verdicts, columns }).length).toBeLessThan(40_000);
});
