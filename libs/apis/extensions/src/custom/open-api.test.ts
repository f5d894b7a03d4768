import { readFileSync } from 'node:fs';
import type { JsonObject } from '@binnacle/machinery-patch';
import { describe, expect, it } from 'vitest';
import type { CustomResourceDefinition } from '../crd/types.js';
import type { JsonSchema } from '../schema/types.js';
import { customKind } from './kind.js';
import { kindSchema, listSchema } from './open-api.js';

interface Published {
  readonly schema: JsonSchema;
  readonly v2: JsonObject;
  readonly v2List: JsonObject;
  readonly v3: JsonObject;
  readonly v3List: JsonObject;
}

const cases = JSON.parse(readFileSync(new URL('./fixtures/published.json', import.meta.url), 'utf8')) as Published[];
const numbered = cases.map((one, index) => [index, one] as const);

function kindOf(schema: JsonSchema, version: object = {}) {
  const names = { plural: 'foos', kind: 'Foo', singular: 'foo', listKind: 'FooList' };
  const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...version }];
  const definition: CustomResourceDefinition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'foos.example.com' },
    spec: { group: 'example.com', scope: 'Namespaced', names, versions },
    status: { acceptedNames: names },
  };
  return customKind(definition, 'v1');
}

describe('what kubernetes 1.36.3 publishes of a schema', () => {
  it.each(numbered)('is published here too: %i', (_index, { schema, v2, v2List, v3, v3List }) => {
    const kind = kindOf(schema);
    expect(kindSchema(kind, 'v2')).toEqual(v2);
    expect(listSchema(kind, 'v2')).toEqual(v2List);
    expect(kindSchema(kind, 'v3')).toEqual(v3);
    expect(listSchema(kind, 'v3')).toEqual(v3List);
  });
});

describe('a published schema', () => {
  it('says which fields objects are selected by', () => {
    const kind = kindOf({ type: 'object' }, { selectableFields: [{ jsonPath: '.spec.color' }] });
    const fields = { 'x-kubernetes-selectable-fields': [{ fieldPath: 'spec.color' }] };
    expect(kindSchema(kind, 'v3')).toMatchObject(fields);
    expect(listSchema(kind, 'v2')).toMatchObject(fields);
  });

  it('says nothing where unknown fields are kept and clients know no such thing', () => {
    const kind = kindOf({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true });
    expect(kindSchema(kind, 'v2')).toEqual({ type: 'object' });
    expect(kindSchema(kind, 'v3')).toMatchObject({ 'x-kubernetes-preserve-unknown-fields': true });
  });
});
