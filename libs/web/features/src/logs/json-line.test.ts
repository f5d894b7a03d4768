import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJsonLine } from './json-line.js';

test('a line of JSON in its parts', () => {
  expect(readJsonLine('{"ts":1,"level":"error","msg":"no way","count":3,"who":{"a":[1]}}')).toEqual({
    level: 'error',
    tone: 'error',
    message: 'no way',
    fields: [
      ['count', '3'],
      ['who', '{"a":[1]}'],
    ],
  });
  expect(readJsonLine('{"severity":"WARNING","message":"m"}')).toMatchObject({
    tone: 'warn',
    message: 'm',
    fields: [],
  });
  expect(readJsonLine('{"a":"b"}')).toMatchObject({ level: '', tone: 'none', message: '', fields: [['a', 'b']] });
});

test.each(['plain', '', '[1]', '{half', '"x"', 'null'])('%j is none', (text) => {
  expect(readJsonLine(text)).toBeUndefined();
});

test('of any value is told without a fault', () => {
  fc.assert(fc.property(fc.json(), (text) => void readJsonLine(text)));
});
