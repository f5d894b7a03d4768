import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SortedMap } from './sorted-map.js';

describe('SortedMap', () => {
  it('agrees with a sorted plain map after any sequence of sets and deletes', () => {
    const step = fc.tuple(fc.boolean(), fc.string({ maxLength: 3 }));
    const bound = fc.option(fc.string({ maxLength: 3 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), bound, bound, fc.boolean(), (steps, from, to, exclusive) => {
        const sorted = new SortedMap<number>();
        const plain = new Map<string, number>();
        for (const [i, [remove, key]] of steps.entries()) {
          if (remove) expect(sorted.delete(key)).toBe(plain.delete(key));
          else sorted.set(key, plain.set(key, i).get(key) as number);
        }
        const bounds = {
          ...(from !== undefined && (exclusive ? { after: from } : { from })),
          ...(to !== undefined && { to }),
        };
        const expected = [...plain.keys()]
          .filter((key) => from === undefined || (exclusive ? key > from : key >= from))
          .filter((key) => to === undefined || key < to)
          .sort((a, b) => (a < b ? -1 : 1))
          .map((key) => plain.get(key));
        expect([...sorted.range(bounds)]).toEqual(expected);
        expect(sorted.count(bounds)).toBe(expected.length);
        expect(sorted.size).toBe(plain.size);
      }),
    );
  });

  it('keeps its order across many chunks', () => {
    const sorted = new SortedMap<number>();
    const keys = Array.from({ length: 5_000 }, (_, i) => String((i * 7919) % 5_000).padStart(5, '0'));
    for (const key of keys) sorted.set(key, Number(key));
    for (const key of keys.slice(0, 2_500)) sorted.delete(key);
    const left = keys
      .slice(2_500)
      .map(Number)
      .sort((a, b) => a - b);
    expect([...sorted.range()]).toEqual(left);
    expect(sorted.count({ after: '01000', to: '04000' })).toBe(left.filter((n) => n > 1_000 && n < 4_000).length);
  });
});
