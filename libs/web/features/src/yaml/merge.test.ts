import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sameJson } from './document.js';
import { mergeChanges } from './merge.js';

const base = { data: { a: '1', b: '2' }, list: [1, 2] };

test.each([
  ['changes to different fields stand side by side', { data: { a: '9', b: '2' } }, { data: { a: '1', b: '8' } }],
  ['something new on each side', { data: { a: '1', b: '2', c: '3' } }, { data: { a: '1', b: '2', d: '4' } }],
])('%s', (_, mine, theirs) => {
  const merged = mergeChanges({ data: base.data }, mine, theirs);
  expect(merged).toEqual({ data: { ...base.data, ...changed(mine), ...changed(theirs) } });
});

function changed({ data }: { data: Record<string, string> }): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).filter(([key, value]) => base.data[key as keyof typeof base.data] !== value),
  );
}

test('what I removed stays removed, what they removed too', () => {
  expect(mergeChanges(base, { data: { b: '2' }, list: [1, 2] }, { data: { a: '1', b: '2' } })).toEqual({
    data: { b: '2' },
  });
});

test.each([
  ['both gave a field another value', { ...base, data: { a: 'x', b: '2' } }, { ...base, data: { a: 'y', b: '2' } }],
  ['I changed what they removed', { ...base, data: { a: 'x', b: '2' } }, { ...base, data: { b: '2' } }],
  ['both changed a list', { ...base, list: [1, 2, 3] }, { ...base, list: [0, 1, 2] }],
])('cannot be: %s', (_, mine, theirs) => {
  expect(mergeChanges(base, mine, theirs)).toBeUndefined();
});

test('the same change twice is one', () => {
  const both = { ...base, list: [3] };
  expect(mergeChanges(base, both, { ...both })).toEqual(both);
});

test('who changed nothing is in nobody’s way', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()), (from, to) => {
      expect(sameJson(mergeChanges(from, to, from), to)).toBe(true);
      expect(sameJson(mergeChanges(from, from, to), to)).toBe(true);
    }),
  );
});
