import { expect, test } from 'vitest';
import { parseYaml, YamlSyntaxError } from './yaml-body.js';

test.each([
  ['a: 1\nb: 2\na: 3', 'a', 3],
  ['x:\n  "a b": 1\n  "a b": 2', 'a b', 3],
  ["'it''s': 1\n'it''s': 2", "it's", 2],
  ['{a: 1, b: 2, a: 3}', 'a', 1],
  ['{"a": 1,\n "a": 3}', 'a', 2],
])('%j says %s twice', (text, key, line) => {
  const { repeated } = parseYaml(text);
  expect(repeated).toEqual([`yaml: unmarshal errors:\n  line ${line}: key "${key}" already set in map`]);
});

test('the last of them counts', () => expect(parseYaml('a: 1\na: 2').value).toEqual({ a: 2 }));
test('nothing is told where there is nothing', () => expect(parseYaml('a: 1').repeated).toEqual([]));
test('what is no YAML is told by its line', () => {
  expect(() => parseYaml('a: 1\n b: [')).toThrow(YamlSyntaxError);
  expect(() => parseYaml('a: 1\n b: [')).toThrow(/^yaml: line \d+: /);
});
