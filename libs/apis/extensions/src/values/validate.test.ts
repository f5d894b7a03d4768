import { fieldPath } from '@binnacle/machinery-validation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../schema/types.js';
import { Correlation } from './correlation.js';
import { validateChange, validateValue } from './validate.js';

const ROOT = fieldPath('spec');
const told = (value: unknown, schema: JsonSchema): string[] =>
  validateValue(value, schema, ROOT).map(({ field, message }) => `${field} | ${message}`);

const field = (schema: JsonSchema, required: string[] = []): JsonSchema => ({
  type: 'object',
  properties: { field: schema },
  required,
});
const values = (...given: unknown[]): unknown[] => given;

describe('values that a schema takes', () => {
  it.each<[string, JsonSchema, unknown[]]>([
    ['anything without a type', {}, values(1, 'a', true, [], {}, null)],
    ['numbers', { type: 'number' }, values(0, 1.5, -3, 1e30)],
    ['integers, be they written as floats', { type: 'integer' }, values(0, 42, 42.0, -7)],
    ['int-or-string', { 'x-kubernetes-int-or-string': true }, values(1, '1', '50%')],
    ['null where it may be', { type: 'string', nullable: true }, values(null, 'a')],
    ['bounds that are reached', { type: 'number', minimum: 1, maximum: 3 }, values(1, 2, 3)],
    ['multiples of fractions', { type: 'number', multipleOf: 0.1 }, values(0.3, 1.1, 12.5)],
    ['text counted in runes', { type: 'string', maxLength: 2, minLength: 2 }, values('ab', 'éé', '🚢🚢')],
    ['patterns anywhere in the text', { type: 'string', pattern: 'b+' }, values('abbbc', 'b')],
    ['one of the values, be it an object', { enum: [{ a: 1, b: [2] }, 3] }, values({ b: [2], a: 1 }, 3)],
    ['lists within bounds', { type: 'array', minItems: 1, maxItems: 2 }, values([1], [1, 2])],
    ['objects within bounds', { type: 'object', minProperties: 1, maxProperties: 1 }, values({ a: 1 })],
    ['what exactly one schema takes', { oneOf: [{ type: 'string' }, { minimum: 5 }] }, values(7)],
    ['what a schema under not refuses', { not: { type: 'string' } }, values(1, {})],
  ])('are %s', (_name, schema, good) => {
    for (const value of good) expect(told({ field: value }, field(schema))).toEqual([]);
  });
});

const AT = 'spec.field';

describe('values that a schema refuses', () => {
  it.each<[JsonSchema, unknown, string[]]>([
    [{ type: 'string' }, 1, [`${AT} | Invalid value: "integer": field in body must be of type string: "integer"`]],
    [
      { type: 'integer' },
      1.5,
      [
        `${AT} | Invalid value: "number": field in body must be of type integer: "number"`,
        'spec | Invalid value: "": Checked value must be of type integer (default format) in field',
      ],
    ],
    [{ type: 'boolean' }, 'x', [`${AT} | Invalid value: "string": field in body must be of type boolean: "string"`]],
    [{ type: 'object' }, [], [`${AT} | Invalid value: "array": field in body must be of type object: "array"`]],
    [{ type: 'string' }, null, [`${AT} | Invalid value: "null": field in body must be of type string: "null"`]],
    [
      { 'x-kubernetes-int-or-string': true },
      true,
      [`${AT} | Invalid value: "boolean": field in body must be of type integer,string: "boolean"`],
    ],
    [
      { type: 'number', minimum: 2 },
      1,
      [`${AT} | Invalid value: 1: field in body should be greater than or equal to 2`],
    ],
    [
      { type: 'number', minimum: 2, exclusiveMinimum: true },
      2,
      [`${AT} | Invalid value: 2: field in body should be greater than 2`],
    ],
    [{ type: 'integer', maximum: 2 }, 3, [`${AT} | Invalid value: 3: field in body should be less than or equal to 2`]],
    [
      { type: 'integer', maximum: 2, exclusiveMaximum: true },
      2,
      [`${AT} | Invalid value: 2: field in body should be less than 2`],
    ],
    [{ type: 'integer', multipleOf: 3 }, 10, [`${AT} | Invalid value: 10: field in body should be a multiple of 3`]],
    [
      { type: 'integer', format: 'int32' },
      2 ** 31,
      ['spec | Invalid value: "": Checked value must be of type integer with format int32 in field'],
    ],
    [{ type: 'string', maxLength: 2 }, 'abc', [`${AT} | Too long: may not be more than 2 bytes`]],
    [
      { type: 'string', minLength: 2 },
      '🚢',
      [`${AT} | Invalid value: "🚢": field in body should be at least 2 chars long`],
    ],
    [{ type: 'string', pattern: '^a+$' }, 'b', [`${AT} | Invalid value: "b": field in body should match '^a+$'`]],
    [{ type: 'string', format: 'ipv4' }, 'b', [`${AT} | Invalid value: "b": field in body must be of type ipv4: "b"`]],
    [{ enum: ['b', 'a'] }, 'c', [`${AT} | Unsupported value: "c": supported values: "b", "a"`]],
    [{ enum: [null, 'a'] }, null, [`${AT} | Unsupported value: null: supported values: "null", "a"`]],
    [{ type: 'array', maxItems: 1 }, [1, 2], [`${AT} | Too many: 2: must have at most 1 item`]],
    [{ type: 'array', minItems: 2 }, [1], [`${AT} | Invalid value: 1: field in body should have at least 2 items`]],
    [
      { type: 'array', uniqueItems: true },
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      [`${AT} | Invalid value: "": field in body shouldn't contain duplicates`],
    ],
    [{ type: 'object', maxProperties: 1 }, { a: 1, b: 1 }, [`${AT} | Too many: 2: must have at most 1 item`]],
    [
      { type: 'object', minProperties: 2 },
      { a: 1 },
      [`${AT} | Invalid value: 1: field in body should have at least 2 properties`],
    ],
    [{ type: 'object', required: ['a'] }, {}, [`${AT}.a | Required value`]],
    [
      { type: 'object', additionalProperties: false },
      { a: 1 },
      [`${AT} | Invalid value: "a": field.a in body is a forbidden property`],
    ],
    [{ not: { type: 'string' } }, 'a', ['spec | Invalid value: "": "field" must not validate the schema (not)']],
  ])('%j of %j', (schema, value, faults) => {
    expect(told({ field: value }, field(schema))).toEqual(faults);
  });

  it('are named by the place they stand in', () => {
    const schema = field({
      type: 'array',
      items: { type: 'object', additionalProperties: { type: 'object', properties: { size: { type: 'integer' } } } },
    });
    expect(told({ field: [{}, { red: { size: 'x' } }] }, schema)).toEqual([
      'spec.field[1].red.size | Invalid value: "string": field[1].red.size in body must be of type integer: "string"',
    ]);
  });

  it('of a clause are told with those of the alternative that was nearest', () => {
    const anyOf = [{ required: ['a'] }, { properties: { kind: { enum: ['x'] }, size: { minimum: 3 } } }];
    const [first, ...rest] = told({ kind: 'x', size: 1 }, { type: 'object', anyOf });
    expect(first).toBe('spec | Invalid value: "": "" must validate at least one schema (anyOf)');
    expect(rest).toEqual(['spec.size | Invalid value: 1: size in body should be greater than or equal to 3']);
  });

  it('say how many alternatives took what only one may take', () => {
    const [text] = told('a', { oneOf: [{ type: 'string' }, { minLength: 1 }, { maxLength: 0 }] });
    expect(text).toBe(
      'spec | Invalid value: "": "" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    );
  });

  it('say whether any of all the schemas took it', () => {
    const all = (allOf: JsonSchema[]): string | undefined => told('abc', { allOf }).at(-1);
    expect(all([{ maxLength: 1 }, { minLength: 1 }])).toBe(
      'spec | Invalid value: "": "" must validate all the schemas (allOf)',
    );
    expect(all([{ maxLength: 1 }, { pattern: 'x' }])).toBe(
      'spec | Invalid value: "": "" must validate all the schemas (allOf). None validated',
    );
  });
});

describe('a change', () => {
  const schema: JsonSchema = {
    type: 'object',
    properties: {
      size: { type: 'integer', maximum: 5 },
      map: { type: 'object', additionalProperties: { type: 'string', maxLength: 2 } },
      list: { type: 'array', items: { type: 'string', maxLength: 2 } },
      named: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: {
          type: 'object',
          properties: { name: { type: 'string' }, size: { type: 'integer', maximum: 5 } },
        },
      },
    },
    required: ['size'],
  };
  const changed = (old: object, next: object): string[] =>
    validateChange(new Correlation(next, old, schema), schema, ROOT).map((fault) => fault.field);

  it.each<[string, object, object, string[]]>([
    ['leaves alone what was wrong and stays', { size: 9, map: {} }, { size: 9, map: { a: 'b' } }, []],
    ['may not make it wrong in another way', { size: 9 }, { size: 8 }, ['spec.size']],
    ['may not make wrong what was good', { size: 1 }, { size: 9 }, ['spec.size']],
    [
      'tells values of maps by their key',
      { size: 1, map: { a: 'xxx' } },
      { size: 1, map: { a: 'xxx', b: 'yyy' } },
      ['spec.map.b'],
    ],
    ['judges atomic lists as a whole', { size: 1, list: ['xxx'] }, { size: 1, list: ['xxx', 'a'] }, ['spec.list[0]']],
    ['but leaves one alone that is the same', { size: 1, list: ['xxx'] }, { size: 2, list: ['xxx'] }, []],
    [
      'tells elements of map lists by their keys',
      {
        size: 1,
        named: [
          { name: 'a', size: 9 },
          { name: 'b', size: 1 },
        ],
      },
      {
        size: 1,
        named: [
          { name: 'b', size: 8 },
          { name: 'a', size: 9 },
        ],
      },
      ['spec.named[0].size'],
    ],
    ['may not drop what is required', { size: 1 }, { map: {} }, ['spec.size']],
  ])('%s', (_name, old, next, fields) => {
    expect(changed(old, next)).toEqual(fields);
  });

  it('that changes nothing is never refused', () => {
    fc.assert(
      fc.property(fc.integer(), fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }), (size, map) => {
        expect(changed({ size, map }, structuredClone({ size, map }))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});

describe('patterns that would take long', () => {
  const slow: JsonSchema = { type: 'string', pattern: '(a{1,30}){1,30}b' };

  it('refuse what is too long for them, at once', () => {
    expect(told({ field: 'a'.repeat(1_000_000) }, field(slow))).toEqual([
      `${AT} | Invalid value: "": field in body is too long to be matched with '(a{1,30}){1,30}b'`,
    ]);
  });

  it('refuse many texts that are too much together, be they below a clause', () => {
    const list: JsonSchema = { type: 'array', items: { allOf: [slow] } };
    const texts = Array.from({ length: 3000 }, (_, index) => `${'a'.repeat(10)}b${index}`);
    expect(told({ field: texts.slice(0, 50) }, field(list))).toEqual([]);
    expect(told({ field: texts }, field(list)).join()).toContain('too long to be matched');
  });

  it('take long texts where the pattern is simple', () => {
    const simple: JsonSchema = { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' };
    expect(told({ field: 'a'.repeat(100_000) }, field(simple))).toEqual([]);
  });
});
