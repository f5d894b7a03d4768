import { fieldPath } from '@binnacle/machinery-validation';
import { describe, expect, it } from 'vitest';
import { costMessage, mostParts, multiplied, TotalCost } from './cost.js';
import { blockedRules, defaultMessage, ruleFault, shownRule } from './faults.js';

const AT = fieldPath('at');
const ADVICE =
  '(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)';

describe('what rules cost', () => {
  it.each([
    [{ type: 'array', maxItems: 5 }, 5],
    [{ type: 'array' }, undefined],
    [{ type: 'array', maxItems: -1 }, 0],
    [{ type: 'object', properties: {} }, 1],
    [{ type: 'object', additionalProperties: {}, maxProperties: 7 }, 7],
    [{ type: 'object', additionalProperties: {} }, undefined],
    [{ type: 'string' }, 1],
  ])('counts the parts of %j as %s', (schema, parts) => {
    expect(mostParts(schema)).toBe(parts);
  });

  it('is bounded however often it is multiplied', () => {
    expect(multiplied(3, 4)).toBe(12);
    expect(multiplied(2 ** 60, 2 ** 60)).toBe(2 ** 64);
  });

  it.each([
    [10_100_000, '1.010000x'],
    [25_000_000, '2.5x'],
    [1_000_000_000, '100.0x'],
    [1_010_000_000, 'more than 100x'],
  ])('%d is told as %s of the budget', (cost, factor) => {
    expect(costMessage('estimated rule cost', cost, 10_000_000)).toBe(
      `estimated rule cost exceeds budget by factor of ${factor} ${ADVICE}`,
    );
  });

  it('is told in all where it is too much, with the four dearest that are not cheap', () => {
    const total = new TotalCost();
    for (const [index, millions] of [30, 10, 0.5, 20, 40, 5].entries()) total.observe(AT.index(index), millions * 1e6);
    const errors = total.validate(AT);
    expect(errors.map(({ field }) => field)).toEqual(['at[4]', 'at[0]', 'at[3]', 'at[1]', 'at']);
    expect(errors.at(-1)?.message).toBe(
      `Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of 1.055000x ${ADVICE}`,
    );
    const cheap = new TotalCost();
    cheap.observe(AT, 1e8);
    expect(cheap.validate(AT)).toEqual([]);
  });
});

describe('the fault of a value that a rule refused', () => {
  const rule = { rule: 'self > 1' };
  const told = (reason: string | undefined, type: string, root = AT) => {
    const { field, message } = ruleFault({ ...rule, ...(reason && { reason }) }, { type }, 1, root, 'why');
    return `${field}: ${message}`;
  };

  it.each([
    [undefined, 'integer', 'at: Invalid value: 1: why'],
    ['FieldValueInvalid', 'object', 'at: Invalid value: why'],
    ['FieldValueForbidden', 'integer', 'at: Forbidden: why'],
    ['FieldValueRequired', 'array', 'at: Required value: why'],
    ['FieldValueDuplicate', 'integer', 'at: Duplicate value: 1'],
    ['FieldValueDuplicate', 'array', 'at: Duplicate value'],
  ])('for the reason %s and of type %s reads %s', (reason, type, text) => {
    expect(told(reason, type)).toBe(text);
  });

  it('stands at <nil> where it is the whole object', () => {
    expect(told(undefined, 'object', fieldPath(''))).toBe('<nil>: Invalid value: why');
  });

  it('says the message of the rule, or the rule', () => {
    expect(defaultMessage(rule)).toBe('failed rule: self > 1');
    expect(defaultMessage({ ...rule, message: ' too small ' })).toBe('too small');
    expect(shownRule({ rule: ' self > 1 ', message: '' })).toBe('self > 1');
  });

  it('is not looked for where a value is not even of its shape', () => {
    const fault = (type: string) => ({ type, field: 'a', message: 'm' }) as never;
    for (const type of [
      'FieldValueRequired',
      'FieldValueTypeInvalid',
      'FieldValueTooLong',
      'FieldValueTooMany',
      'FieldValueNotSupported',
    ]) {
      expect(blockedRules([fault('FieldValueInvalid'), fault(type)])?.field).toBe('<nil>');
    }
    expect(blockedRules([fault('FieldValueInvalid'), fault('FieldValueDuplicate')])).toBeUndefined();
    expect(blockedRules([])).toBeUndefined();
  });
});
