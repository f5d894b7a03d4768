import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FieldMatcher, matcherFromLabelSelector, parseFieldSelector, parseToLabelSelector } from './index.js';

describe('a field selector', () => {
  test.each<[string, object[]]>([
    ['', []],
    [',,', []],
    ['=', []],
    ['a=1', [{ field: 'a', operator: '=', value: '1' }]],
    ['a==1', [{ field: 'a', operator: '=', value: '1' }]],
    ['a!=', [{ field: 'a', operator: '!=', value: '' }]],
    ['=b', [{ field: '', operator: '=', value: 'b' }]],
    [' a = b ', [{ field: ' a ', operator: '=', value: ' b ' }]],
    ['a=x\\,y', [{ field: 'a', operator: '=', value: 'x,y' }]],
    ['a=x\\=y', [{ field: 'a', operator: '=', value: 'x=y' }]],
    ['a=x\\\\', [{ field: 'a', operator: '=', value: 'x\\' }]],
  ])('%j has the requirements %j', (text, requirements) =>
    expect(parseFieldSelector(text).requirements).toEqual(requirements),
  );

  test('comes sorted, as upstream reads it', () => {
    expect(parseFieldSelector('b=2,a=1').toString()).toBe('a=1,b=2');
  });

  test('that says nothing is the one that matches everything', () => {
    expect(parseFieldSelector('')).toBe(FieldMatcher.everything);
    expect(FieldMatcher.everything.matchesEverything).toBe(true);
    expect(parseFieldSelector('a=1').matchesEverything).toBe(false);
  });

  test('tells the one value of a field, not what a field must not be', () => {
    const selector = parseFieldSelector('a!=1,b=2');
    expect([selector.exactValue('a'), selector.exactValue('b'), selector.exactValue('c')]).toEqual([
      undefined,
      '2',
      undefined,
    ]);
  });

  test('names the first field that is not known, in the order it reads them', () => {
    expect(parseFieldSelector('z=1,y=2,a=3').unsupportedField((field) => field === 'a')).toBe('y');
    expect(parseFieldSelector('a=3').unsupportedField(() => true)).toBeUndefined();
  });

  test('is read back from its string form, whatever its values hold', () => {
    const requirement = fc.record({
      field: fc.stringMatching(/^[a-z][a-zA-Z.]{0,8}$/),
      operator: fc.constantFrom('=' as const, '!=' as const),
      value: fc.string({ unit: fc.constantFrom(...'ab\\,=! \n') }),
    });
    fc.assert(
      fc.property(fc.array(requirement), (requirements) => {
        const again = parseFieldSelector(new FieldMatcher(requirements).toString()).requirements;
        const key = (one: object) => JSON.stringify(one);
        expect(again.map(key).sort()).toEqual(requirements.map((one) => key(one)).sort());
      }),
      { numRuns: 500 },
    );
  });

  test('matches where every field is, or is not, what it says', () => {
    const value = fc.constantFrom('', '1', '2');
    const requirement = fc.record({
      field: fc.constantFrom('a', 'b'),
      operator: fc.constantFrom('=' as const, '!=' as const),
      value,
    });
    fc.assert(
      fc.property(fc.array(requirement), fc.record({ a: value, b: value }), (requirements, object) => {
        const expected = !requirements.some(
          ({ field, operator, value: wanted }) => (object[field] === wanted) !== (operator === '='),
        );
        expect(new FieldMatcher(requirements).matches((field) => object[field as 'a'])).toBe(expected);
      }),
    );
  });
});

describe('a label selector as an object', () => {
  test.each([
    ['a', { matchExpressions: [{ key: 'a', operator: 'Exists' }] }],
    ['!a', { matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] }],
    ['a!=b', { matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['b'] }] }],
    ['a in (b)', { matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] }],
    ['a=', { matchLabels: { a: '' } }],
    ['', {}],
  ])('%j is %j', (text, object) => expect(parseToLabelSelector(text)).toEqual(object));

  test.each(['a>1', 'a<1'])('cannot say %s', (text) => {
    expect(() => parseToLabelSelector(text)).toThrow(expect.objectContaining({ reason: 'BadRequest' }));
  });

  test('means what its text means', () => {
    const text = fc
      .array(fc.constantFrom('a', '!a', 'a=b', 'a!=b', 'a in (b,c)', 'a notin (c)', 'c=d', 'c'), { maxLength: 3 })
      .map((terms) => terms.join(','));
    const labels = fc.dictionary(fc.constantFrom('a', 'c'), fc.constantFrom('b', 'c', 'd', ''));
    fc.assert(
      fc.property(text, labels, (selector, set) => {
        fc.pre(
          new Set(selector.match(/(?<![a-z(,])\w=/g) ?? []).size === (selector.match(/(?<![a-z(,])\w=/g) ?? []).length,
        );
        const matcher = matcherFromLabelSelector(parseToLabelSelector(selector));
        expect(matcher.matches(set)).toBe(selectorOf(selector)(set));
      }),
    );
  });
});

/** The terms above, one by one. */
function selectorOf(text: string): (labels: Record<string, string>) => boolean {
  const terms: Record<string, (labels: Record<string, string>) => boolean> = {
    a: ({ a }) => a !== undefined,
    '!a': ({ a }) => a === undefined,
    'a=b': ({ a }) => a === 'b',
    'a!=b': ({ a }) => a !== 'b',
    'a in (b,c)': ({ a }) => a === 'b' || a === 'c',
    'a notin (c)': ({ a }) => a !== 'c',
    'c=d': ({ c }) => c === 'd',
    c: ({ c }) => c !== undefined,
  };
  const given = text.match(/a in \(b,c\)|a notin \(c\)|!a|a!=b|a=b|c=d|a|c/g) ?? [];
  return (labels) => given.every((term) => terms[term]?.(labels));
}
