import fc from 'fast-check';
import { expect, test } from 'vitest';
import { freeRows, holdRows } from './hold-order.js';

const keyOf = (row: { key: string }) => row.key;
const row = (key: string, value = 0) => ({ key, value });

test('held rows keep their places while their contents change', () => {
  const shown = freeRows([row('a'), row('b'), row('c')], keyOf).rows;
  const held = holdRows(shown, [row('z', 9), row('c', 1), row('a', 1)], keyOf);
  expect(held.rows.map(({ key, row: { value }, added, gone }) => [key, value, added, gone])).toEqual([
    ['a', 1, false, false],
    ['b', 0, false, true],
    ['c', 1, false, false],
    ['z', 9, true, false],
  ]);
  expect(held).toMatchObject({ added: 1, gone: 1, moved: true });
});

test('rows that have gone leave their places when the order is let go', () => {
  const shown = freeRows([row('a'), row('b'), row('c')], keyOf).rows;
  expect(holdRows(shown, [row('a'), row('c')], keyOf)).toMatchObject({ gone: 1, moved: true });
  expect(holdRows(shown, [row('a'), row('b', 1), row('c')], keyOf)).toMatchObject({ gone: 0, moved: false });
});

test('a row never moves while held, whatever happens to the list', () => {
  const lists = fc.array(fc.uniqueArray(fc.constantFrom(...'abcdefgh')), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(lists, ([first = [], ...rest]) => {
      let shown = freeRows(
        first.map((key) => row(key)),
        keyOf,
      ).rows;
      for (const keys of rest) {
        const before = shown.map(({ key }) => key);
        shown = holdRows(
          shown,
          keys.map((key) => row(key)),
          keyOf,
        ).rows;
        expect(shown.slice(0, before.length).map(({ key }) => key)).toEqual(before);
        expect(new Set(shown.filter(({ gone }) => !gone).map(({ key }) => key))).toEqual(new Set(keys));
      }
    }),
  );
});
