import { BadValue } from '@binnacle/apis-schema';
import { compiling } from '@binnacle/machinery-cel';
import type { JsonObject } from '@binnacle/machinery-patch';
import fc from 'fast-check';
import { finished } from '@binnacle/machinery-context';
import { describe, expect, it } from 'vitest';
import { definitionOf } from '../custom/definition-of.js';
import { metadataReader } from '../objects/object-meta.js';
import { ruleCompiler } from '../rules/compiler.js';
import { grantNames, takenNames } from '../status/names.js';
import { DEFINITION_SCHEMA, definitionSchemas } from './conform.js';
import { applyDefaults } from './defaults.js';
import type { CustomResourceDefinition } from './types.js';
import { validateNew } from './validation.js';

const reader = metadataReader();
const rules = ruleCompiler(compiling);
const custom = { reader, compile: compiling, convert: () => Promise.reject(new Error('nobody')) };

/** Reads a definition as a request brings it. @throws BadValue */
function read(definition: object) {
  const conform = definitionSchemas.find(DEFINITION_SCHEMA)?.conform;
  if (!conform) throw new Error('definitions have a reader of their own');
  return conform(structuredClone(definition), true);
}

const withSchema = (schema: unknown, spec: object = {}): JsonObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    ...spec,
  },
});

/** What becomes of a definition that somebody sends: faults, or the kind it makes. */
function become(sent: object): 'unread' | 'refused' | 'served' {
  let definition: CustomResourceDefinition;
  try {
    definition = read(sent).object as unknown as CustomResourceDefinition;
  } catch (error) {
    if (error instanceof BadValue) return 'unread';
    throw error;
  }
  applyDefaults(definition);
  if (finished(validateNew(definition, { reader, rules })).length > 0) return 'refused';
  definition.status = { acceptedNames: grantNames(definition, takenNames('', [])).names };
  const kind = definitionOf(definition, 'v1', 'digest', custom);
  for (const version of ['v2', 'v3'] as const) kind.schemas?.find(kind.schema)?.jsonSchema?.(version);
  return 'served';
}

const WORDS = ['a', 'b', 'metadata', 'name', '__proto__', 'constructor', 'é', ''];
const types = fc.constantFrom('object', 'array', 'string', 'integer', 'number', 'boolean', 'null', 'x');
const words = fc.constantFrom(...WORDS);

const schemas = fc.letrec<{ schema: unknown }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.jsonValue({ maxDepth: 1 }),
    fc.record(
      {
        type: types,
        properties: fc.oneof(fc.dictionary(words, tie('schema'), { maxKeys: 3 }), fc.jsonValue({ maxDepth: 1 })),
        additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
        items: fc.oneof(tie('schema'), fc.array(tie('schema'), { maxLength: 2 })),
        anyOf: fc.array(tie('schema'), { maxLength: 2 }),
        allOf: fc.array(tie('schema'), { maxLength: 2 }),
        not: tie('schema'),
        dependencies: fc.dictionary(words, fc.oneof(fc.array(words), tie('schema')), { maxKeys: 2 }),
        required: fc.oneof(fc.array(words), fc.jsonValue({ maxDepth: 1 })),
        default: fc.jsonValue({ maxDepth: 2 }),
        enum: fc.oneof(fc.array(fc.jsonValue({ maxDepth: 1 })), fc.string()),
        pattern: fc.oneof(fc.string(), fc.constantFrom('(a+)+$', '[', '(?<x>a)', 'a{1000}')),
        format: fc.constantFrom('date-time', 'int32', 'byte', 'x'),
        maximum: fc.oneof(fc.double(), fc.string()),
        maxLength: fc.oneof(fc.integer(), fc.double()),
        nullable: fc.oneof(fc.boolean(), fc.integer()),
        $ref: fc.string(),
        'x-kubernetes-preserve-unknown-fields': fc.boolean(),
        'x-kubernetes-int-or-string': fc.boolean(),
        'x-kubernetes-embedded-resource': fc.boolean(),
        'x-kubernetes-list-type': fc.constantFrom('set', 'map', 'atomic', 'x'),
        'x-kubernetes-list-map-keys': fc.array(words),
        'x-kubernetes-validations': fc.array(
          fc.record(
            {
              rule: fc.oneof(fc.constantFrom('self.a == oldSelf.a', 'self.all(x, x == x)', 'true'), fc.string()),
              messageExpression: fc.string(),
              fieldPath: fc.oneof(fc.string(), fc.constantFrom('.a', ".b['c']")),
              reason: fc.string(),
              optionalOldSelf: fc.boolean(),
            },
            { requiredKeys: [] },
          ),
          { maxLength: 2 },
        ),
      },
      { requiredKeys: [] },
    ),
  ),
})).schema;

describe('any definition', () => {
  it('is unreadable, refused or served, and never anything else', () => {
    fc.assert(
      fc.property(schemas, (schema) => {
        expect(['unread', 'refused', 'served']).toContain(become(withSchema(schema)));
      }),
      { numRuns: 300 },
    );
  });

  it('is so whatever else it says', () => {
    const members = ['group', 'scope', 'names', 'conversion', 'versions', 'preserveUnknownFields'];
    const specs = fc.dictionary(fc.constantFrom(...members), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 });
    fc.assert(
      fc.property(specs, (spec) => {
        become(withSchema({ type: 'object' }, spec));
      }),
      { numRuns: 300, examples: [[{ versions: null }], [{ names: null }]] },
    );
    expect(become({ ...withSchema({}), spec: null })).toBe('refused');
  });

  it('may be nested as deep as bodies may be', () => {
    let schema: object = { type: 'string' };
    for (let depth = 0; depth < 400; depth += 1) schema = { type: 'object', properties: { a: schema } };
    expect(become(withSchema(schema))).toBe('served');
  });

  it('that was read is read as itself', () => {
    fc.assert(
      fc.property(schemas, (schema) => {
        try {
          const once = read(withSchema(schema)).object;
          expect(read(once).object).toEqual(once);
        } catch (error) {
          if (!(error instanceof BadValue)) throw error;
        }
      }),
      { numRuns: 200 },
    );
  });

  it('keeps null among the values of a schema', () => {
    const schema = { type: 'object', properties: { a: { enum: ['x', null], nullable: true, type: 'string' } } };
    expect(JSON.stringify(read(withSchema(schema)).object)).toContain('"enum":["x",null]');
  });

  it('loses what no definition says, and tells of it where schemas stand by themselves', () => {
    const schema = { type: 'object', properties: { a: { type: 'string', colour: 'red', items: { nope: 1 } } } };
    const { object, unknownFields } = read(withSchema(schema));
    expect(JSON.stringify(object)).not.toMatch(/colour|nope/);
    expect(unknownFields).toEqual(['spec.versions[0].schema.openAPIV3Schema.properties.a.colour']);
  });
});
