import { expect, test } from 'vitest';
import { Slabs } from './slabs.js';

test('pieces share a slab and no byte, and what is large stands alone', () => {
  const slabs = new Slabs(300);
  const pieces = [7, 100, 1, 100, 60, 0, 33].map((length, at) => slabs.take(length).fill(at));
  expect(pieces.map(({ length }) => length)).toEqual([7, 100, 1, 100, 60, 0, 33]);
  for (const [at, piece] of pieces.entries()) expect(piece.every((byte) => byte === at)).toBe(true);
  expect(new Set(pieces.map(({ buffer }) => buffer)).size).toBe(2);
  expect(slabs.take(101).buffer.byteLength).toBe(101);
});
