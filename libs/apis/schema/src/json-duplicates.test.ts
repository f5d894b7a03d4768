import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonShape } from './json-duplicates.js';

/** JSON as it is written: objects may have a member more than once. */
type Written =
  | { readonly text: string }
  | { readonly items: readonly Written[] }
  | { readonly members: readonly (readonly [key: string, value: Written])[] };

const key = fc.constantFrom('a', 'b', 'a b', 'é', '"', '\\', ',', '{', '__proto__', 'constructor', '');
const scalar = fc.oneof(
  fc.constantFrom('0', '-1.5e3', 'true', 'null', '""', '"a"', '"{\\"a\\":1,[]}"', '"\\\\"', '"\\u0061:"'),
  fc
    .string({ unit: fc.constantFrom('"', '\\', ':', ',', '{', '}', '[', ']', 'a') })
    .map((text) => JSON.stringify(text)),
);
const { written } = fc.letrec<{ written: Written }>((tie) => ({
  written: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar.map((text) => ({ text })),
    fc.array(tie('written'), { maxLength: 3 }).map((items) => ({ items })),
    fc.array(fc.tuple(key, tie('written')), { maxLength: 4 }).map((members) => ({ members })),
  ),
}));

/** One key in several spellings means the same. */
const spelled = (text: string, at: number): string =>
  at % 2 === 0 || text === ''
    ? JSON.stringify(text)
    : `"\\u${text.charCodeAt(0).toString(16).padStart(4, '0')}${JSON.stringify(text.slice(1)).slice(1)}`;

function write(one: Written, space: string): string {
  if ('text' in one) return one.text;
  if ('items' in one)
    return `[${space}${one.items.map((item) => write(item, space)).join(`${space},${space}`)}${space}]`;
  const members = one.members.map(([name, value], at) => `${spelled(name, at)}${space}:${space}${write(value, space)}`);
  return `{${space}${members.join(`${space},${space}`)}${space}}`;
}

/** Where members are given again, in the order in which they stand. */
function repeated(one: Written, path: string): string[] {
  if ('text' in one) return [];
  if ('items' in one) return one.items.flatMap((item, at) => repeated(item, `${path}[${at}]`));
  const seen = new Set<string>();
  return one.members.flatMap(([name, value]) => {
    const at = `${path}.${name}`;
    const own = seen.has(name) ? [at] : [];
    seen.add(name);
    return [...own, ...repeated(value, at)];
  });
}

const depthOf = (one: Written): number => {
  if ('text' in one) return 0;
  const inside = 'items' in one ? one.items : one.members.map(([, value]) => value);
  return 1 + Math.max(0, ...inside.map(depthOf));
};

describe('the shape of JSON', () => {
  it('is known by its structure alone: what is given again, and how deep it goes', () => {
    fc.assert(
      fc.property(written, fc.constantFrom('', ' ', '\n\t'), (one, space) => {
        const text = write(one, space);
        const { duplicates, depth } = jsonShape(text, JSON.parse(text), 100);
        expect(duplicates).toEqual(repeated(one, '').map((path) => path.replace(/^\./, '')));
        expect(depth).toBe(depthOf(one));
      }),
      { numRuns: 500 },
    );
  });

  it('is not looked into beyond a depth, but told', () => {
    const text = `${'['.repeat(5)}{"a":1,"a":2}${']'.repeat(5)}`;
    expect(jsonShape(text, JSON.parse(text), 5)).toEqual({ duplicates: [], depth: 6 });
    expect(jsonShape(text, JSON.parse(text), 6)).toEqual({
      duplicates: ['[0][0][0][0][0].a'.replace('[0][0][0][0][0]', '[0]'.repeat(5))],
      depth: 6,
    });
  });

  it('tells of a hundred at most, and of fewer where their paths are long', () => {
    const many = (name: string) => `{${new Array(300).fill(`"${name}":1`).join(',')}}`;
    const count = (name: string) => jsonShape(many(name), JSON.parse(many(name)), 10).duplicates.length;
    expect([count('a'), count('a'.repeat(10_000))]).toEqual([100, 7]);
  });
});
