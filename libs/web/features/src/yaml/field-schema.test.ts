import type { ApiDocument } from '@binnacle/web-data';
import { expect, test } from 'vitest';
import { FieldSchemas } from './field-schema.js';

const cronTab = { group: 'example.com', version: 'v1', kind: 'CronTab' };
const document: ApiDocument = {
  components: {
    schemas: {
      'com.example.v1.CronTab': {
        type: 'object',
        required: ['spec'],
        'x-kubernetes-group-version-kind': [cronTab],
        properties: {
          apiVersion: { type: 'string' },
          metadata: { allOf: [{ $ref: '#/components/schemas/ObjectMeta' }], description: 'Its own words.' },
          spec: {
            type: 'object',
            required: ['schedule'],
            properties: {
              schedule: { type: 'string', description: 'When it runs.' },
              paused: { type: 'boolean' },
              mode: { type: 'string', enum: ['Fast', 'Slow'] },
              port: { 'x-kubernetes-int-or-string': true },
              steps: { type: 'array', items: { $ref: '#/components/schemas/Step' } },
            },
          },
        },
      },
      ObjectMeta: {
        type: 'object',
        description: 'Words of all.',
        properties: { labels: { type: 'object', additionalProperties: { type: 'string' } }, name: { type: 'string' } },
      },
      Step: {
        type: 'object',
        properties: { name: { type: 'string' }, then: { $ref: '#/components/schemas/Step' } },
      },
      Loop: { $ref: '#/components/schemas/Loop' },
    },
  },
};
const fields = new FieldSchemas(document, cronTab);
const names = (path: (string | number)[]) => fields.fieldsAt(path).map(({ name }) => name);

test('the fields of an object are those of its schema, the required ones first', () => {
  expect(names([])).toEqual(['spec', 'apiVersion', 'metadata']);
  expect(names(['spec'])).toEqual(['schedule', 'mode', 'paused', 'port', 'steps']);
});

test('what a schema refers to is looked up, in lists, maps and in itself', () => {
  expect(names(['metadata'])).toEqual(['labels', 'name']);
  expect(names(['spec', 'steps', 3, 'then', 'then'])).toEqual(['name', 'then']);
  expect(names(['metadata', 'labels', 'any'])).toEqual([]);
});

test.each([
  [['spec', 'schedule'], { type: 'string', description: 'When it runs.', required: true, values: [] }],
  [['spec', 'paused'], { type: 'boolean', required: false, values: ['true', 'false'] }],
  [['spec', 'mode'], { values: ['Fast', 'Slow'] }],
  [['spec', 'port'], { type: 'int-or-string' }],
  [['spec', 'steps'], { type: '[]Object' }],
  [['metadata', 'labels'], { type: 'map[string]string' }],
  [['metadata'], { type: 'Object', description: 'Its own words.' }],
])('%j is told as kubectl explain does', (path, note) => {
  expect(fields.fieldAt(path)).toMatchObject(note);
});

test('what no schema knows has no note', () => {
  for (const path of [['nothing'], ['spec', 'schedule', 'deeper'], ['spec', 'toString'], []]) {
    expect(fields.fieldAt(path)).toBeUndefined();
  }
  expect(new FieldSchemas(document, { ...cronTab, kind: 'Other' }).fieldsAt([])).toEqual([]);
  expect(new FieldSchemas({}, cronTab).fieldsAt([])).toEqual([]);
});

test('a schema that refers to itself alone ends', () => {
  const looped = {
    components: {
      schemas: {
        ...document.components?.schemas,
        Root: {
          ...document.components?.schemas?.Loop,
          'x-kubernetes-group-version-kind': [{ ...cronTab, kind: 'Loop' }],
        },
      },
    },
  };
  expect(new FieldSchemas(looped, { ...cronTab, kind: 'Loop' }).fieldsAt([])).toEqual([]);
});
