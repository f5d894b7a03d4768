import { expect, test } from 'vitest';
import { Warnings } from './warnings.js';

function headersOf(...texts: string[]): readonly string[] {
  const warnings = new Warnings();
  for (const text of texts) warnings.add(text);
  return warnings.headers;
}

const read = (header: string) => Buffer.from(header, 'latin1').toString();

test('each warning is said once, quoted', () => {
  expect(headersOf('a', 'b "c" \\d', 'a', '')).toEqual(['299 - "a"', '299 - "b \\"c\\" \\\\d"']);
});

test('what no header may hold is left out', () => {
  expect(headersOf('a\r\nset-cookie: b\u0000\u007f\u0085c')).toEqual(['299 - "a set-cookie: b c"']);
});

test('text beyond ASCII goes as the bytes of its UTF-8', () => {
  const [header = ''] = headersOf('unknown field "名字😀"');
  expect(header).toMatch(/^[\t\x20-\x7e\x80-\xff]*$/);
  expect(read(header)).toBe('299 - "unknown field \\"名字😀\\""');
});

test('a lone half of a character does no harm', () => {
  expect(read(headersOf('a\ud83d')[0] ?? '')).toBe('299 - "a\ufffd"');
});

test('a long warning is said whole while it fits', () => {
  expect(headersOf('x'.repeat(4096))).toEqual([`299 - "${'x'.repeat(4096)}"`]);
});

test('all are shortened once they are too many', () => {
  const headers = headersOf('x'.repeat(3000), 'y'.repeat(3000), 'z'.repeat(300));
  expect(headers).toEqual(['x', 'y', 'z'].map((letter) => `299 - "${letter.repeat(256)}"`));
});

test('runes are counted, not halves of them', () => {
  const [header = ''] = headersOf('😀'.repeat(3000));
  expect(read(header)).toBe(`299 - "${'😀'.repeat(256)}"`);
});

test('together they stay below 4 KiB, whatever comes', () => {
  const warnings = new Warnings();
  for (let at = 0; at < 12_000; at += 1) warnings.add(`unknown field "名字${at}"`);
  const bytes = warnings.headers.reduce((sum, header) => sum + header.length - '299 - ""'.length, 0);
  expect(bytes).toBeGreaterThan(3_500);
  expect(warnings.headers.length).toBeLessThan(250);
  expect(warnings.add('one more')).toBe(false);
});

test('many repetitions of huge warnings cost one look each', () => {
  const huge = 'x'.repeat(3_000_000);
  expect(headersOf(...Array.from({ length: 1_000 }, () => huge))).toEqual([`299 - "${'x'.repeat(256)}"`]);
});
