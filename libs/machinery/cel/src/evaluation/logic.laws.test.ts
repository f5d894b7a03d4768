import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../index.js';
import { costOf, evaluate } from '../testing/evaluate.js';

/** True, false, or an error. */
type Truth = boolean | 'error';
type Logic =
  | { readonly truth: Truth }
  | { readonly sign: '&&' | '||'; readonly left: Logic; readonly right: Logic }
  | { readonly not: Logic }
  | { readonly test: Logic; readonly yes: Logic; readonly no: Logic };

const truth = fc.constantFrom<Truth>(true, false, 'error');
const { logic } = fc.letrec<{ logic: Logic }>((tie) => ({
  logic: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    truth.map((one) => ({ truth: one })),
    fc
      .tuple(fc.constantFrom('&&' as const, '||' as const), tie('logic'), tie('logic'))
      .map(([sign, left, right]) => ({ sign, left, right })),
    tie('logic').map((not) => ({ not })),
    fc.tuple(tie('logic'), tie('logic'), tie('logic')).map(([test, yes, no]) => ({ test, yes, no })),
  ),
}));

/** `&&` and `||` hide an error where the other side decides, whichever side that is. */
function truthOf(one: Logic): Truth {
  if ('truth' in one) return one.truth;
  if ('not' in one) {
    const value = truthOf(one.not);
    return value === 'error' ? value : !value;
  }
  if ('test' in one) {
    const test = truthOf(one.test);
    return test === 'error' ? test : truthOf(test ? one.yes : one.no);
  }
  const sides = [truthOf(one.left), truthOf(one.right)];
  const decides = one.sign === '||';
  if (sides.includes(decides)) return decides;
  return sides.includes('error') ? 'error' : !decides;
}

const written = (one: Truth): string => (one === 'error' ? '1 / zero == 0' : String(one));
function write(one: Logic): string {
  if ('truth' in one) return `(${written(one.truth)})`;
  if ('not' in one) return `!(${write(one.not)})`;
  if ('test' in one) return `(${write(one.test)} ? ${write(one.yes)} : ${write(one.no)})`;
  return `(${write(one.left)} ${one.sign} ${write(one.right)})`;
}

const told = (value: Truth): string => (value === 'error' ? 'error: division by zero' : String(value));

describe('logic', () => {
  it('is decided by whichever side can, and fails only where none can', () => {
    fc.assert(
      fc.property(logic, (one) => {
        expect(evaluate(write(one), { zero: 0n })).toBe(told(truthOf(one)));
      }),
      { numRuns: 500 },
    );
  });

  it('of lists is the same', () => {
    fc.assert(
      fc.property(fc.array(truth, { maxLength: 6 }), (all) => {
        // 1 where it is true, 2 where it is not, 0 where it fails.
        const list = all.map((one) => (one === 'error' ? 0n : one ? 1n : 2n));
        const some = (wanted: Truth) => all.includes(wanted);
        const each = some(false) ? false : some('error') ? 'error' : true;
        const any = some(true) ? true : some('error') ? 'error' : false;
        const [bindings, types] = [{ list }, {}];
        expect(evaluate('list.all(x, 1 / x == 1)', bindings, types)).toBe(told(each));
        expect(evaluate('list.exists(x, 1 / x == 1)', bindings, types)).toBe(told(any));
        const one = some('error') ? 'error' : all.filter(Boolean).length === 1;
        expect(evaluate('list.exists_one(x, 1 / x == 1)', bindings, types)).toBe(told(one));
        const mapped = evaluate('list.map(x, 1 / x)', bindings, types);
        if (some('error')) expect(mapped).toBe('error: division by zero');
        else expect(mapped).toBe(`[${list.map((x) => 1n / x).join(', ')}]`);
      }),
    );
  });

  it.each([
    ['has(a.b) && a.b > 1', { a: {} }, 'false'],
    ['!has(a.b) || a.b > 1', { a: { b: 2 } }, 'true'],
    ['a.b > 1', { a: {} }, 'error: no such key: b'],
    ['a.?b.orValue(3)', { a: {} }, '3'],
    ['a.?b.?c.hasValue()', { a: { b: {} } }, 'false'],
    ['a.?b.c', { a: { b: { c: 1 } } }, 'optional(1)'],
    ['a[?"b"].optMap(x, x + 1)', { a: { b: 1 } }, 'optional(2)'],
    ['has(a.?b.c)', { a: {} }, 'false'],
    ['a.b[5]', { a: { b: [1] } }, 'error: index out of bounds: 5'],
    ['a.b[1.0]', { a: { b: [1, 2] } }, '2'],
    ['a.b[0.5]', { a: { b: [1] } }, 'error: unsupported index value 0.5 in list'],
    ['a.b["x"]', { a: { b: [1] } }, "error: unsupported index type 'string' in list"],
    ['a + 1', { a: 'x' }, 'error: no such overload'],
    ['a.all(x, true)', { a: 1 }, "error: got 'int', expected iterable type"],
    ['a ? 1 : 2', { a: 'x' }, 'error: no such overload'],
    ['type(a) == string', { a: 'x' }, 'true'],
    ['[a, a.b].size()', { a: {} }, 'error: no such key: b'],
  ])('%s of %j is %s', (source, bindings, expected) => {
    expect(evaluate(source, bindings, { a: { kind: 'dyn' } })).toBe(expected);
  });
});

describe('what an evaluation costs', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é'), maxLength: 40 });
  /** A tenth of a text, rounded up: what looking at it costs. */
  const looked = (...texts: string[]): number => Math.ceil(texts.join('').length * 0.1);

  it('is one for each variable, and a tenth for each character that is looked at', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const of = (source: string) => costOf(source, { a, b });
        expect(of('a')).toBe(1);
        expect(of('a.lowerAscii()')).toBe(1 + looked(a));
        expect(of('a + b')).toBe(2 + looked(a, b));
        expect(of('a == b')).toBe(2 + Math.ceil(Math.min(a.length, b.length) * 0.1));
        expect(of('a < b')).toBe(2 + Math.ceil(Math.min(a.length, b.length) * 0.1));
        expect(of('a.contains(b)')).toBe(2 + looked(a) * looked(b));
        expect(of('a.startsWith(b)')).toBe(2 + looked(a));
        expect(of("a.matches('abc')")).toBe(1 + Math.ceil((1 + a.length) * 0.1));
        expect(of('a.split(b)')).toBe(2 + Math.ceil(a.length * 2 * 0.1));
      }),
    );
  });

  it.each([
    ['list.all(x, true)', 3],
    ['list.exists(x, x > 5)', 5],
    ['list.map(x, x)', 13],
    ['list.filter(x, true)', 13],
  ])('grows with each element of %s by %i', (source, each) => {
    const cost = (size: number) => costOf(source, { list: new Array<bigint>(size).fill(1n) });
    const steps = [2, 3, 4, 20].map((size) => cost(size) - cost(size - 1));
    expect(new Set(steps).size).toBe(1);
    expect(steps[0]).toBeGreaterThanOrEqual(each - 2);
    expect(steps[0]).toBeLessThanOrEqual(each + 2);
  });

  it('of sets is that of every pair', () => {
    const of = (left: number, right: number) =>
      costOf('sets.contains(a, b)', { a: new Array<bigint>(left).fill(1n), b: new Array<bigint>(right).fill(1n) });
    expect([of(2, 3), of(5, 5)]).toEqual([2 + 1 + 6, 2 + 1 + 25]);
  });

  it('is spent also where nothing comes of it, and never more than is allowed', () => {
    const compiled = compile('list.all(x, list.exists(y, y > x))', {
      variables: { list: { kind: 'list', element: { kind: 'int' } } },
    });
    if (!compiled.ok) throw new Error(compiled.message);
    const list = Array.from({ length: 12 }, (_, at) => at);
    const whole = compiled.program.evaluate({ list }).cost;
    fc.assert(
      fc.property(fc.nat(whole + 20), (budget) => {
        const outcome = compiled.program.evaluate({ list }, { budget });
        if (budget >= whole) return void expect(outcome).toMatchObject({ ok: true, cost: whole });
        expect(outcome).toMatchObject({ ok: false, reason: 'budget' });
        expect(outcome.cost).toBeGreaterThan(budget);
      }),
    );
  });

  it('is bounded before, by the sizes of what is given', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }), (elements, characters) => {
        const type = {
          kind: 'list',
          element: { kind: 'string', maxElements: characters },
          maxElements: elements,
        } as const;
        for (const source of ['list.all(x, x.size() > 1)', 'list.map(x, x + x)', 'list.exists(x, x.contains("ab"))']) {
          const compiled = compile(source, { variables: { list: type } });
          if (!compiled.ok) throw new Error(compiled.message);
          const list = new Array<string>(elements).fill('a'.repeat(characters));
          const { cost } = compiled.program.evaluate({ list });
          expect([source, cost <= compiled.cost.max]).toEqual([source, true]);
          expect(compiled.cost.min).toBeLessThanOrEqual(compiled.cost.max);
        }
      }),
      { numRuns: 60 },
    );
  });
});
