import { StatusError } from '@binnacle/machinery-meta';
import { expect, it } from 'vitest';
import { booleanParameter, integerParameter } from './parameters.js';

const query = (text: string) => new URLSearchParams(text);

it.each([
  ['', undefined],
  ['a=', true],
  ['a=true', true],
  ['a=t', true],
  ['a=f', true],
  ['a=maybe', true],
  ['a=false', false],
  ['a=FALSE', false],
  ['a=0', false],
  ['a=00', true],
  ['a=false&a=true', false],
])('a boolean of %s is %s', (text, expected) => {
  expect(booleanParameter(query(text), 'a')).toBe(expected);
});

it.each([
  ['', undefined],
  ['a=7', 7],
  ['a=-7', -7],
  ['a=%2B7', 7],
  ['a=007', 7],
])('an integer of %s is %s', (text, expected) => {
  expect(integerParameter(query(text), 'a')).toBe(expected);
});

it.each([
  ['a=', 'invalid syntax'],
  ['a=x', 'invalid syntax'],
  ['a=1.5', 'invalid syntax'],
  ['a=9223372036854775808', 'value out of range'],
])('an integer of %s is refused', (text, why) => {
  const read = () => integerParameter(query(text), 'a');
  expect(read).toThrow(StatusError);
  expect(read).toThrow(why);
});
