import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../index.js';
import { evaluate } from '../testing/evaluate.js';

type Tree =
  | { readonly value: bigint }
  | { readonly sign: keyof typeof OPERATIONS; readonly left: Tree; readonly right: Tree }
  | { readonly minus: Tree }
  | { readonly test: Tree; readonly yes: Tree; readonly no: Tree };

const OPERATIONS = {
  '*': { binds: 6, of: (left: bigint, right: bigint) => left * right },
  '%': { binds: 6, of: (left: bigint, right: bigint) => left % right },
  '+': { binds: 5, of: (left: bigint, right: bigint) => left + right },
  '-': { binds: 5, of: (left: bigint, right: bigint) => left - right },
} as const;

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.bigInt({ min: 0n, max: 9n }).map((value) => ({ value })),
    fc
      .tuple(fc.constantFrom('*', '+', '-', '%'), tie('tree'), tie('tree'))
      .map(([sign, left, right]): Tree => ({ sign, left, right })),
    tie('tree').map((minus) => ({ minus })),
    fc.tuple(tie('tree'), tie('tree'), tie('tree')).map(([test, yes, no]) => ({ test, yes, no })),
  ),
}));

/** What a tree comes to; undefined where something is divided by zero on the way. */
function valueOf(one: Tree): bigint | undefined {
  if ('value' in one) return one.value;
  if ('minus' in one) {
    const value = valueOf(one.minus);
    return value === undefined ? undefined : -value;
  }
  if ('test' in one) {
    const test = valueOf(one.test);
    return test === undefined ? undefined : valueOf(test > 3n ? one.yes : one.no);
  }
  const [left, right] = [valueOf(one.left), valueOf(one.right)];
  if (left === undefined || right === undefined || (one.sign === '%' && right === 0n)) return undefined;
  return OPERATIONS[one.sign].of(left, right);
}

const within = (binds: number, needed: number, text: string): string => (binds < needed ? `(${text})` : text);

/** Written with no more parentheses than it needs, `needed` being how strongly it must bind. */
function write(one: Tree, needed = 0): string {
  if ('value' in one) return String(one.value);
  if ('minus' in one) return within(7, needed, `-${write(one.minus, 8)}`);
  if ('test' in one) return within(1, needed, `${write(one.test, 5)} > 3 ? ${write(one.yes, 2)} : ${write(one.no, 1)}`);
  const { binds } = OPERATIONS[one.sign];
  return within(binds, needed, `${write(one.left, binds)} ${one.sign} ${write(one.right, binds + 1)}`);
}

describe('operators', () => {
  it('bind as they should, those alike from the left, `?:` from the right', () => {
    fc.assert(
      fc.property(tree, (one) => {
        const value = valueOf(one);
        expect(evaluate(write(one))).toBe(value === undefined ? 'error: modulus by zero' : String(value));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['1 < 2 == true', 'true'],
    ['!true || true', 'true'],
    ['true || false && false', 'true'],
    ['false && true || true', 'true'],
    ['-2 - -2', '0'],
    ['--2', '2'],
    ['!!!true', 'false'],
    ['true ? false ? 1 : 2 : 3', '2'],
    ['[1, 2][0] + {"a": 3}.a', '4'],
    ['1 in [1] && !(2 in [1])', 'true'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['"a" in {"a": 1}', 'true'],
  ])('%s is %s', (source, expected) => {
    expect(evaluate(source)).toBe(expected);
  });

  it('mean the same whatever stands between the words', () => {
    const words = [
      '(',
      'list',
      '.',
      'map',
      '(',
      'x',
      ',',
      'x',
      '+',
      '-',
      '1',
      ')',
      '==',
      '[',
      '0',
      ',',
      '1',
      ']',
      '?',
      '"a b"',
      ':',
      "r'\\n'",
      ')',
    ];
    const gap = fc.constantFrom('', ' ', '\n', '\t', '\r\n', '// a "comment\n', '\f');
    fc.assert(
      fc.property(fc.array(gap, { minLength: words.length, maxLength: words.length }), (gaps) => {
        const source = words.map((word, at) => `${gaps[at] ?? ''}${word}`).join('');
        expect(evaluate(source, { list: [1n, 2n] })).toBe('"a b"');
      }),
    );
  });
});

describe('literals', () => {
  it.each<[string, string]>([
    ['0x1F', '31'],
    ['-0x1F', '-31'],
    ['42u', '42u'],
    ['0xFFu', '255u'],
    ['18446744073709551615u', '18446744073709551615u'],
    ['1.5', 'double(1.5)'],
    ['.5', 'double(0.5)'],
    ['1e3', 'double(1000)'],
    ['-2.5E-1', 'double(-0.25)'],
    ['null', 'null'],
    [String.raw`'\a\b\f\n\r\t\v\\\'\"\?'`, JSON.stringify('\u0007\b\f\n\r\t\v\\\'"?')],
    [String.raw`"\x41\u00e9\U0001F600\101"`, '"Aé😀A"'],
    [String.raw`r"\x41"`, String.raw`"\\x41"`],
    [String.raw`R'a\'`, String.raw`"a\\"`],
    [`"""a "quoted"\nline"""`, JSON.stringify('a "quoted"\nline')],
    [`'''a\r\nb'''`, JSON.stringify('a\nb')],
    ["b'abc'", 'bytes(616263)'],
    ["b'é'", 'bytes(c3a9)'],
    [String.raw`b'\xff\377'`, 'bytes(ffff)'],
    [String.raw`br'\n'`, 'bytes(5c6e)'],
    ["''", '""'],
    ['{}', '{}'],
    ['{1: "a", 2u: "b", true: "c"}[dyn(2)]', 'refused: '],
    ['[[], [1]]', '[[], [1]]'],
  ])('%s is %s', (source, expected) => {
    expect(evaluate(source).startsWith(expected) ? expected : evaluate(source)).toBe(expected);
  });

  it.each([
    '9223372036854775808',
    '-9223372036854775809',
    '18446744073709551616u',
    '1e999',
    '"\\q"',
    '"\\ud800"',
    "b'\\u0041'",
    '"a\nb"',
    '"open',
    "'''open",
    '08x',
    '1.',
    '#',
    '@a',
    '`a`',
    'a.`b`',
    '[1',
    '(1',
    '{"a": }',
    '{"a"}',
    'f(1,)',
    '1 +',
    '* 1',
    'a b',
    'true && ',
    'if',
    '?',
    'a ? b',
    'package',
    '{1: 2, 1: 3} == {',
    'Type{a: 1}',
  ])('%s is refused, with its place', (source) => {
    const compiled = compile(source, { variables: { a: { kind: 'dyn' }, b: { kind: 'dyn' } } });
    expect(compiled).toMatchObject({ ok: false, reason: 'compilation' });
    if (compiled.ok) return;
    expect(compiled.message).toMatch(/^ERROR: <input>:\d+:\d+: /);
    expect(compiled.errors.every(({ line, column }) => line >= 1 && column >= 1)).toBe(true);
  });

  it('of text read as they were written, in either quotes', () => {
    const text = fc.string({ unit: 'binary' }).filter((one) => !/\p{Surrogate}/u.test(one));
    const escaped = (one: string, quote: string) =>
      [...one]
        .map((character) =>
          character === quote || character === '\\' || character < ' '
            ? `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`
            : character,
        )
        .join('');
    fc.assert(
      fc.property(text, fc.constantFrom('"', "'"), (one, quote) => {
        expect(evaluate(quote + escaped(one, quote) + quote)).toBe(JSON.stringify(one));
      }),
      { numRuns: 300 },
    );
  });

  it('of names may be those of no macro at all', () => {
    expect(evaluate('all + map', { all: 1n, map: 2n })).toBe('3');
    expect(evaluate('.x + x', { x: 2n })).toBe('4');
  });
});

describe('places of errors', () => {
  it.each<[string, [line: number, column: number]]>([
    ['unknown', [1, 1]],
    ['  unknown', [1, 3]],
    ['1 +\n  unknown', [2, 3]],
    ['"é" == unknown', [1, 8]],
    ['"😀" == unknown', [1, 8]],
    ['"a\\nb" == unknown', [1, 11]],
    ['// a comment\nunknown', [2, 1]],
    ['1 + "a"', [1, 3]],
  ])('%j is wrong at %j', (source, [line, column]) => {
    const compiled = compile(source, { variables: {} });
    expect(compiled.ok ? [] : compiled.errors.map((error) => [error.line, error.column])).toEqual([[line, column]]);
  });

  it('are marked below the line, wide below what is wide', () => {
    const compiled = compile('"é" + unknown', { variables: {} });
    const mark = ' | "é" + unknown\n | .\uff0e....^';
    expect(compiled.ok ? '' : compiled.message).toContain(mark);
  });
});
