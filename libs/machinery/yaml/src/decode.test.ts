import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { YamlDecoder } from './decode.js';
import { formatYaml, parseYaml, YamlSyntaxError } from './index.js';
import { composeYaml } from './nodes.js';

const read = (text: string) => parseYaml(text).value;
const failure = (text: string): YamlSyntaxError => {
  try {
    parseYaml(text);
  } catch (error) {
    if (error instanceof YamlSyntaxError) return error;
    throw error;
  }
  throw new Error('it was read');
};

describe('aliases', () => {
  test('give each place a value of its own', () => {
    const { a, b } = read('a: &x {list: [1]}\nb: *x') as { a: { list: number[] }; b: { list: number[] } };
    a.list.push(2);
    expect(b).toEqual({ list: [1] });
  });

  test('may stand for a key', () => expect(read('a: &k name\n*k : 5')).toEqual({ a: 'name', name: 5 }));

  test('mean the anchor that was written last', () => {
    expect(read('a: &x 1\nb: &x 2\nc: *x')).toEqual({ a: 1, b: 2, c: 2 });
  });

  test('end with their document', () => expect(failure('a: *x\nb: &x 1')).toMatchObject({ line: 1 }));

  test('that lead round in a circle are told where they begin', () => {
    expect(failure('a: 1\nb: &x\n  c: [*x]')).toMatchObject({
      message: "yaml: anchor 'x' value contains itself",
      line: 3,
    });
  });

  test('that make a short text long are refused as a body that is too large', () => {
    const text = `a: &x ${'y'.repeat(1_000)}\nb: [${new Array(50).fill('*x').join(',')}]`;
    expect(() => new YamlDecoder(text, 20_000).decode(composeYaml(text))).toThrow(
      expect.objectContaining({ reason: 'RequestEntityTooLarge' }),
    );
    expect(new YamlDecoder(text, 80_000).decode(composeYaml(text)).repeated).toEqual([]);
  });
});

describe('merging', () => {
  test.each<[string, string, unknown]>([
    ['what stands later wins', 'x: &x {a: 1, b: 2}\nz: {<<: *x, b: 3}', { a: 1, b: 3 }],
    ['of lists, the first wins', 'x: [&a {k: 1}, &b {k: 2, l: 2}]\nz: {<<: [*a, *b]}', { k: 1, l: 2 }],
    ['a map without an anchor', 'z: {<<: {a: 1}, b: 2}', { a: 1, b: 2 }],
    ['in quotes it is a key', 'z: {"<<": 1}', { '<<': 1 }],
    ['with its tag it is none in quotes either', 'z: {!!merge "<<": {a: 1}}', { a: 1 }],
  ])('%s', (_name, text, expected) => expect((read(text) as { z: unknown }).z).toEqual(expected));

  test.each(['z: {<<: [1]}', 'z: {<<: text}', 'x: &x 5\nz: {<<: *x}'])('%j is refused', (text) => {
    expect(failure(text).message).toBe('yaml: map merge requires map or sequence of maps as the value');
  });
});

describe('keys', () => {
  test.each<[string, object]>([
    ['1: a', { 1: 'a' }],
    ['0x10: a', { 16: 'a' }],
    ['true: a', { true: 'a' }],
    ['yes: a', { true: 'a' }],
    ['1.5: a', { 1.5: 'a' }],
    ['1e100: a', { '.inf': 'a' }],
    ['2001-01-01: a', { '2001-01-01': 'a' }],
    ['"": a', { '': 'a' }],
    ['? a\n: b', { a: 'b' }],
    ['!!str 5: a', { 5: 'a' }],
  ])('%j is %j', (text, value) => expect(read(text)).toEqual(value));

  test('that come out as the same text are told as repeated, and the last one counts', () => {
    expect(parseYaml('1: a\n"1": b')).toEqual({
      value: { 1: 'b' },
      repeated: ['yaml: unmarshal errors:\n  line 2: key "1" already set in map'],
    });
  });

  test.each([
    ['? [a]\n: b', 'yaml: invalid map key: []interface {}{"a"}'],
    ['9223372036854775808: b', 'unsupported map key of type: uint64, key: 0x8000000000000000, value: "b"'],
    [
      '~: {a: ~}',
      'unsupported map key of type: %!s(<nil>), key: <nil>, value: map[interface {}]interface {}{"a":interface {}(nil)}',
    ],
    ['a: &x b\n? {c: *x}\n: 1', 'yaml: invalid map key: map[interface {}]interface {}{"c":*x}'],
  ])('%j is refused', (text, message) => expect(failure(text).message).toBe(message));

  test('that are very long are shown cut', () => {
    const { message } = failure(`? [${new Array(400).fill('abc').join(',')}]\n: b`);
    expect(message).toMatch(/\.\.\.$/);
    expect(message.length).toBeLessThan(260);
  });
});

describe('binary', () => {
  test.each([
    ['!!binary aGVsbG8=', 'hello'],
    ['!!binary |\n  aGVs\n  bG8=', 'hello'],
    ['!!binary ""', ''],
  ])('%j is %j', (text, value) => expect(read(text)).toBe(value));

  test('that is no base64 is refused with its line', () => {
    expect(failure('a: 1\nb: !!binary "$"')).toMatchObject({
      message: 'yaml: !!binary value contains invalid base64 data',
      line: 2,
    });
  });
});

test.each(['a: .nan', 'a: -.inf', '[.inf]'])('%j is no JSON', (text) =>
  expect(failure(text).message).toMatch(/^json: unsupported value: (NaN|\+Inf|-Inf)$/),
);

test.each<[string, unknown]>([
  ['', null],
  ['# only a comment', null],
  ['---', null],
  ['--- # x\n', null],
  ['\uFEFFa: 1', { a: 1 }],
  ['%YAML 1.1\n---\na: 1', { a: 1 }],
  ['%TAG ! tag:yaml.org,2002:\n---\n!str 5', '5'],
  ['!<tag:yaml.org,2002:str> 5', '5'],
  ['a: |\n  x\n   y\n', { a: 'x\n y\n' }],
  ['a: >-\n  x\n  y\n', { a: 'x y' }],
  ['"a\\u00e9\\n"', 'aé\n'],
  ["'it''s'", "it's"],
])('%j is read as %j', (text, value) => expect(read(text)).toEqual(value));

describe('laws', () => {
  const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);

  test('JSON is YAML, and means the same', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(read(JSON.stringify(value))).toEqual(value);
      }),
    );
  });

  test('sorting the keys changes nothing but their order', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = formatYaml(value, { sorted: true });
        expect(read(text)).toEqual(value);
        expect(formatYaml(read(text), { sorted: true })).toBe(text);
      }),
    );
  });

  test('any text stays that text, however much it looks like something else', () => {
    const odd = fc.constantFrom(
      'yes',
      '0o7',
      '1:20',
      '- a',
      '? x',
      'a: b',
      '#',
      '---',
      '...',
      '<<',
      '!!int',
      ' x ',
      '\t',
      '\u0085',
      '\u2028',
      '1_0',
      "'",
      '"',
      '|',
      '>',
      '%a',
      '@a',
      '`',
      '&a',
      '*a',
      '\u0000',
      '\uFEFF',
      'a\u007f',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(odd, fc.string({ unit: 'binary' })), { maxLength: 4 }).map((parts) => parts.join('')),
        (text) => {
          expect(read(formatYaml({ [text]: text }))).toEqual({ [text]: text });
          expect(read(formatYaml([text]))).toEqual([text]);
        },
      ),
      { numRuns: 500 },
    );
  });
});
