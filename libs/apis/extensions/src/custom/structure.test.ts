import type { DefinitionSchema, SchemaTable } from '@binnacle/apis-schema';
import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../schema/types.js';
import { customTable } from './structure.js';

const gvk = { group: 'example.com', version: 'v1', kind: 'Widget' };

function tableOf(schema: JsonSchema): SchemaTable {
  const nothing = () => ({});
  const conform = (value: unknown) => ({ object: value as Record<string, unknown>, unknownFields: [] });
  return customTable('1', {
    name: 'com.example.v1.Widget',
    gvk,
    listKind: 'WidgetList',
    schema,
    conform,
    jsonSchema: nothing,
    listJsonSchema: nothing,
  });
}

/** The definition that a path of members leads to. */
function at(table: SchemaTable, ...path: string[]): DefinitionSchema {
  let definition = table.find('com.example.v1.Widget');
  for (const name of path) {
    let type = definition?.fields.get(name)?.type;
    while (type?.kind === 'list' || type?.kind === 'map') type = type.of;
    definition = type?.kind === 'object' ? table.find(type.name) : undefined;
  }
  if (!definition) throw new Error(`nothing at ${path.join('.')}`);
  return definition;
}

const object = (properties: Record<string, JsonSchema>): JsonSchema => ({ type: 'object', properties });
const text: JsonSchema = { type: 'string' };

describe('the structure of a defined kind', () => {
  it('is found by its kind, with its list and what every object has', () => {
    const table = tableOf(object({ spec: object({ a: text }) }));
    expect(table.findKind(gvk)).toBe('com.example.v1.Widget');
    expect(table.findKind({ ...gvk, kind: 'WidgetList' })).toBe('com.example.v1.WidgetList');
    expect([...at(table).fields.keys()]).toEqual(['spec', 'apiVersion', 'kind', 'metadata']);
    expect(at(table, 'metadata').name).toBe('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');
    expect(table.findKind({ group: '', version: 'v1', kind: 'Pod' })).toBe('io.k8s.api.core.v1.Pod');
  });

  it('names its parts by where they are', () => {
    const table = tableOf(object({ spec: object({ 'dns-names': { type: 'array', items: object({ a: text }) } }) }));
    expect(at(table, 'spec').name).toBe('com.example.v1.Widget.WidgetSpec');
    expect(at(table, 'spec', 'dns-names').name).toBe('com.example.v1.Widget.WidgetSpecDnsNames');
  });

  it('keeps apart what is named alike', () => {
    const table = tableOf(
      object({
        spec: object({
          a: object({ b: object({ one: text }) }),
          'a.b': object({ two: text }),
          'a-b': object({ three: text }),
          aB: object({ four: text }),
        }),
      }),
    );
    const members = (...path: string[]) => [...at(table, 'spec', ...path).fields.keys()];
    expect([members('a', 'b'), members('a.b'), members('a-b'), members('aB')]).toEqual([
      ['one'],
      ['two'],
      ['three'],
      ['four'],
    ]);
  });

  it('says how lists and maps are owned, and which values there are', () => {
    const items = { type: 'object', properties: { name: text }, required: ['name'] } satisfies JsonSchema;
    const table = tableOf(
      object({
        spec: object({
          list: { type: 'array', items, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] },
          set: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
          color: { type: 'string', enum: ['red', 'blue'] },
          whole: { ...object({ a: text }), 'x-kubernetes-map-type': 'atomic' },
          any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          port: { 'x-kubernetes-int-or-string': true },
          texts: { type: 'object', additionalProperties: text },
        }),
      }),
    );
    const { fields } = at(table, 'spec');
    expect(fields.get('list')).toMatchObject({ listType: 'map', listMapKeys: ['name'] });
    expect(fields.get('set')).toMatchObject({ listType: 'set', type: { kind: 'list', of: { scalar: 'string' } } });
    expect(fields.get('color')).toMatchObject({ values: ['red', 'blue'] });
    expect(fields.get('whole')).toMatchObject({ mapType: 'atomic' });
    expect(at(table, 'spec', 'any')).toMatchObject({ freeForm: true, open: true });
    expect(fields.get('port')).toMatchObject({ type: { scalar: 'intOrString' } });
    expect(fields.get('texts')).toMatchObject({ type: { kind: 'map', of: { scalar: 'string' } } });
  });
});
