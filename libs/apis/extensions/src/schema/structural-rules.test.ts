import { fieldPath } from '@binnacle/machinery-validation';
import { describe, expect, it } from 'vitest';
import { itemsOf, memberOf, propertyOf, someSchema, somewhere, valuesOf } from './children.js';
import { findField } from './field-path.js';
import { isSet } from './set.js';
import { validateStructural } from './structural.js';
import type { JsonSchema } from './types.js';
import { unsupportedConstruct } from './unsupported.js';

const told = (schema: JsonSchema): string[] =>
  validateStructural(schema, fieldPath('s')).map(({ field, message }) => `${field}: ${message}`);
const text: JsonSchema = { type: 'string' };
const intOrString = { 'x-kubernetes-int-or-string': true };
const embedded = { 'x-kubernetes-embedded-resource': true };
const preserve = { 'x-kubernetes-preserve-unknown-fields': true };

describe('a schema that is not structural', () => {
  it.each<[JsonSchema, string[]]>([
    [{}, ['s.type: Required value: must not be empty at the root']],
    [{ type: 'array', items: text }, ['s.type: Invalid value: "array": must be object at the root']],
    [
      { type: 'object', additionalProperties: text },
      ['s.additionalProperties: Forbidden: must not be used at the root'],
    ],
    [
      { type: 'object', properties: { a: { type: 'array', items: {} } } },
      ['s.properties[a].items.type: Required value: must not be empty for specified array items'],
    ],
    [
      { type: 'object', properties: { a: { type: 'object', additionalProperties: {} } } },
      ['s.properties[a].additionalProperties.type: Required value: must not be empty for specified object fields'],
    ],
    [
      { type: 'object', properties: { a: { ...intOrString, ...preserve } } },
      [
        's.properties[a].x-kubernetes-preserve-unknown-fields: Invalid value: true: must be false if x-kubernetes-int-or-string is true',
      ],
    ],
    [
      { type: 'object', properties: { a: { ...embedded } } },
      [
        's.properties[a].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
        's.properties[a].type: Required value: must be object if x-kubernetes-embedded-resource is true',
      ],
    ],
    [
      { type: 'object', properties: { a: { ...embedded, ...preserve, type: 'string' } } },
      ['s.properties[a].type: Invalid value: "string": must be object if x-kubernetes-embedded-resource is true'],
    ],
    [
      { type: 'object', properties: { a: { ...embedded, ...preserve, type: 'object', additionalProperties: text } } },
      ['s.properties[a].additionalProperties: Forbidden: must not be used if x-kubernetes-embedded-resource is set'],
    ],
    [
      { type: 'object', properties: { kind: { type: 'integer' } } },
      ['s.properties[kind].type: Invalid value: "integer": must be string'],
    ],
    [
      { type: 'object', properties: { metadata: { type: 'string' } } },
      ['s.properties[metadata].type: Invalid value: "string": must be object'],
    ],
    [{ type: 'object', not: { type: 'string' } }, ['s.not.type: Forbidden: must be empty to be structural']],
    [
      { type: 'object', properties: { a: { ...text, allOf: [{ default: 'x', nullable: true }] } } },
      [
        's.properties[a].allOf[0].default: Forbidden: must be undefined to be structural',
        's.properties[a].allOf[0].nullable: Forbidden: must be false to be structural',
      ],
    ],
    [
      { type: 'object', oneOf: [{ properties: { a: { minLength: 1 } } }] },
      ['s.properties[a]: Required value: because it is defined in s.oneOf[0].properties[a]'],
    ],
    [
      { type: 'object', properties: { metadata: { type: 'object' } }, anyOf: [{ properties: { metadata: {} } }] },
      ['s.anyOf[0].properties[metadata]: Forbidden: must not be specified in a nested context'],
    ],
  ])('%j', (schema, faults) => {
    expect(told(schema)).toEqual(faults);
  });

  it.each<JsonSchema>([
    { ...preserve },
    { type: 'object', properties: { a: { ...preserve }, b: { ...intOrString } } },
    { type: 'object', properties: { a: { ...embedded, ...preserve, type: 'object' } } },
    { type: 'object', properties: { a: text }, not: { properties: { a: { enum: ['x'] } } } },
    { type: 'object', properties: { a: { ...text, allOf: [{ default: null } as JsonSchema, { title: '' }] } } },
  ])('is not this: %j', (schema) => {
    expect(told(schema)).toEqual([]);
  });

  it('has a pattern that Go cannot read', () => {
    const [fault] = told({ type: 'object', properties: { a: { ...text, pattern: '(' } } });
    expect(fault).toMatch(
      /^s\.properties\[a\]\.pattern: Invalid value: "\(": must be a valid regular expression, but isn't: /,
    );
  });

  it.each<[JsonSchema, string | undefined]>([
    [{ items: [text] }, "OpenAPIV3Schema 'items' must be a schema, but is an array"],
    [{ items: [] }, undefined],
    [{ additionalItems: false }, "OpenAPIV3Schema 'additionalItems' is not supported"],
    [{ not: { $schema: 'x' } }, "OpenAPIV3Schema 'schema' is not supported"],
    [
      { properties: { a: { 'x-kubernetes-preserve-unknown-fields': false } } },
      "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined",
    ],
    [{ definitions: {} }, undefined],
  ])('%j: %s', (schema, problem) => {
    expect(unsupportedConstruct(schema)).toBe(problem);
  });
});

describe('the parts of a schema', () => {
  const schema: JsonSchema = { properties: { a: text }, additionalProperties: { type: 'integer' }, items: [text] };

  it('are found by name, and never what every object inherits', () => {
    expect([propertyOf(schema, 'a'), memberOf(schema, 'b'), propertyOf(schema, 'b')]).toEqual([
      text,
      { type: 'integer' },
      undefined,
    ]);
    expect(propertyOf(schema, 'constructor')).toBeUndefined();
    expect([itemsOf(schema), valuesOf({ additionalProperties: true })]).toEqual([undefined, undefined]);
  });

  it('are looked through wherever they stand', () => {
    const deep: JsonSchema = {
      allOf: [{ not: { dependencies: { a: { patternProperties: { b: { title: 'here' } } } } } }],
    };
    expect(someSchema(deep, ({ title }) => title === 'here')).toBe(true);
    expect(someSchema(deep, ({ title }) => title === 'there')).toBe(false);
    expect(someSchema(undefined, () => true)).toBe(false);
  });

  it('are looked through once where only the structure counts', () => {
    const asked: (string | undefined)[] = [];
    const isHere = somewhere(({ title }) => asked.push(title) > 0 && title === 'here');
    const below: JsonSchema = { title: 'below', additionalProperties: { items: { title: 'here' } } };
    const root: JsonSchema = { title: 'root', properties: { a: below }, not: { title: 'here' } };
    expect([isHere(root), isHere(root), isHere(below)]).toEqual([true, true, true]);
    expect(asked).toEqual(['root', 'below', undefined, 'here']);
    expect([isHere({ not: { title: 'here' } }), isHere({ title: 'here' })]).toEqual([false, true]);
  });

  it('say nothing where Go would see a zero', () => {
    expect([undefined, null, false, '', [], {}].map(isSet)).toEqual(Array(6).fill(false));
    expect([true, 'a', [0], { a: 0 }, 0].map(isSet)).toEqual(Array(5).fill(true));
  });
});

describe('a path to a field', () => {
  const schema: JsonSchema = {
    properties: {
      spec: { properties: { 'a.b': text, "it's": text, list: { items: text } } },
      map: { additionalProperties: { properties: { x: text } } },
    },
  };
  it.each([
    ['.spec', 'spec'],
    [".spec['a.b']", 'spec.a.b'],
    [".spec['it\\'s']", "spec.it's"],
    ['.map.any.x', 'map[any].x'],
    [".map['a key'].x", 'map[a key].x'],
  ])('%s leads to %s', (path, place) => {
    const found = findField(path, schema);
    expect('path' in found && String(found.path)).toBe(place);
  });

  it.each([
    ['spec', 'expected [ or . but got: spec'],
    ['.', 'unexpected end of JSON path'],
    ['.spec.', 'unexpected end of JSON path'],
    ['.none', 'does not refer to a valid field'],
    ['.spec.list[0]', 'expected single quoted string but got 0'],
    [".spec['a.b'", 'unexpected end of JSON path'],
    [".spec['\\q']", 'invalid string literal: invalid escape char \\q'],
    ['.spec.constructor', 'does not refer to a valid field'],
  ])('%s leads nowhere: %s', (path, problem) => {
    expect(findField(path, schema)).toEqual({ problem });
  });
});
