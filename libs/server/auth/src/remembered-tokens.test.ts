import { expect, test } from 'vitest';
import { RememberedTokens } from './remembered-tokens.js';

test('the newest are remembered, the oldest forgotten', () => {
  const tokens = new RememberedTokens<number>(2);
  for (const [index, token] of ['a', 'b', 'c'].entries()) tokens.set(token, index);
  expect(['a', 'b', 'c'].map((token) => tokens.get(token))).toEqual([undefined, 1, 2]);
  tokens.clear();
  expect(tokens.get('c')).toBeUndefined();
});

test('tokens themselves are not kept', () => {
  const tokens = new RememberedTokens<number>();
  tokens.set('secret', 1);
  expect([...(tokens as unknown as { known: Map<string, number> }).known.keys()].join()).not.toContain('secret');
});
