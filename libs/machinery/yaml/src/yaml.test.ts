import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatYaml, parseYaml, YamlLocator, YamlSyntaxError } from './index.js';

/** Made by YAMLToJSON, YAMLToJSONStrict and JSONToYAML of sigs.k8s.io/yaml v1.6.0, one case a line. */
function upstream<T>(file: string): T[] {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

interface ReadCase {
  readonly text: string;
  readonly value?: unknown;
  readonly repeated?: string;
  readonly error?: string;
}

function outcome(text: string): ReadCase {
  try {
    const { value, repeated } = parseYaml(text);
    return { text, value, ...(repeated[0] && { repeated: repeated[0] }) };
  } catch (error) {
    expect(error).toBeInstanceOf(YamlSyntaxError);
    return { text, error: (error as Error).message };
  }
}

describe('as upstream', () => {
  test.each(upstream<ReadCase>('upstream-read.jsonl'))('reads $text', (wanted) => {
    const got = outcome(wanted.text);
    // What is no YAML at all is told in other words than libyaml's.
    expect(wanted.error === undefined ? got : Boolean(got.error)).toEqual(wanted.error === undefined ? wanted : true);
  });

  test.each(upstream<{ value: unknown; yaml: string }>('upstream-write.jsonl'))('writes $value', ({ value, yaml }) => {
    expect(formatYaml(value, { sorted: true })).toBe(yaml);
  });

  test.each([
    ['b: *x', "yaml: unknown anchor 'x' referenced"],
    ['a: &x [*x]', "yaml: anchor 'x' value contains itself"],
    ['a: .inf', 'json: unsupported value: +Inf'],
    ['a: !!int x', 'yaml: cannot decode !!str `x` as a !!int'],
    ['b: {<<: 5}', 'yaml: map merge requires map or sequence of maps as the value'],
    ['{{ .Values.x }}', 'yaml: invalid map key: map[interface {}]interface {}{".Values.x":interface {}(nil)}'],
    ['~: a', 'unsupported map key of type: %!s(<nil>), key: <nil>, value: "a"'],
  ])('%j is refused in its words', (text, error) => expect(outcome(text).error).toBe(error));
});

test('what is written is read again as the same', () => {
  // As it came over a wire: no negative zero, which JSON has not.
  const value = fc.jsonValue().map((json) => JSON.parse(JSON.stringify(json)) as unknown);
  fc.assert(
    fc.property(value, (json) => {
      expect(parseYaml(formatYaml(json)).value).toEqual(json);
    }),
  );
});

test('a key that would merge is written as a text', () => {
  expect(formatYaml({ '<<': '<<' })).toBe('"<<": <<\n');
  expect(parseYaml(formatYaml({ '<<': 5 })).value).toEqual({ '<<': 5 });
});

test('any text is read, or refused with its line', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'&*!<>|?-:{}[],"\'%@`# \t\nab01') }),
      (text) => void outcome(text),
    ),
  );
});

describe('bounds', () => {
  const bomb = Array.from({ length: 9 }, (_, index) => {
    const refs = index === 0 ? '"lol"' : `*a${index - 1}`;
    return `a${index}: &a${index} [${Array.from({ length: 9 }, () => refs).join(', ')}]`;
  }).join('\n');
  test('aliases of aliases', () => expect(() => parseYaml(bomb)).toThrow(/limit is|excessive aliasing/));

  test('a long chain of aliases', () => {
    const chain = Array.from({ length: 20_000 }, (_, at) => `- &a${at} [${at > 0 ? `*a${at - 1}` : ''}]`).join('\n');
    expect(outcome(chain).error).toMatch(/max depth|excessive aliasing/);
  });

  test('depth', () => {
    expect(outcome('['.repeat(5_000)).error).toMatch(/depth/i);
    expect(outcome(`${'['.repeat(900)}${']'.repeat(900)}`).error).toBeUndefined();
  });

  test('keys given twice are told up to a hundred', () => {
    const { repeated } = parseYaml('a: 1\n'.repeat(50_000));
    expect(repeated[0]?.split('\n')).toHaveLength(102);
    expect(repeated[0]).toContain('and 49899 more');
  });
});

test('names that objects of JavaScript have are names like any other', () => {
  expect(Object.keys(parseYaml('__proto__: {a: 1}\nconstructor: 2').value as object)).toEqual([
    '__proto__',
    'constructor',
  ]);
  expect(formatYaml(JSON.parse('{"__proto__":{"a":1}}'))).toBe('__proto__:\n  a: 1\n');
});

test('only the first document counts', () => expect(parseYaml('a: 1\n---\nb: 2').value).toEqual({ a: 1 }));

describe('YamlLocator', () => {
  const locator = new YamlLocator('a:\n  "x.y": 1\n  l: [p, {q: 1}]\nb: &b\n- c\n- d:\n    e: 1\nf: *b\n');
  test.each([
    [['a', 'x.y'], 2],
    [['a', 'l', 1, 'q'], 3],
    [['b', 1, 'd', 'e'], 7],
    [['f', 1, 'd', 'e'], 7],
    [['b', 7], 4],
    [['nothing'], undefined],
  ])('%j is on line %s', (path, line) => expect(locator.lineOf(path)).toBe(line));
});
