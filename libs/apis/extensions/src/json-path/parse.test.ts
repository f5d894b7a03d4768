import { describe, expect, it } from 'vitest';
import { jsonPath } from './find.js';
import { BadPath, parseJsonPath } from './parse.js';

const store = {
  books: [
    { title: 'A', price: 5, tags: ['x', 'y'], sold: true },
    { title: 'B', price: 15, tags: [], sold: false },
    { title: 'C', price: 25, author: { name: 'Z' } },
  ],
  'odd key': 1,
  empty: {},
};

describe('the steps of a path', () => {
  it.each<[string, object[]]>([
    ['.a', [{ kind: 'members', names: ['a'] }]],
    ['$.a', [{ kind: 'members', names: ['a'] }]],
    ['.a\\.b', [{ kind: 'members', names: ['a.b'] }]],
    ["['a','b']", [{ kind: 'members', names: ['a', 'b'] }]],
    ['[0,-1]', [{ kind: 'elements', positions: [0, -1] }]],
    ['[1:2]', [{ kind: 'slice', from: 1, to: 2, by: 1 }]],
    ['[:-1]', [{ kind: 'slice', to: -1, by: 1 }]],
    ['[::3]', [{ kind: 'slice', by: 3 }]],
    ['.*', [{ kind: 'all' }]],
    ['..a', [{ kind: 'below' }, { kind: 'members', names: ['a'] }]],
    ['', []],
  ])('%s are %j', (path, steps) => {
    expect(parseJsonPath(path)).toEqual(steps);
  });

  it.each([
    ['a', 'unrecognized character in action: a'],
    ['.a b', 'unrecognized character in action:  '],
    ['.a[', 'unterminated array'],
    ["['a", 'unterminated array'],
    ['[x]', 'invalid array index x'],
    ['[?(a==1)]', 'unrecognized identifier a'],
    ['[?(@.a==b)]', 'unrecognized identifier b'],
    [`.${'a'.repeat(1000)}`, 'path is too long'],
  ])('%s are none: %s', (path, message) => {
    expect(() => parseJsonPath(path)).toThrow(new BadPath(message));
  });
});

describe('what a path finds', () => {
  it.each<[string, unknown[]]>([
    ['.books[*].title', ['A', 'B', 'C']],
    ['.books[-2:].title', ['B', 'C']],
    ['.books[0:9:2].title', ['A', 'C']],
    ['.books[5].title', []],
    ['.books[2:1]', []],
    ['.books[0].tags[-1]', ['y']],
    ['.books[?(@.price<=15)].title', ['A', 'B']],
    ['.books[?(@.price>=15)].title', ['B', 'C']],
    ['.books[?(@.price<"9")].title', []],
    ['.books[?(@.title>"A")].title', ['B', 'C']],
    ['.books[?(@.sold==true)].title', ['A']],
    ['.books[?(@.author.name=="Z")].title', ['C']],
    ['.books[?(@.author)].title', ['C']],
    ['.books[?(5==@.price)].title', ['A']],
    ['.books[?(@.title!="B")].title', ['A', 'C']],
    ["['odd key']", [1]],
    ['..name', ['Z']],
    ['.empty.*', []],
    ['.books.title', []],
    ['.books[0][0]', []],
  ])('%s: %j', (path, found) => {
    expect(jsonPath(path)(store)).toEqual(found);
  });
});
