import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LabelMatcher } from './index.js';
import {
  formatRequirement,
  type Requirement,
  requirementErrors,
  requirementFromObject,
  requirementMatches,
  requirementToObject,
  type SelectorOperator,
} from './requirement.js';

const told = (requirement: Requirement) =>
  requirementErrors(requirement).map(({ field, message }) => `${field}: ${message}`);

describe('a requirement', () => {
  test.each<[SelectorOperator, string[], string]>([
    ['in', [], "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty"],
    ['notin', [], "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty"],
    ['exists', ['a'], 'values: Invalid value: ["a"]: values set must be empty for exists and does not exist'],
    ['!', ['a'], 'values: Invalid value: ["a"]: values set must be empty for exists and does not exist'],
    ['=', ['a', 'b'], 'values: Invalid value: ["a","b"]: exact-match compatibility requires one single value'],
    ['!=', [], 'values: Invalid value: []: exact-match compatibility requires one single value'],
    ['>', ['1', '2'], 'values: Invalid value: ["1","2"]: for \'Gt\', \'Lt\' operators, exactly one value is required'],
    ['<', ['1.5'], "values[0]: Invalid value: \"1.5\": for 'Gt', 'Lt' operators, the value must be an integer"],
    [
      '>',
      ['9223372036854775808'],
      "values[0]: Invalid value: \"9223372036854775808\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
  ])('%s %j is refused', (operator, values, message) =>
    expect(told({ key: 'a', operator, values })).toEqual([message]),
  );

  test.each<[SelectorOperator, string[]]>([
    ['in', ['a', 'b']],
    ['=', ['']],
    ['exists', []],
    ['<', ['-5']],
    ['>', ['9223372036854775807']],
  ])('%s %j is good', (operator, values) => {
    const complaints = told({ key: 'a', operator, values }).filter((text) => !text.includes('a valid label'));
    expect(complaints).toEqual([]);
  });

  test('tells of all that is wrong with it at once', () => {
    expect(told({ key: '-', operator: 'in', values: ['ok', '-b'] })).toEqual([
      expect.stringMatching(/^key: Invalid value: "-": name part/) as string,
      expect.stringMatching(/^values\[1\]\[-\]: Invalid value: "-b": a valid label/) as string,
    ]);
  });

  test.each<[Requirement, string]>([
    [{ key: 'a', operator: 'exists', values: [] }, 'a'],
    [{ key: 'a', operator: '!', values: [] }, '!a'],
    [{ key: 'a', operator: 'in', values: ['c', 'b'] }, 'a in (b,c)'],
    [{ key: 'a', operator: 'notin', values: ['b'] }, 'a notin (b)'],
    [{ key: 'a', operator: '==', values: ['b'] }, 'a==b'],
    [{ key: 'a', operator: '>', values: ['1'] }, 'a>1'],
  ])('%j is written %s', (requirement, text) => expect(formatRequirement(requirement)).toBe(text));

  test('as an object says nothing of what an object cannot say', () => {
    expect(requirementToObject({ key: 'a', operator: '>', values: ['1'] })).toBeUndefined();
    expect(requirementToObject({ key: 'a', operator: '=', values: ['b'] })).toEqual({
      key: 'a',
      operator: 'In',
      values: ['b'],
    });
    expect(requirementToObject({ key: 'a', operator: '!', values: [] })).toEqual({
      key: 'a',
      operator: 'DoesNotExist',
    });
  });

  test.each(['Gt', 'in', '', 'constructor', '__proto__', 'toString'])('is not made of the operator %j', (operator) => {
    expect(requirementFromObject({ key: 'a', operator, values: ['b'] })).toBeUndefined();
  });
});

/** What a requirement means, said another way. */
function oracle({ key, operator, values }: Requirement, labels: Record<string, string>): boolean {
  const value = Object.entries(labels).find(([name]) => name === key)?.[1];
  const among = value !== undefined && values.some((one) => one === value);
  const numbers = [value ?? '', values[0] ?? ''].map((text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN));
  const [left = Number.NaN, right = Number.NaN] = numbers;
  const meaning: Record<SelectorOperator, boolean> = {
    '=': among,
    '==': among,
    in: among,
    '!=': !among,
    notin: !among,
    exists: value !== undefined,
    '!': value === undefined,
    '>': left > right,
    '<': left < right,
  };
  return meaning[operator];
}

const words = fc.constantFrom('a', 'b', 'constructor', '1', '2', '-3', '10', '');
const requirements = fc.record({
  key: fc.constantFrom('a', 'b', 'constructor'),
  operator: fc.constantFrom<SelectorOperator>('=', '==', '!=', 'in', 'notin', 'exists', '!', '>', '<'),
  values: fc.array(words, { minLength: 1, maxLength: 12 }),
});
const labels = fc.dictionary(fc.constantFrom('a', 'b', 'constructor', '__proto__'), words);

describe('laws', () => {
  test('it matches what its meaning says, in short lists and in long ones', () => {
    fc.assert(
      fc.property(requirements, labels, (requirement, set) => {
        expect(requirementMatches(requirement, set)).toBe(oracle(requirement, set));
      }),
      { numRuns: 2000 },
    );
  });

  test('an operator and its opposite never agree', () => {
    const pairs = fc.constantFrom<[SelectorOperator, SelectorOperator]>(['=', '!='], ['in', 'notin'], ['exists', '!']);
    fc.assert(
      fc.property(pairs, requirements, labels, ([one, other], { key, values }, set) => {
        expect(requirementMatches({ key, operator: one, values }, set)).toBe(
          !requirementMatches({ key, operator: other, values }, set),
        );
      }),
    );
  });

  test('a selector matches where all of its requirements do, in whatever order they were given', () => {
    fc.assert(
      fc.property(fc.array(requirements, { maxLength: 4 }), labels, (list, set) => {
        const expected = list.every((requirement) => oracle(requirement, set));
        expect(LabelMatcher.of(list).matches(set)).toBe(expected);
        expect(LabelMatcher.of([...list].reverse()).matches(set)).toBe(expected);
      }),
    );
  });

  test('the one value a selector tells of is the only one it matches', () => {
    fc.assert(
      fc.property(fc.array(requirements, { minLength: 1, maxLength: 3 }), labels, (list, set) => {
        const selector = LabelMatcher.of(list);
        const exact = selector.exactValue('a');
        if (exact !== undefined && selector.matches(set)) expect(Object.entries(set)).toContainEqual(['a', exact]);
      }),
    );
  });
});
