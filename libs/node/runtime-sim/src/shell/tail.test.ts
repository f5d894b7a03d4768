import { describe, expect, test } from 'vitest';
import { hexDump } from './hexdump.js';
import { followed, lastLines, newPart } from './tail.js';

test.each([
  [['-f', '/dev/null'], { lines: 10, paths: ['/dev/null'] }],
  [['-n', '3', '-f', 'a', 'b'], { lines: 3, paths: ['a', 'b'] }],
  [['-fn0', 'a'], { lines: 10, paths: ['a'] }],
  [['-5', '-F', 'a'], { lines: 5, paths: ['a'] }],
  [['--lines=2', '--follow=name', 'a'], { lines: 2, paths: ['a'] }],
  [['-n', '3', 'a'], undefined],
  [['a'], undefined],
])('tail %j follows %j', (words, expected) => expect(followed(words)).toEqual(expected));

test('the last lines are those at the end, however it ends', () => {
  expect([
    lastLines('a\nb\nc\n', 2),
    lastLines('a\nb\nc', 2),
    lastLines('a\n', 5),
    lastLines('a\n', 0),
    lastLines('', 3),
  ]).toEqual(['b\nc\n', 'b\nc', 'a\n', '', '']);
});

test('what came is what was not there before', () => {
  expect([newPart('ab', 'abc'), newPart('ab', 'ab'), newPart('ab', 'x')]).toEqual(['c', '', 'x']);
});

describe('a dump', () => {
  const dump = (bytes: number[], canonical = true, all = false) => hexDump(Uint8Array.from(bytes), { canonical, all });

  test('shows bytes, and what of them can be read', () => {
    expect(dump([0xde, 0xca, 0xfe, 0xba, 0xd0, 0xfe, 0xff])).toBe(
      '00000000  de ca fe ba d0 fe ff                              |.......|\n00000007\n',
    );
    const text = [...'hello, world 1234'].map((letter) => letter.charCodeAt(0));
    expect(dump(text)).toBe(
      '00000000  68 65 6c 6c 6f 2c 20 77  6f 72 6c 64 20 31 32 33  |hello, world 123|\n' +
        '00000010  34                                                |4|\n00000011\n',
    );
  });

  test('of nothing is nothing', () => expect(dump([])).toBe(''));

  test('shows what repeats once', () => {
    const zeros = new Array<number>(48).fill(0);
    expect(
      dump(zeros)
        .split('\n')
        .map((line) => line.slice(0, 8)),
    ).toEqual(['00000000', '*', '00000030', '']);
    expect(dump(zeros, true, true).split('\n')).toHaveLength(5);
  });

  test('without a flag shows words', () => expect(dump([1, 2, 3], false)).toBe('0000000 0201 0003\n0000003\n'));
});
