import type { KubeObject } from '@binnacle/machinery-meta';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeSchemas } from '../history/v1/change/schema.js';
import { builtinSchemas } from '../schemas/builtin-schemas.js';
import { conform, type FieldType, type ScalarType } from '@binnacle/apis-schema';
import { type ResourceDefinition, rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import { resources } from './resources.js';

const DEPTH = 7;

const text = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'constructor',
    '__proto__',
    'Always',
    'IPv4',
    'None',
    'RollingUpdate',
    'Exists',
    'In',
    '10.0.0.1',
    '10.0.0.0/8',
    '50%',
  ),
  fc.string({ maxLength: 8 }),
);

const SCALARS: Readonly<Record<ScalarType, fc.Arbitrary<unknown>>> = {
  string: text,
  int32: fc.integer({ min: -2, max: 70_000 }),
  int64: fc.integer({ min: -2, max: 70_000 }),
  double: fc.integer(),
  bool: fc.boolean(),
  bytes: fc.constantFrom('', 'eA==', 'e30='),
  time: fc.constantFrom('2026-01-01T00:00:00Z'),
  microTime: fc.constantFrom('2026-01-01T00:00:00.000000Z'),
  quantity: fc.constantFrom('0', '1', '500m', '1Gi', '-1'),
  intOrString: fc.constantFrom<unknown>(0, 1, 80, -1, '', '50%', 'http', '101%'),
  any: fc.constantFrom<unknown>({}, { a: 1 }),
};

/** Anything the schema allows there, and often less than it asks for. */
function valueOf(type: FieldType, depth: number): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'scalar':
      return SCALARS[type.scalar];
    case 'object':
      return objectOf(type.name, depth - 1);
    case 'list':
      return fc.array(fc.oneof(valueOf(type.of, depth), fc.constant(null)), { maxLength: 3 });
    case 'map':
      return fc.dictionary(
        fc.constantFrom('a', 'cpu', 'memory', 'a b', 'example.com/x', '', 'constructor', '__proto__'),
        valueOf(type.of, depth),
        {
          maxKeys: 3,
        },
      );
  }
}

const known = new Map<string, fc.Arbitrary<unknown>>();

function objectOf(name: string, depth: number): fc.Arbitrary<unknown> {
  const id = `${name}/${depth}`;
  const made = known.get(id);
  if (made) return made;
  const schema = builtinSchemas.find(name) ?? changeSchemas.find(name);
  const fields = depth > 0 ? [...(schema?.fields.values() ?? [])] : [];
  const arbitraries = fields.map((field) => [field.name, valueOf(field.type, depth)] as const);
  const arbitrary = fc.record(Object.fromEntries(arbitraries), { requiredKeys: [] });
  known.set(id, arbitrary);
  return arbitrary;
}

const STATE = ['spec', 'status', 'template', 'subsets', 'endpoints', 'ports'];

/** An object of the kind as the server decodes it: it fits the schema, and that is all. */
function objects({ schema, schemas, names, group, version }: ResourceDefinition): fc.Arbitrary<KubeObject> {
  const apiVersion = group ? `${group}/${version}` : version;
  const fields = [...(schemas.find(schema)?.fields.values() ?? [])];
  const arbitraries = fields
    .filter(({ name }) => name !== 'apiVersion' && name !== 'kind')
    .map((field) => [field.name, valueOf(field.type, DEPTH)] as const);
  const present = fields.map(({ name }) => name).filter((name) => name === 'metadata' || STATE.includes(name));
  return fc.record(Object.fromEntries(arbitraries), { requiredKeys: present }).map((body) => {
    const { object } = conform(schemas, schema, { ...(body as object), apiVersion, kind: names.kind });
    return object as unknown as KubeObject;
  });
}

describe('whatever fits the schema', () => {
  it.each(resources.map((definition) => [definition.schema, definition] as const))(
    '%s: makes no rule of the kind fail',
    (_schema, definition) => {
      const { strategy, printer, fields, scale } = definition;
      fc.assert(
        fc.property(objects(definition), objects(definition), (one, other) => {
          const { object } = rehearseCreate(definition, one);
          rehearseUpdate(definition, other, object);
          rehearseStatusUpdate(definition, other, object);
          const stored = object as KubeObject & Record<string, unknown>;
          strategy.warnings?.(stored);
          strategy.gracePeriodSeconds?.(stored, undefined);
          scale?.get(stored);
          for (const field of Object.values(fields)) field(stored);
          expect(printer.row(stored, 0)).toHaveLength(printer.columns.length);
        }),
        { numRuns: 40 },
      );
    },
    20_000,
  );
});
