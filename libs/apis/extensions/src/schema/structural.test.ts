import { fieldPath } from '@binnacle/machinery-validation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everySchema } from './children.js';
import { findField } from './field-path.js';
import { compilePattern, patternProblem } from './regex.js';
import { isStructural, validateStructural } from './structural.js';
import type { JsonSchema } from './types.js';
import { unsupportedConstruct } from './unsupported.js';

const told = (schema: JsonSchema): string[] =>
  validateStructural(schema, fieldPath('root')).map(({ field, message }) => `${field}: ${message}`);

describe('a structural schema', () => {
  it('says of which type everything is', () => {
    expect(told({ type: 'object', properties: { a: {}, b: { type: 'array' } } })).toEqual([
      'root.properties[a].type: Required value: must not be empty for specified object fields',
      'root.properties[b].items: Required value: must be specified',
    ]);
  });

  it('says it outside clauses', () => {
    const anyOf = [{ type: 'string', description: 'x' }, { properties: { b: { required: ['c'] } } }];
    expect(told({ type: 'object', properties: { a: { type: 'string' } }, anyOf })).toEqual([
      'root.anyOf[0].description: Forbidden: must be empty to be structural',
      'root.anyOf[0].type: Forbidden: must be empty to be structural',
      'root.properties[b]: Required value: because it is defined in root.anyOf[1].properties[b]',
    ]);
  });

  it('may name types in the two clauses that say what int-or-string is', () => {
    const types = [{ type: 'integer' }, { type: 'string' }];
    const port = (more: JsonSchema): JsonSchema => ({
      type: 'object',
      properties: { port: { 'x-kubernetes-int-or-string': true, ...more } },
    });
    expect(told(port({ anyOf: types }))).toEqual([]);
    expect(told(port({ allOf: [{ anyOf: types }, { pattern: '^a' }] }))).toEqual([]);
    expect(told(port({ anyOf: [...types].reverse() }))).toHaveLength(2);
  });

  it('leaves the metadata of the root alone but for its names', () => {
    const withMetadata = (metadata: JsonSchema): JsonSchema => ({ type: 'object', properties: { metadata } });
    const name = { name: { type: 'string', maxLength: 5 } };
    expect(told(withMetadata({ type: 'object', properties: name }))).toEqual([]);
    expect(told(withMetadata({ type: 'object', properties: { ...name, labels: { type: 'object' } } }))).toHaveLength(1);
    expect(told(withMetadata({ type: 'object', description: 'x' }))).toHaveLength(1);
  });

  it.each([
    ['id', { id: 'x' }],
    ['$ref', { properties: { a: { $ref: '#/b' } } }],
    ['patternProperties', { items: { patternProperties: { a: {} } } }],
    ['definitions', { anyOf: [{ definitions: { a: {} } }] }],
    ['dependencies', { additionalProperties: { dependencies: { a: ['b'] } } }],
  ] as const)('has no %s anywhere', (name, schema) => {
    expect(unsupportedConstruct(schema)).toBe(`OpenAPIV3Schema '${name}' is not supported`);
    expect(isStructural({ type: 'object', ...schema })).toBe(false);
  });

  it('is looked at as far as it goes, whatever it is', () => {
    const json = fc.dictionary(
      fc.constantFrom('type', 'items', 'properties', 'anyOf', 'not', 'additionalProperties', 'pattern', 'required'),
      fc.jsonValue({ maxDepth: 4 }),
    );
    fc.assert(
      fc.property(json, (schema) => {
        expect([...everySchema(schema as JsonSchema)].length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('a path to a field', () => {
  const schema: JsonSchema = {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: { 'a.b': { type: 'string' }, map: { additionalProperties: { type: 'integer' } } },
      },
    },
  };

  it('is followed by names and by brackets', () => {
    expect(findField(".spec['a.b']", schema)).toMatchObject({ names: ['spec', 'a.b'], schema: { type: 'string' } });
    expect(findField('.spec.map.x', schema)).toMatchObject({
      names: ['spec', 'map', 'x'],
      schema: { type: 'integer' },
    });
  });

  it.each([
    ['spec', 'expected [ or . but got: spec'],
    ['.', 'unexpected end of JSON path'],
    ['.spec.nothing', 'does not refer to a valid field'],
    ['.spec[0]', 'expected single quoted string but got 0'],
    [".spec['a.b'", 'unexpected end of JSON path'],
    [".spec['\\q']", 'invalid string literal: invalid escape char \\q'],
  ])('%s leads nowhere', (path, problem) => {
    expect(findField(path, schema)).toEqual({ problem });
  });
});

describe('a pattern', () => {
  it('is matched in time linear to the text', () => {
    expect(compilePattern('^(a+)+$').matches(`${'a'.repeat(20_000)}!`)).toBe(false);
  });

  it('has the syntax of Go, and is not too large', () => {
    expect(patternProblem('a(?=b)')).toContain('(?=');
    expect(patternProblem('x'.repeat(20_000))).toContain('too large');
    expect(patternProblem('^[a-z]{1,63}$')).toBeUndefined();
  });

  it('is kept compiled while it is asked for', () => {
    const [used, left] = ['used', 'left'].map(compilePattern);
    for (let index = 0; index < 2_000; index += 1) {
      compilePattern(`other${index}`);
      if (index % 1_000 === 0) compilePattern('used');
    }
    expect(compilePattern('used')).toBe(used);
    expect(compilePattern('left')).not.toBe(left);
  });
});
