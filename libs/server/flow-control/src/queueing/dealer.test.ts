import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Dealer } from './dealer.js';

it('deals every flow different queues of those there are, the same each time', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 6 }), (flow, deck, size) => {
      const hand = new Dealer(deck, Math.min(size, deck)).handOf(flow);
      expect(new Set(hand).size).toBe(Math.min(size, deck));
      expect(hand.every((card) => card >= 0 && card < deck)).toBe(true);
      expect(new Dealer(deck, Math.min(size, deck)).handOf(flow)).toEqual(hand);
    }),
  );
});

it('uses all queues about equally', () => {
  const dealer = new Dealer(16, 4);
  const dealt = new Array<number>(16).fill(0);
  for (let flow = 0; flow < 1600; flow += 1) {
    for (const card of dealer.handOf(`flow ${flow}`)) dealt[card] = (dealt[card] ?? 0) + 1;
  }
  expect(Math.min(...dealt)).toBeGreaterThan(300);
  expect(Math.max(...dealt)).toBeLessThan(500);
});
