import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatYaml, type YamlField, YamlLocator } from './index.js';

const fields = (text: string): [string, number, string, string][] =>
  new YamlLocator(text)
    .fields()
    .map(({ path, line, type, text: value }: YamlField) => [path.join('/'), line, type, value]);

describe('the fields of a text', () => {
  test('come in its order, with their lines, types and texts', () => {
    expect(fields('kind: Pod\nspec:\n  replicas: 3\n  on: yes\n  list:\n  - a\n  - {b: "7"}\n  none: ~\n')).toEqual([
      ['kind', 1, 'string', 'Pod'],
      ['spec', 2, 'object', ''],
      ['spec/replicas', 3, 'number', '3'],
      ['spec/on', 4, 'bool', 'yes'],
      ['spec/list', 5, 'array', ''],
      ['spec/list/0', 6, 'string', 'a'],
      ['spec/list/1', 7, 'object', ''],
      ['spec/list/1/b', 7, 'string', '7'],
      ['spec/none', 8, 'null', '~'],
    ]);
  });

  test('that are aliases have the type of what they stand for, and are not gone through again', () => {
    expect(fields('a: &x {n: 1}\nb: *x\nc: &y 5\nd: *y')).toEqual([
      ['a', 1, 'object', ''],
      ['a/n', 1, 'number', '1'],
      ['b', 2, 'object', ''],
      ['c', 3, 'number', '5'],
      ['d', 4, 'number', ''],
    ]);
  });

  test.each([
    ['1.5', 'number'],
    ['0x1F', 'number'],
    ['18446744073709551615', 'number'],
    ['.inf', 'number'],
    ['2001-01-01', 'string'],
    ['!!str 5', 'string'],
    ["'5'", 'string'],
    ['', 'null'],
  ])('%j is of type %s', (text, type) => expect(fields(`a: ${text}`)[0]?.[2]).toBe(type));

  test('are none of a text that holds nothing, or a scalar', () => {
    expect([fields(''), fields('# x'), fields('text')]).toEqual([[], [], []]);
  });
});

describe('the line of a field', () => {
  test('that stands twice is that of the last, which counts', () => {
    expect(new YamlLocator('a: 1\nb: 2\na: 3').lineOf(['a'])).toBe(3);
  });

  test('is found through aliases, where they lead to', () => {
    const locator = new YamlLocator('base: &b\n  env:\n  - name: X\nspec: *b\n');
    expect(locator.lineOf(['spec', 'env', 0, 'name'])).toBe(3);
    expect(locator.lineOf(['spec', 'none'])).toBe(4);
  });

  test('of an item is where the item begins', () => {
    const locator = new YamlLocator('list:\n-\n  a: 1\n- # comment\n  b: 2\n');
    expect([locator.lineOf(['list', 0]), locator.lineOf(['list', 1])]).toEqual([3, 5]);
    expect(locator.lineOf(['list', 'x'])).toBe(1);
    expect(locator.lineOf(['list', 0, 'a', 'deeper'])).toBe(3);
  });

  test('includes its anchor and tag', () => {
    expect(new YamlLocator('a: 1\n&k key:\n  !!str\n  v').lineOf(['key'])).toBe(2);
  });
});

test('every field of a written value is found on the line that fields() tells', () => {
  const key = fc.stringMatching(/^[a-z]{1,3}$/);
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      fc.nat(9),
      fc.string(),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(key, tie('node'), { maxKeys: 3 }),
    ),
  })).node;
  fc.assert(
    fc.property(value, (json) => {
      const locator = new YamlLocator(formatYaml(json));
      for (const { path, line } of locator.fields()) expect(locator.lineOf(path)).toBe(line);
    }),
  );
});
