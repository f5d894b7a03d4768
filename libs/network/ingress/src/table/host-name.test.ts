import { expect, test } from 'vitest';
import { coversHost, hostName, wildcardsOf } from './host-name.js';

test.each([
  ['shop.example.com', 'shop.example.com'],
  ['Shop.Example.COM:8080', 'shop.example.com'],
  ['shop.example.com.', 'shop.example.com'],
  ['127.0.0.1:80', '127.0.0.1'],
  ['[::1]:80', '[::1]'],
  ['my_host', 'my_host'],
  ['', undefined],
  ['a b', undefined],
  ['a..b', undefined],
  ['a/b', undefined],
  ['a@b', undefined],
  ['a:b', undefined],
  ['*.example.com', undefined],
  ['a,b', undefined],
  [`${'a'.repeat(64)}.com`, undefined],
  [`${'a.'.repeat(130)}com`, undefined],
])('the host of %j is %j', (authority, expected) => {
  expect(hostName(authority)).toBe(expected);
});

test('a star is of one label, or of any number', () => {
  expect(wildcardsOf('a.b.c')).toEqual(['*.b.c', '*.c']);
  expect(coversHost('*.b.c', 'a.b.c', 'one')).toBe(true);
  expect(coversHost('*.c', 'a.b.c', 'one')).toBe(false);
  expect(coversHost('*.c', 'a.b.c', 'any')).toBe(true);
  expect(coversHost('*.c', 'c', 'any')).toBe(false);
  expect(coversHost('*.b.c', 'ab.c', 'any')).toBe(false);
});
