import { closeEnvelope, decodeProtobufBody, encodeMessage, isMessage } from '@binnacle/apis-schema';
import { expect, test } from 'vitest';
import { conform } from '@binnacle/apis-schema';
import { builtinSchemas } from '@binnacle/apis-kubernetes/schemas';
import { DEFINITION_SCHEMA, definitionSchemas } from './conform.js';

const schema = {
  $ref: '#/definitions/x',
  $schema: 'http://json-schema.org/schema#',
  type: 'object',
  'x-kubernetes-preserve-unknown-fields': false,
  'x-kubernetes-list-map-keys': ['a', 'b'],
  'x-kubernetes-validations': [{ rule: 'self.a > 0', message: 'no' }],
  required: ['a'],
  properties: {
    list: { type: 'array', items: { type: 'string', maxLength: 0 }, default: ['a', null, { b: 1 }] },
    pair: { type: 'array', items: [{ type: 'string' }, { type: 'integer', maximum: 0 }] },
    open: { type: 'object', additionalProperties: true },
    closed: { type: 'object', additionalProperties: false, nullable: true },
    map: { type: 'object', additionalProperties: { type: 'object', additionalProperties: { type: 'string' } } },
    depends: { type: 'object', dependencies: { a: ['b', 'c'], d: { type: 'string' } } },
    choice: { enum: ['a', 1, true, null], anyOf: [{ type: 'string' }, { not: { type: 'integer' } }] },
  },
};

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    names: { plural: 'widgets', kind: 'Widget' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: false,
        schema: { openAPIV3Schema: schema },
        subresources: { status: {}, scale: { specReplicasPath: '.spec.r', statusReplicasPath: '.status.r' } },
      },
    ],
  },
};

const expected = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  schema: DEFINITION_SCHEMA,
  schemas: definitionSchemas,
};

test('a definition means in protobuf what it means in JSON, with every shape a schema may have', () => {
  const { object } = conform(builtinSchemas, DEFINITION_SCHEMA, definition);
  const raw = encodeMessage(definitionSchemas, DEFINITION_SCHEMA, object);
  const decoded = decodeProtobufBody(
    closeEnvelope({ apiVersion: definition.apiVersion, kind: definition.kind, raw }),
    expected,
  );
  expect(decoded.object).toMatchObject(definition);
  expect(decoded.problems).toEqual([]);
});

test('what clients write for nothing is nothing', () => {
  const empty = { ...schema, description: '', format: '', nullable: false, uniqueItems: false };
  const { object } = conform(builtinSchemas, `${DEFINITION_SCHEMA.replace(/\w+$/, '')}JSONSchemaProps`, empty);
  expect(Object.keys(object)).not.toContain('description');
  expect(Object.keys(object)).not.toContain('nullable');
});

test('definitions can be written as messages', () => {
  expect(isMessage(definitionSchemas, DEFINITION_SCHEMA)).toBe(true);
});
