import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../testing/evaluate.js';

/** Few characters of all widths, so that parts are often found. */
const TEXT = fc.string({ unit: fc.constantFrom('a', 'b', 'B', ' ', 'é', '漢', '😀'), maxLength: 8 });
const PART = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '😀'), maxLength: 2 });
const PLACE = fc.bigInt({ min: -2n, max: 10n });

const written = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(written).join(', ')}]` : JSON.stringify(value);
const outOfRange = (index: bigint): string => `error: index out of range: ${index}`;

/** The first place, in characters, at or after `from` where the part stands. */
function placeOf(text: string, part: string, from: number, step: 1 | -1): number {
  const [all, wanted] = [[...text], [...part]];
  for (let at = from; at >= 0 && at < all.length; at += step) {
    if (wanted.every((character, index) => all[at + index] === character)) return at;
  }
  return -1;
}

describe('texts', () => {
  it('are counted and cut by characters', () => {
    fc.assert(
      fc.property(TEXT, PLACE, PLACE, (text, start, end) => {
        const all = [...text];
        expect(evaluate('text.size()', { text })).toBe(String(all.length));
        const inside = (place: bigint): boolean => place >= 0n && place <= BigInt(all.length);
        const one = inside(start) ? JSON.stringify(all[Number(start)] ?? '') : outOfRange(start);
        expect(evaluate('text.charAt(start)', { text, start })).toBe(one);
        const rest = inside(start) ? JSON.stringify(all.slice(Number(start)).join('')) : outOfRange(start);
        expect(evaluate('text.substring(start)', { text, start })).toBe(rest);
        const cut = evaluate('text.substring(start, end)', { text, start, end });
        if (start > end) expect(cut).toBe(`error: invalid substring range. start: ${start}, end: ${end}`);
        else if (!inside(start)) expect(cut).toBe(outOfRange(start));
        else if (!inside(end)) expect(cut).toBe(outOfRange(end));
        else expect(cut).toBe(JSON.stringify(all.slice(Number(start), Number(end)).join('')));
      }),
    );
  });

  it('tell where a part stands first and last', () => {
    fc.assert(
      fc.property(
        TEXT,
        PART.filter((part) => part !== ''),
        (text, part) => {
          const last = [...text].length - 1;
          expect(evaluate('text.indexOf(part)', { text, part })).toBe(String(placeOf(text, part, 0, 1)));
          expect(evaluate('text.lastIndexOf(part)', { text, part })).toBe(String(placeOf(text, part, last, -1)));
          expect(evaluate('text.contains(part)', { text, part })).toBe(String(text.includes(part)));
          expect(evaluate('text.startsWith(part)', { text, part })).toBe(String(text.startsWith(part)));
          expect(evaluate('text.endsWith(part)', { text, part })).toBe(String(text.endsWith(part)));
        },
      ),
    );
  });

  it('tell where a part stands from a place on', () => {
    fc.assert(
      fc.property(TEXT, PART, PLACE, (text, part, from) => {
        const [first, last] = ['indexOf', 'lastIndexOf'].map((name) =>
          evaluate(`text.${name}(part, from)`, { text, part, from }),
        );
        const at = Number(from);
        const places = [placeOf(text, part, at, 1), at < [...text].length ? placeOf(text, part, at, -1) : -1];
        if (part === '') expect([first, last]).toEqual([String(from), String(from)]);
        else if (from < 0n) expect([first, last]).toEqual([outOfRange(from), outOfRange(from)]);
        else expect([first, last]).toEqual(places.map(String));
      }),
    );
  });

  it('come together again after they were split', () => {
    fc.assert(
      fc.property(TEXT, PART, (text, part) => {
        expect(evaluate('text.split(part).join(part)', { text, part })).toBe(JSON.stringify(text));
        const parts = part === '' ? [...text] : text.split(part);
        expect(evaluate('text.split(part)', { text, part })).toBe(written(parts));
      }),
    );
  });

  it('are split into so many parts at most, the rest in the last', () => {
    fc.assert(
      fc.property(TEXT, PART, fc.bigInt({ min: -1n, max: 4n }), (text, part, limit) => {
        const parts = part === '' ? [...text] : text.split(part);
        const most = limit < 0n ? parts.length : Number(limit);
        const kept =
          parts.length > most && most > 0 ? [...parts.slice(0, most - 1), parts.slice(most - 1).join(part)] : parts;
        expect(evaluate('text.split(part, limit)', { text, part, limit })).toBe(written(limit === 0n ? [] : kept));
      }),
    );
  });

  it('are replaced from the left', () => {
    fc.assert(
      fc.property(TEXT, PART, PART, fc.bigInt({ min: -1n, max: 3n }), (text, part, by, limit) => {
        let [left, rest, made] = [limit < 0n ? 99 : Number(limit), [...text], ''];
        const wanted = [...part];
        while (rest.length > 0) {
          const hit = left > 0 && wanted.every((character, index) => rest[index] === character);
          if (hit) [left, made] = [left - 1, made + by];
          if (hit && wanted.length > 0) rest = rest.slice(wanted.length);
          else [made, rest] = [made + (rest[0] ?? ''), rest.slice(1)];
        }
        if (part === '' && left > 0) made += by;
        expect(evaluate('text.replace(part, by, limit)', { text, part, by, limit })).toBe(JSON.stringify(made));
      }),
    );
  });

  it('change the case of ASCII alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 6 }), (text) => {
        const change = (pattern: RegExp, by: number): string =>
          text.replace(pattern, (letter) => String.fromCharCode(letter.charCodeAt(0) + by));
        expect(evaluate('text.lowerAscii()', { text })).toBe(JSON.stringify(change(/[A-Z]/g, 32)));
        expect(evaluate('text.upperAscii()', { text })).toBe(JSON.stringify(change(/[a-z]/g, -32)));
      }),
    );
  });

  it.each([
    [' \t\n\v\f\ra b\r ', 'a b'],
    ['\u0085\u00a0\u2028x\u3000', 'x'],
    ['\u200bx\ufeff', '\u200bx\ufeff'],
    ['', ''],
    [' \u2009 ', ''],
  ])('are trimmed of white space alone: %j', (text, expected) => {
    expect(evaluate('text.trim()', { text })).toBe(JSON.stringify(expected));
  });

  it('are quoted so that they read as themselves', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '\t', '\u0007', '\v', 'é', '😀') }),
        (text) => {
          const quoted = JSON.parse(evaluate('strings.quote(text)', { text })) as string;
          expect(evaluate(quoted)).toBe(JSON.stringify(text));
        },
      ),
    );
  });
});

describe('patterns', () => {
  it('find as many as they may, from the left', () => {
    fc.assert(
      fc.property(
        TEXT,
        fc.constantFrom('a+', '[ab]', 'é|😀', 'b*a', '$', '^a'),
        fc.bigInt({ min: -1n, max: 3n }),
        (text, pattern, limit) => {
          const all = [...text.matchAll(new RegExp(pattern, 'gu'))].map(([found]) => found);
          expect(evaluate('text.matches(pattern)', { text, pattern })).toBe(String(all.length > 0));
          expect(evaluate('text.find(pattern)', { text, pattern })).toBe(JSON.stringify(all[0] ?? ''));
          const most = limit < 0n ? all : all.slice(0, Number(limit));
          expect(evaluate('text.findAll(pattern, limit)', { text, pattern, limit })).toBe(written(most));
        },
      ),
    );
  });

  it('do not take long where others would', () => {
    const text = `${'a'.repeat(5000)}!`;
    expect(evaluate("text.matches('^(a+)+$')", { text })).toBe('false');
  });
});

describe('formats', () => {
  it.each([
    ["'%s'.format([['a', 'b\"']])", '[\\"a\\", \\"b\\\\\\"\\"]'],
    ["'%d %x %X %o %b'.format([255, 255, 255, 8, 5])", '255 ff FF 10 101'],
    ["'%x'.format(['é'])", 'c3a9'],
    ["'%d'.format([-9223372036854775807 - 1])", '-9223372036854775808'],
    ["'%b'.format([true])", '1'],
    ["'%.2f|%.0f'.format([2.005, 2.5])", '2.00|2'],
    ["'%.3e'.format([1234.5])", '1.234500×10⁰³'],
    ["'100%%'.format([])", '100%'],
    ["'%s'.format([{'b': 1, 'a': 2}])", '{\\"a\\":2, \\"b\\":1}'],
    ["'%s %s'.format([null, duration('90s')])", 'null 90s'],
    ["'%f'.format(['NaN'])", 'NaN'],
  ])('%s is %s', (source, expected) => {
    expect(evaluate(source)).toBe(`"${expected}"`);
  });

  it.each(['constructor', 'toString', 'x', '__proto__', '1'])('write no text %s as a number', (text) => {
    const rule = 'fixed-point clause can only be used on doubles, was given string';
    expect(evaluate("'%f'.format([text])", { text }, { text: { kind: 'dyn' } })).toBe(
      `error: error during formatting: ${rule}`,
    );
  });

  it.each(['%', '%.', '%.2', '%q', '%.999f', '%s %s', '%-d'])('that are broken are errors: %s', (format) => {
    expect(evaluate('format.format([1.0])', { format })).toMatch(/^error: /);
  });
});
