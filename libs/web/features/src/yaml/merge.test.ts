import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sameJson } from './document.js';
import { mergeChanges } from './merge.js';

interface Example {
  readonly data: Readonly<Record<string, string>>;
  readonly list?: readonly number[];
}

const base: Example = { data: { a: '1', b: '2' }, list: [1, 2] };

test.each<[string, Example, Example]>([
  ['changes to different fields stand side by side', { data: { a: '9', b: '2' } }, { data: { a: '1', b: '8' } }],
  ['something new on each side', { data: { a: '1', b: '2', c: '3' } }, { data: { a: '1', b: '2', d: '4' } }],
])('%s', (_, mine, theirs) => {
  const merged = mergeChanges({ data: base.data }, mine, theirs);
  expect(merged).toEqual({ data: { ...base.data, ...changed(mine), ...changed(theirs) } });
});

function changed({ data }: Example): Record<string, string> {
  return Object.fromEntries(Object.entries(data).filter(([key, value]) => base.data[key] !== value));
}

test('what I removed stays removed, what they removed too', () => {
  expect(mergeChanges(base, { data: { b: '2' }, list: [1, 2] }, { data: { a: '1', b: '2' } })).toEqual({
    data: { b: '2' },
  });
});

test.each<[string, Example, Example]>([
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

test('changes to different fields stand side by side, whichever side is asked', () => {
  const key = fc.stringMatching(/^[a-z]{1,3}$/);
  const fields = fc.dictionary(key, fc.integer(), { maxKeys: 6 });
  fc.assert(
    fc.property(fields, fields, fields, (from, added, changed) => {
      // Mine and theirs touch different names.
      const mine = {
        ...from,
        ...Object.fromEntries(Object.entries(added).map(([name, value]) => [`mine-${name}`, value])),
      };
      const theirs = {
        ...from,
        ...Object.fromEntries(Object.entries(changed).map(([name, value]) => [`theirs-${name}`, value])),
      };
      const merged = mergeChanges(from, mine, theirs);
      expect(merged).toEqual({ ...mine, ...theirs });
      expect(mergeChanges(from, theirs, mine)).toEqual(merged);
    }),
  );
});

test('what is merged holds every change of both, or there is nothing to merge', () => {
  const value = fc.constantFrom<unknown>(1, 2, 'a', [1], { x: 1 }, { x: 2, y: 1 });
  const fields = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value);
  fc.assert(
    fc.property(fields, fields, fields, (from, mine, theirs) => {
      const merged = mergeChanges(from, mine, theirs) as Record<string, unknown> | undefined;
      if (!merged) return;
      for (const key of ['a', 'b', 'c']) {
        if (sameJson(theirs[key], from[key])) expect(merged[key]).toEqual(mine[key]);
        if (sameJson(mine[key], from[key])) expect(merged[key]).toEqual(theirs[key]);
      }
    }),
  );
});
