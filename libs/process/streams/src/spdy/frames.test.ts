import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { controlFrame, dataFrameHead, FLAG_FIN, FrameReader, FrameType, SpdyError } from './frames.js';

interface Sent {
  readonly data: boolean;
  readonly id: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

const sent = fc.record({
  data: fc.boolean(),
  id: fc.integer({ min: 1, max: 0xffff }),
  flags: fc.integer({ min: 0, max: 3 }),
  payload: fc.uint8Array({ maxLength: 40 }),
});

const bytesOf = ({ data, id, flags, payload }: Sent): Buffer =>
  data
    ? Buffer.concat([dataFrameHead(id, payload.length, flags), payload])
    : controlFrame(id, flags, Buffer.from(payload));

/** What a reader makes of bytes that come in pieces; parts of one data frame joined again. */
function readAll(bytes: Buffer, cuts: readonly number[]): Sent[] {
  const reader = new FrameReader();
  const frames: Sent[] = [];
  let partial = Buffer.alloc(0);
  const marks = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  marks.slice(1).forEach((end, index) => {
    for (const frame of reader.read(bytes.subarray(marks[index], end))) {
      if (frame.kind === 'control') {
        frames.push({ data: false, id: frame.type, flags: frame.flags, payload: frame.payload });
        continue;
      }
      partial = Buffer.concat([partial, frame.payload]);
      if (!frame.fin) continue;
      frames.push({ data: true, id: frame.streamId, flags: FLAG_FIN, payload: partial });
      partial = Buffer.alloc(0);
    }
  });
  return frames;
}

describe('frames', () => {
  test('are read as they were written, however they are cut', () => {
    fc.assert(
      fc.property(fc.array(sent, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 12 }), (list, cuts) => {
        const wanted = list.map((frame) => (frame.data ? { ...frame, flags: FLAG_FIN } : frame));
        const read = readAll(Buffer.concat(wanted.map(bytesOf)), cuts);
        expect(read.map((frame) => ({ ...frame, payload: Buffer.from(frame.payload).toString('hex') }))).toEqual(
          wanted.map((frame) => ({ ...frame, payload: Buffer.from(frame.payload).toString('hex') })),
        );
      }),
    );
  });

  test('of data are handed on before all of them has come', () => {
    const frames = [
      ...new FrameReader().read(Buffer.concat([dataFrameHead(1, 10_000_000, FLAG_FIN), Buffer.from('a')])),
    ];
    expect(frames).toEqual([{ kind: 'data', streamId: 1, payload: Buffer.from('a'), fin: false }]);
  });

  test('of control are bounded, and of another version refused', () => {
    const large = controlFrame(FrameType.synStream, 0, Buffer.alloc(0));
    large.writeUIntBE(70_000, 5, 3);
    expect(() => [...new FrameReader().read(large)]).toThrow('too large');
    const other = controlFrame(FrameType.ping, 0, Buffer.alloc(4));
    other.writeUInt16BE(0x8002, 0);
    expect(() => [...new FrameReader().read(other)]).toThrow('not SPDY/3');
  });

  test('no bytes make the reader fail otherwise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          for (const frame of new FrameReader().read(Buffer.from(bytes)))
            expect(frame.payload.length).toBeLessThan(301);
        } catch (error) {
          expect(error).toBeInstanceOf(SpdyError);
        }
      }),
    );
  });
});
