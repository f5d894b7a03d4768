import { describe, expect, test } from 'vitest';
import { envFileValue } from './env-file.js';

describe('a file of variables', () => {
  const text = ['# made by setup', '', "A='one' # first", "  B='two", " lines'", "C= 'apart'", "A='again'", ''].join(
    '\n',
  );

  test.each([
    ['A', 'one'],
    ['B', 'two\n lines'],
    ['C', ''],
    ['D', ''],
  ])('gives %s: %j', (key, value) => {
    expect(envFileValue(text, key)).toBe(value);
  });

  test.each([
    ['A=one', 'invalid environment variable format at line 1: value must be enclosed in single quotes'],
    ["A ='one'", "whitespace before '=' is not allowed"],
    ["='one'", 'empty variable name'],
    ['A', "missing '='"],
    ["A='one' two", 'unexpected content after closing quote'],
    ["\nA='one\ntwo", 'at line 2: unclosed single quote'],
  ])('that reads %j is refused', (wrong, message) => {
    expect(() => envFileValue(wrong, 'X')).toThrow(message);
  });
});
