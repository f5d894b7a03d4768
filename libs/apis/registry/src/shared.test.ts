import { expect, test } from 'vitest';
import { Shared } from './shared.js';

test('what is made of the same is one object until it is forgotten', () => {
  const shared = new Shared<{ readonly of: string }>();
  const get = (key: string) => shared.get(key, () => ({ of: key }));
  const first = get('a');
  expect(get('a')).toBe(first);
  expect(get('b')).toEqual({ of: 'b' });
  shared.forget('a');
  expect(get('a')).not.toBe(first);
  expect(get('a')).toEqual(first);
});

test('nothing is kept of what could not be made', () => {
  const shared = new Shared<object>();
  const fail = () => {
    throw new RangeError('no');
  };
  expect(() => shared.get('a', fail)).toThrow(RangeError);
  const made = {};
  expect(shared.get('a', () => made)).toBe(made);
});
