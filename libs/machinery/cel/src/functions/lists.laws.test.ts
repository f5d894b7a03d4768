import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listOf } from '../index.js';
import { evaluate } from '../testing/evaluate.js';

const INTS = fc.array(fc.bigInt({ min: -4n, max: 4n }), { maxLength: 7 });
const PLACE = fc.bigInt({ min: -1n, max: 8n });
const written = (values: readonly unknown[]): string => `[${values.join(', ')}]`;
const ascending = (left: bigint, right: bigint): number => Number(left - right);

describe('lists', () => {
  it('are sorted, summed and searched', () => {
    fc.assert(
      fc.property(INTS, fc.bigInt({ min: -4n, max: 4n }), (list, value) => {
        const sorted = list.toSorted(ascending);
        const of = (source: string): string => evaluate(source, { list, value });
        expect(of('list.sort()')).toBe(written(sorted));
        expect(of('list.isSorted()')).toBe(String(written(list) === written(sorted)));
        expect(of('list.sum()')).toBe(String(list.reduce((sum, one) => sum + one, 0n)));
        expect(of('list.indexOf(value)')).toBe(String(list.indexOf(value)));
        expect(of('list.lastIndexOf(value)')).toBe(String(list.lastIndexOf(value)));
        expect(of('value in list')).toBe(String(list.includes(value)));
        const empty = list.length === 0;
        expect(of('list.min()')).toBe(empty ? 'error: min called on empty list' : String(sorted[0]));
        expect(of('list.max()')).toBe(empty ? 'error: max called on empty list' : String(sorted.at(-1)));
      }),
    );
  });

  it('are cut, turned round and freed of what comes twice', () => {
    fc.assert(
      fc.property(INTS, PLACE, PLACE, (list, start, end) => {
        const of = (source: string): string => evaluate(source, { list, start, end });
        expect(of('list.reverse()')).toBe(written(list.toReversed()));
        expect(of('list.distinct()')).toBe(written([...new Set(list)]));
        const cut = of('list.slice(start, end)');
        const fits = start >= 0n && start <= end && end <= BigInt(list.length);
        if (fits) expect(cut).toBe(written(list.slice(Number(start), Number(end))));
        else expect(cut).toMatch(/^error: cannot slice\(/);
        expect(of('list.first()')).toBe(list.length > 0 ? `optional(${list[0]})` : 'none');
        expect(of('list.last()')).toBe(list.length > 0 ? `optional(${list.at(-1)})` : 'none');
      }),
    );
  });

  it('are joined and read at a place', () => {
    fc.assert(
      fc.property(INTS, INTS, PLACE, (left, right, place) => {
        const of = (source: string): string => evaluate(source, { left, right, place });
        expect(of('left + right')).toBe(written([...left, ...right]));
        expect(of('(left + right).size()')).toBe(String(left.length + right.length));
        const inside = place >= 0n && place < BigInt(left.length);
        expect(of('left[place]')).toBe(inside ? String(left[Number(place)]) : `error: index out of bounds: ${place}`);
        expect(of('left[?place]')).toBe(inside ? `optional(${left[Number(place)]})` : 'none');
        expect(of('left == right')).toBe(String(written(left) === written(right)));
      }),
    );
  });

  it('are sorted by keys, those of one key in their order', () => {
    fc.assert(
      fc.property(INTS, (list) => {
        const byRest = list.toSorted((left, right) => Number((left % 2n) - (right % 2n)));
        expect(evaluate('list.sortBy(one, one % 2)', { list })).toBe(written(byRest));
      }),
    );
  });

  it('are counted up to an end', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -3n, max: 30n }), (end) => {
        const numbers = Array.from({ length: Math.max(Number(end), 0) }, (_, index) => index);
        expect(evaluate('lists.range(end)', { end })).toBe(written(numbers));
      }),
    );
  });

  it('are flattened as deep as is said', () => {
    const { tree } = fc.letrec<{ tree: unknown[] }>((tie) => ({
      tree: fc.array(fc.oneof({ depthSize: 'small' }, fc.integer({ min: 0, max: 3 }), tie('tree')), { maxLength: 3 }),
    }));
    const text = (value: unknown): string => (Array.isArray(value) ? `[${value.map(text).join(', ')}]` : String(value));
    const types = { list: listOf({ kind: 'dyn' }) };
    fc.assert(
      fc.property(tree, fc.bigInt({ min: 0n, max: 3n }), (list, depth) => {
        expect(evaluate('list.flatten(depth)', { list, depth }, types)).toBe(text(list.flat(Number(depth))));
      }),
    );
    expect(evaluate('list.flatten(-1)', { list: [] }, types)).toBe('error: level must be non-negative');
  });

  it.each([
    ['[9223372036854775807, 1, -1].sum()', 'error: integer overflow'],
    ['[1.5, 2.5].sum()', 'double(4)'],
    ["[duration('1m'), duration('1s')].sum()", 'duration(61000000000)'],
    ["['b', 'a'].max()", '"b"'],
    ["[b'b', b'ba'].isSorted()", 'true'],
    ['[true, false].sort()', '[false, true]'],
    ['[1, 1.0, 1u].map(x, dyn(x)).distinct().size()', 'refused: '],
    ['[dyn(1), dyn(1.0), dyn(1u)].distinct().size()', '1'],
    ["[dyn(1), dyn('a')].sort()", 'error: list elements must have the same type'],
    ['[].sum()', '0'],
  ])('%s is %s', (source, expected) => {
    const found = evaluate(source);
    if (expected === 'refused: ') expect(found).toMatch(/^refused: /);
    else expect(found).toBe(expected);
  });
});

describe('sets', () => {
  it('ask whether, not how often', () => {
    fc.assert(
      fc.property(INTS, INTS, (left, right) => {
        const within = left.every((one) => right.includes(one));
        const around = right.every((one) => left.includes(one));
        const of = (name: string): string => evaluate(`sets.${name}(left, right)`, { left, right });
        expect(of('contains')).toBe(String(around));
        expect(of('intersects')).toBe(String(left.some((one) => right.includes(one))));
        expect(of('equivalent')).toBe(String(around && within));
      }),
    );
  });
});

describe('macros', () => {
  it('say of a list what JavaScript says of it', () => {
    fc.assert(
      fc.property(INTS, fc.bigInt({ min: -4n, max: 4n }), (list, value) => {
        const of = (source: string): string => evaluate(source, { list, value });
        expect(of('list.all(x, x < value)')).toBe(String(list.every((one) => one < value)));
        expect(of('list.exists(x, x < value)')).toBe(String(list.some((one) => one < value)));
        expect(of('list.exists_one(x, x < value)')).toBe(String(list.filter((one) => one < value).length === 1));
        expect(of('list.filter(x, x < value)')).toBe(written(list.filter((one) => one < value)));
        expect(of('list.map(x, x + value)')).toBe(written(list.map((one) => one + value)));
        expect(of('list.map(x, x < value, x * 2)')).toBe(
          written(list.filter((one) => one < value).map((one) => one * 2n)),
        );
      }),
    );
  });

  it('give an element and its place to two variables', () => {
    fc.assert(
      fc.property(INTS, (list) => {
        const of = (source: string): string => evaluate(source, { list });
        expect(of('list.all(i, x, list[i] == x)')).toBe('true');
        expect(of('list.exists(i, x, i > x)')).toBe(String(list.some((one, index) => BigInt(index) > one)));
        const sums = list.map((one, index) => one + BigInt(index));
        expect(of('list.transformList(i, x, i + x)')).toBe(written(sums));
        expect(of('list.transformList(i, x, i % 2 == 0, x)')).toBe(written(list.filter((_, index) => index % 2 === 0)));
        const entries = list.map((one, index) => `${index}: ${one}`).sort();
        expect(of('list.transformMap(i, x, x)')).toBe(`{${entries.join(', ')}}`);
      }),
    );
  });

  it.each([
    ['[1, 2].all(x, y, x)', 'refused: '],
    ['[1].map(x.y, 1)', 'refused: argument is not an identifier'],
    ['[1].all(1, true)', 'refused: argument must be a simple name'],
    ['[1].all(i, i, true)', 'refused: duplicate variable name: i'],
    ['[1].all(__result__, true)', 'refused: iteration variable overwrites accumulator variable'],
    ['has(1)', 'refused: invalid argument to has() macro'],
    ['1.all(x, true)', 'refused: expression of type'],
    ["{'a': 1}.transformMapEntry(k, v, {'b': v})", '{"b": 1}'],
    ["{'a': 1, 'c': 2}.transformMapEntry(k, v, {'b': v})", 'error: insert failed: key b already exists'],
    ["{'a': 1}.map(k, k)", '["a"]'],
    ['[[1, 2], [3]].map(x, x.map(x, x + 1))', '[[2, 3], [4]]'],
    ['optional.of(2).optMap(x, x * 2)', 'optional(4)'],
    ['optional.none().optMap(x, 1)', 'none'],
    ['optional.of(2).optFlatMap(x, optional.none())', 'none'],
    ['[?optional.none(), ?optional.of(1), 2]', '[1, 2]'],
    ["{?'a': optional.none(), 'b': 1}", '{"b": 1}'],
    ['optional.none().orValue(3)', '3'],
    ['optional.none().or(optional.of(1)).value()', '1'],
    ['optional.none().value()', 'error: optional.none() dereference'],
    ['optional.unwrap([optional.of(1), optional.none()])', '[1]'],
    ['optional.ofNonZeroValue(0).hasValue()', 'false'],
    ["optional.ofNonZeroValue('a').hasValue()", 'true'],
  ])('%s is %s', (source, expected) => {
    expect(evaluate(source).startsWith(expected) ? expected : evaluate(source)).toBe(expected);
  });
});
