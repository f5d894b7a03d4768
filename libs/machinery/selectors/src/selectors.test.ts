import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatLabelSelector,
  labelSelectorInGo,
  LabelMatcher,
  matcherFromLabelSelector,
  matcherFromSet,
  parseFieldSelector,
  parseLabelSelector,
  parseToLabelSelector,
} from './index.js';

describe('label selectors', () => {
  test.each([
    ['', {}, true],
    ['a=b', { a: 'b' }, true],
    ['a==b', { a: 'c' }, false],
    ['a!=b', {}, true],
    ['a', { a: '' }, true],
    ['!a', { a: '' }, false],
    ['a in (b, c)', { a: 'c' }, true],
    ['a notin (b,c)', { a: 'c' }, false],
    ['a notin (b,c)', {}, true],
    ['a>1', { a: '2' }, true],
    ['a<1', { a: '2' }, false],
    ['a>1', { a: 'x' }, false],
    ['a=', { a: '' }, true],
    ['a in ()', { a: '' }, true],
    ['a in (,b)', { a: '' }, true],
    ['in in (notin)', { in: 'notin' }, true],
    ['constructor', {}, false],
    [' a = b , !c ', { a: 'b' }, true],
  ])('%s on %j is %s', (text, labels, expected) => expect(parseLabelSelector(text).matches(labels)).toBe(expected));

  test.each([
    ['a=b=c', "found '=', expected: ',' or 'end of string'"],
    ['a,', "found '', expected: identifier after ','"],
    ['=a', "found '=', expected: !, identifier, or 'end of string'"],
    ['a in b', "unable to parse requirement: found 'b' expected: '('"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
    [
      'a>b',
      "unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
  ])('%s: %s', (text, message) => expect(() => parseLabelSelector(text)).toThrow(message));

  test('a bad key or value is named', () => {
    expect(() => parseLabelSelector('-a=b')).toThrow(
      /^unable to parse requirement: <nil>: Invalid value: "-a": name part must/,
    );
    expect(() => parseLabelSelector('a=-b')).toThrow(/values\[0\]\[a\]: Invalid value: "-b": a valid label must/);
  });

  test('an absent selector matches nothing and an empty one everything', () => {
    expect(matcherFromLabelSelector(undefined)).toBe(LabelMatcher.nothing);
    expect(matcherFromLabelSelector({})).toBe(LabelMatcher.everything);
    expect(matcherFromLabelSelector(undefined).matches({})).toBe(false);
  });

  test('an object becomes its string form and back', () => {
    const object = {
      matchLabels: { app: 'web' },
      matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['b', 'a'] }],
    };
    expect(formatLabelSelector(object)).toBe('app=web,tier notin (a,b)');
    expect(parseToLabelSelector('app=web,tier notin (a,b)')).toEqual({
      matchLabels: { app: 'web' },
      matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['a', 'b'] }],
    });
    expect(formatLabelSelector({})).toBe('<none>');
    expect(() => matcherFromLabelSelector({ matchExpressions: [{ key: 'a', operator: 'Gt' }] })).toThrow(
      '"Gt" is not a valid label selector operator',
    );
  });

  test('an exact value is known', () => {
    expect(matcherFromSet({ a: 'b' }).exactValue('a')).toBe('b');
    expect(parseLabelSelector('a in (b,c)').exactValue('a')).toBeUndefined();
  });
});

describe('field selectors', () => {
  const of = (object: Record<string, string>) => (field: string) => object[field] ?? '';

  test.each([
    ['', true],
    ['a.b=1', true],
    ['a.b==1,c!=2', true],
    ['a.b!=1', false],
    ['x=', true],
  ])('%s is %s', (text, expected) =>
    expect(parseFieldSelector(text).matches(of({ 'a.b': '1', c: '3' }))).toBe(expected),
  );

  test.each([
    ['a', "invalid selector: 'a'; can't understand 'a'"],
    ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
    ['a=\\b', 'invalid field selector: invalid escape sequence: \\b'],
    ['a=b\\', 'invalid field selector: invalid escape sequence: \\'],
  ])('%s: %s', (text, message) => expect(() => parseFieldSelector(text)).toThrow(message));

  test('what is not supported is found', () => {
    expect(parseFieldSelector('a=1,b=2').unsupportedField((field) => field === 'a')).toBe('b');
  });
});

const key = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const value = fc.stringMatching(/^([a-z0-9]([-a-z0-9_.]{0,5}[a-z0-9])?)?$/);

test('every selector is read back from its string form', () => {
  const requirement = fc.oneof(
    fc.record({ key, operator: fc.constantFrom('=' as const, '!=' as const), values: fc.tuple(value) }),
    fc.record({
      key,
      operator: fc.constantFrom('in' as const, 'notin' as const),
      values: fc.uniqueArray(value, { minLength: 1 }),
    }),
    fc.record({ key, operator: fc.constantFrom('exists' as const, '!' as const), values: fc.constant([]) }),
  );
  fc.assert(
    fc.property(fc.array(requirement), fc.dictionary(key, value), (requirements, labels) => {
      const selector = LabelMatcher.of(requirements);
      const again = parseLabelSelector(selector.toString());
      expect(again.toString()).toBe(selector.toString());
      expect(again.matches(labels)).toBe(selector.matches(labels));
    }),
  );
});

test('no text makes a parser fail but with a Status', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab=!(),<> \\in') }), (text) => {
      for (const parse of [parseLabelSelector, parseFieldSelector]) {
        try {
          parse(text);
        } catch (error) {
          expect(error).toHaveProperty('reason', 'BadRequest');
        }
      }
    }),
  );
});

test('a field value survives escaping', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (text) => {
      const escaped = text.replace(/[\\,=]/g, '\\$&');
      expect(parseFieldSelector(`f=${escaped}`).exactValue('f')).toBe(text);
    }),
  );
});

test('a selector in the words of Go', () => {
  const matchExpressions = [{ key: 'tier', operator: 'In', values: ['a', 'b'] }];
  expect(labelSelectorInGo({ matchLabels: { b: '2', a: '1' }, matchExpressions })).toBe(
    '&LabelSelector{MatchLabels:map[string]string{a: 1,b: 2,},MatchExpressions:[]LabelSelectorRequirement{LabelSelectorRequirement{Key:tier,Operator:In,Values:[a b],},},}',
  );
  expect(labelSelectorInGo(undefined)).toBe('nil');
});
