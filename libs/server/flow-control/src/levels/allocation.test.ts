import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { allocate, type Claim } from './allocation.js';

const claims = fc.array(
  fc
    .tuple(fc.nat(100), fc.nat(100), fc.nat(500))
    .map(
      ([lowerBound, more, room]): Claim => ({ lowerBound, target: lowerBound + more, upperBound: lowerBound + room }),
    ),
  { minLength: 1, maxLength: 8 },
);

it('gives everybody the same part of what they want, unless a bound says otherwise', () => {
  fc.assert(
    fc.property(claims, fc.double({ min: 0, max: 1, noNaN: true }), (all, part) => {
      const sum = (value: (claim: Claim) => number) => all.reduce((total, claim) => total + value(claim), 0);
      const [low, high] = [sum(({ lowerBound }) => lowerBound), sum(({ upperBound }) => upperBound)];
      const total = Math.round(low + part * (high - low));
      const { shares, fairFraction } = allocate(total, all) ?? { shares: [], fairFraction: 0 };
      expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(total, 4);
      all.forEach((claim, at) => {
        const share = shares[at] ?? -1;
        const fair = fairFraction * Math.max(claim.target, 0.001);
        if (fair < claim.lowerBound) expect(share).toBeCloseTo(claim.lowerBound, 4);
        else if (fair > claim.upperBound) expect(share).toBeCloseTo(claim.upperBound, 4);
        else expect(share).toBeCloseTo(fair, 4);
      });
    }),
  );
});

it('does not divide what cannot be divided', () => {
  expect(allocate(1, [{ lowerBound: 2, target: 2, upperBound: 3 }])).toBeUndefined();
  expect(allocate(4, [{ lowerBound: 2, target: 2, upperBound: 3 }])).toBeUndefined();
});
