import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonSyntaxError, parseJson } from './json-scanner.js';

test.each([
  ['{"a":1,"a":2}', ['a']],
  ['{"spec":{"containers":[{},{"image":"x","name":"y","image":"z"}]}}', ['spec.containers[1].image']],
  ['{"a":{"b":1},"c":{"b":1}}', []],
  ['{"a\\u0062":1,"ab":2}', ['ab']],
])('%s repeats %j', (text, duplicates) => expect(parseJson(text).duplicates).toEqual(duplicates));

test.each([
  ['', 'unexpected end of JSON input', 0],
  ['{"a":', 'unexpected end of JSON input', 5],
  ['{"a" 1}', "invalid character '1' after object key", 5],
  ['{"a":1 "b":2}', `invalid character '"' after object key:value pair`, 7],
  ['{a:1}', "invalid character 'a' looking for beginning of object key string", 1],
  ['[1 2]', "invalid character '2' after array element", 3],
  ['{"a":1}x', "invalid character 'x' after top-level value", 7],
  ['nul', 'unexpected end of JSON input', 3],
  ['nulx', "invalid character 'x' in literal null (expecting 'l')", 3],
  ['"a\nb"', "invalid character '\\n' in string literal", 2],
  ['"\\x"', "invalid character 'x' in string escape code", 2],
  ['-x', "invalid character 'x' in numeric literal", 1],
  ['apiVersion: v1', "invalid character 'a' looking for beginning of value", 0],
])('%j: %s', (text, message, offset) => {
  expect(() => parseJson(text)).toThrow(new JsonSyntaxError(message, offset));
  expect(() => parseJson(text)).toThrow(expect.objectContaining({ offset }));
});

test('a key is told by what it means, wherever it stands', () => {
  const text = '[{"a":"}\\"{","b\\\\":[1,{"c":1,"\\u0063":2}],"b\\\\":3}]';
  expect(parseJson(text).duplicates).toEqual(['[0].b\\[1].c', '[0].b\\']);
});

test('nesting is limited', () => {
  expect(() => parseJson(`${'['.repeat(2_000)}${']'.repeat(2_000)}`)).toThrow('exceeded max depth');
  expect(() => parseJson('['.repeat(100_000))).toThrow('exceeded max depth');
});

test('reads what JSON.parse reads, and refuses what it refuses', () => {
  const damaged = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', '{', ']', ',', '\\', '0', '\u0001'))
    .map(([text, at, piece]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + piece + text.slice(place + 1);
    });
  const native = (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      return SyntaxError;
    }
  };
  fc.assert(
    fc.property(fc.oneof(fc.json(), damaged), (text) => {
      const expected = native(text);
      if (expected === SyntaxError) expect(() => parseJson(text)).toThrow(JsonSyntaxError);
      else expect(parseJson(text).value).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});
