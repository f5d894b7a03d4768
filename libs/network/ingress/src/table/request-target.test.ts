import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf, escapedPath, normalPath, readTarget } from './request-target.js';

test.each<[target: string, expected: object | undefined]>([
  ['/', { rawPath: '/', path: '/', query: '' }],
  ['/a/b?c=d&e', { rawPath: '/a/b', path: '/a/b', query: '?c=d&e' }],
  ['/a?', { rawPath: '/a', path: '/a', query: '?' }],
  ['/a%2Fb/%7Ec?x=%20', { rawPath: '/a%2Fb/%7Ec', path: '/a/b/~c', query: '?x=%20' }],
  ['http://Shop.example.com:81/a?b', { rawPath: '/a', path: '/a', query: '?b', authority: 'Shop.example.com:81' }],
  ['http://shop.example.com', { rawPath: '/', path: '/', query: '', authority: 'shop.example.com' }],
  ['http://shop.example.com?a=b', { rawPath: '/', path: '/', query: '?a=b', authority: 'shop.example.com' }],
  ['*', undefined],
  ['a/b', undefined],
  ['', undefined],
  ['?a', undefined],
  ['shop.example.com:443', undefined],
  ['/a b', undefined],
  ['/a\tb', undefined],
  ['/a#b', undefined],
  ['/a\\..\\b', undefined],
  ['/a%zz', undefined],
  ['/a%4', undefined],
  ['/a%00', undefined],
  ['/..', undefined],
])('the target %j', (target, expected) => {
  expect(readTarget(target)).toEqual(expected);
});

describe('a path is compared', () => {
  test.each([
    ['/a//b', '/a/b'],
    ['/a/./b/', '/a/b/'],
    ['/a/b/..', '/a/'],
    ['/a/b/../c', '/a/c'],
    ['/a/../b', '/b'],
    ['/public/%2e%2e/admin', '/admin'],
    ['/public/..%2fadmin', '/admin'],
    ['//', '/'],
    ['/.', '/'],
    ['/a/.hidden', '/a/.hidden'],
    ['/%E4%B8%AD', bytesOf('/中')],
  ])('%s as %s', (path, expected) => {
    expect(normalPath(path)).toBe(expected);
  });

  test('without anything that leads elsewhere, whatever it is made of', () => {
    const piece = fc.constantFrom('.', '..', '/', '%2e', '%2F', 'a', '%25', ' ', 'ü', '%', '\\');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const path = normalPath(`/${pieces.join('')}`);
        if (path === undefined) return;
        expect(path.startsWith('/')).toBe(true);
        expect(path.split('/').slice(1, -1)).not.toContain('');
        for (const element of path.split('/')) expect(['.', '..']).not.toContain(element);
        // What was compared is compared the same again where it is written down.
        expect(normalPath(escapedPath(path))).toBe(path);
      }),
    );
  });
});
