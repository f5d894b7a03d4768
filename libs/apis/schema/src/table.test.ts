import { describe, expect, test } from 'vitest';
import { perDefinition, schemaIn, schemaTable, shortName } from './table.js';
import type { DefinitionSchema, SchemaTable } from './types.js';

const definition = (name: string, kind?: string): DefinitionSchema => ({
  name,
  freeForm: false,
  fields: new Map(),
  ...(kind && { gvk: { group: 'example.io', version: 'v1', kind } }),
});

const empty: SchemaTable = {
  version: 'empty',
  find: () => undefined,
  findKind: () => undefined,
  describe: async () => ({ of: () => undefined }),
};
const described = (definitionName: string, field?: string) => `${definitionName} ${field ?? ''}`.trim();
const base = schemaTable('base', [definition('io.Base', 'Base'), definition('io.Both', 'Both')], empty, described);
const over = schemaTable('over', [definition('io.Own', 'Own'), definition('io.Both')], base, () => 'mine');

describe('a table over another', () => {
  test('answers with its own definitions first, and with the very ones of the other', () => {
    expect(over.find('io.Base')).toBe(base.find('io.Base'));
    expect(over.find('io.Both')).not.toBe(base.find('io.Both'));
    expect(over.find('io.None')).toBeUndefined();
    const named = (kind: string) => over.findKind({ group: 'example.io', version: 'v1', kind });
    expect([named('Own'), named('Base'), named('None')]).toEqual(['io.Own', 'io.Base', undefined]);
  });

  test('has texts of its own definitions and those of the other', async () => {
    const texts = await over.describe(['io.Own', 'io.Base']);
    expect([texts.of('io.Own', 'a'), texts.of('io.Base', 'a'), texts.of('io.Base')]).toEqual([
      'mine',
      'io.Base a',
      'io.Base',
    ]);
  });
});

test('a name that no table has is a mistake of whoever asks', () => {
  expect(schemaIn(over, 'io.Own').name).toBe('io.Own');
  expect(() => schemaIn(over, 'io.None')).toThrow(RangeError);
  expect(shortName('io.k8s.api.core.v1.Pod')).toBe('Pod');
});

test('what is made of a definition is made once in each table', () => {
  const made: string[] = [];
  const make = perDefinition((schemas, name) => {
    made.push(`${schemas.version} ${name}`);
    return { name };
  });
  expect(make(base, 'io.Base')).toBe(make(base, 'io.Base'));
  expect(make(over, 'io.Base')).not.toBe(make(base, 'io.Base'));
  expect(made).toEqual(['base io.Base', 'over io.Base']);
});
