import { StatusError } from '@binnacle/machinery-meta';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLines, readWatch } from './watch-stream.js';

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for (let index = 0; offset < bytes.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    yield bytes.subarray(offset, offset + size);
    offset += size;
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const result: T[] = [];
  for await (const item of items) result.push(item);
  return result;
}

const encode = (text: string) => new TextEncoder().encode(text);

describe('readLines', () => {
  test('finds the same lines wherever the chunks are cut, inside characters too', async () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => JSON.stringify({ text }));
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(line), sizes, async (lines, cuts) => {
        const bytes = encode(lines.map((text) => `${text}\n`).join(''));
        expect(await all(readLines(cut(bytes, cuts)))).toEqual(lines);
      }),
    );
  });

  test('drops what a broken connection left half way', async () => {
    expect(await all(readLines(cut(encode('one\ntwo\nthr'), [2])))).toEqual(['one', 'two']);
  });
});

describe('readWatch', () => {
  test('throws the Status of an ERROR event', async () => {
    const status = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' };
    const lines = encode(`${JSON.stringify({ type: 'ERROR', object: status })}\n`);
    const error = await all(readWatch(cut(lines, [7]))).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StatusError);
    expect(error).toMatchObject({ code: 410, reason: 'Expired' });
  });

  test('any bytes either parse or throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), async (bytes) => {
        await all(readWatch(cut(bytes, [3]))).catch((error: unknown) => expect(error).toBeInstanceOf(Error));
      }),
    );
  });
});
