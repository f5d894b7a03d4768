import { constants, createDeflate } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SPDY_DICTIONARY } from './dictionary.js';
import { SpdyError } from './frames.js';
import { HeaderReader, HeaderWriter, parseHeaderBlock } from './header-block.js';

/** The Adler-32 sum by which compressed streams name their dictionary. */
function adler32(bytes: Buffer): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
}

/** A compressor as other implementations use it: the dictionary, and one stream for all blocks. */
function compressor(): (block: Buffer) => Promise<Buffer> {
  const deflate = createDeflate({ dictionary: SPDY_DICTIONARY });
  const pieces: Buffer[] = [];
  deflate.on('data', (piece: Buffer) => void pieces.push(piece));
  return async (block) => {
    deflate.write(block);
    await new Promise<void>((resolve) => deflate.flush(constants.Z_SYNC_FLUSH, resolve));
    return Buffer.concat(pieces.splice(0));
  };
}

function block(...texts: string[]): Buffer {
  const parts = texts.map((text) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    return Buffer.concat([length, Buffer.from(text)]);
  });
  const count = Buffer.alloc(4);
  count.writeUInt32BE(texts.length / 2);
  return Buffer.concat([count, ...parts]);
}

describe('header blocks', () => {
  test('are compressed by the dictionary of SPDY/3', () => {
    expect(SPDY_DICTIONARY.length).toBe(1423);
    expect(adler32(SPDY_DICTIONARY)).toBe(0xe3c6a7c2);
  });

  test('are read as they were written, one after the other', async () => {
    const name = fc.stringMatching(/^[a-z-]{1,12}$/).filter((text) => text !== '__proto__');
    const headers = fc.dictionary(name, fc.string({ maxLength: 60 }), { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(fc.array(headers, { minLength: 1, maxLength: 4 }), async (list) => {
        const [writer, reader] = [new HeaderWriter(), new HeaderReader()];
        for (const each of list) expect(await reader.read(writer.write(each))).toEqual(each);
        reader.close();
      }),
      { numRuns: 50 },
    );
  });

  test('of other implementations are read', async () => {
    const [compress, reader] = [compressor(), new HeaderReader()];
    for (const port of ['80', '8080', '80']) {
      const compressed = await compress(block('streamType', 'data', 'Port', port));
      expect(await reader.read(compressed)).toEqual({ streamtype: 'data', port });
    }
    reader.close();
  });

  test('that unfold without end are refused', async () => {
    const [compress, reader] = [compressor(), new HeaderReader()];
    const bomb = await compress(Buffer.alloc(10_000_000));
    expect(bomb.length).toBeLessThan(60_000);
    await expect(reader.read(bomb)).rejects.toThrow(SpdyError);
  });

  test('no bytes make the reader hang or fail otherwise', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 100 }), fc.boolean(), async (bytes, compressed) => {
        const reader = new HeaderReader();
        const sent = compressed ? await compressor()(Buffer.from(bytes)) : Buffer.from(bytes);
        await reader.read(sent).catch((error: unknown) => expect(error).toBeInstanceOf(SpdyError));
        reader.close();
      }),
      { numRuns: 200 },
    );
  });

  test('that are cut off, or lie of their length, are refused', () => {
    const whole = block('a', 'b');
    for (let end = 0; end < whole.length; end += 1)
      expect(() => parseHeaderBlock(whole.subarray(0, end))).toThrow('cut off');
    expect(() => parseHeaderBlock(Buffer.from([0, 1, 0, 0]))).toThrow('too many');
  });
});
