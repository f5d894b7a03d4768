import { expect, test } from 'vitest';
import { Turns } from './turns.js';

test('who asks takes turns with others, each in their own order', () => {
  const turns = new Turns<string, string>();
  for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']) turns.add(item.charAt(0), item);
  const taken = [];
  while (!turns.isEmpty) taken.push(turns.take());
  expect(taken).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  expect(turns.take()).toBeUndefined();
});
