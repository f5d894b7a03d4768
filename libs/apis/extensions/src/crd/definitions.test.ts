import { readFileSync } from 'node:fs';
import type { FieldError } from '@binnacle/machinery-validation';
import { finished } from '@binnacle/machinery-context';
import { describe, expect, it } from 'vitest';
import { metadataReader } from '../objects/object-meta.js';
import type { JsonSchema } from '../schema/types.js';
import { applyDefaults } from './defaults.js';
import { prepareForCreate, prepareForUpdate } from './prepare.js';
import type { CustomResourceDefinition } from './types.js';
import { validateNew, validateUpdate } from './validation.js';

const tools = { reader: metadataReader() };

function definition(schema: JsonSchema, more: object = {}): CustomResourceDefinition {
  const made = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
      ...more,
    },
  } as CustomResourceDefinition;
  applyDefaults(made);
  return made;
}

const withSpec = (properties: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  properties: { spec: { type: 'object', properties } },
});

const told = (errors: readonly FieldError[]): string[] => errors.map(({ field, message }) => `${field} | ${message}`);

describe('a definition', () => {
  it('gets the names it leaves out, no conversion and its first stored version', () => {
    const { spec, status } = definition({ type: 'object' });
    expect(spec.names).toEqual({ plural: 'widgets', kind: 'Widget', singular: 'widget', listKind: 'WidgetList' });
    expect(spec.conversion).toEqual({ strategy: 'None' });
    expect(status?.storedVersions).toEqual(['v1']);
  });

  it('is new whatever status its maker gave it', () => {
    const made = definition({ type: 'object' });
    made.status = { storedVersions: ['v9'], conditions: [{ type: 'Established', status: 'True' }] };
    prepareForCreate(made);
    expect(made.status).toEqual({ acceptedNames: { plural: '', kind: '' }, storedVersions: ['v1'] });
    expect(made.metadata.generation).toBe(1);
  });

  it('counts its generation on with its spec, and remembers every version that was stored', () => {
    const old = definition({ type: 'object' });
    old.metadata.generation = 3;
    const next = structuredClone(old);
    next.spec.versions = [
      { ...next.spec.versions[0]!, storage: false },
      { ...next.spec.versions[0]!, name: 'v2' },
    ];
    prepareForUpdate(next, old);
    expect(next.metadata.generation).toBe(4);
    expect(next.status?.storedVersions).toEqual(['v1', 'v2']);
  });

  it('may not drop a version that objects may still be stored in', () => {
    const old = definition({ type: 'object' });
    old.status = { storedVersions: ['v0', 'v1'] };
    expect(told(finished(validateUpdate(structuredClone(old), old, tools)))).toEqual([
      'status.storedVersions[0] | Invalid value: "v0": missing from spec.versions; v0 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v0 and removes v0 from status.storedVersions',
    ]);
  });

  it('keeps its scope and kind once it is established, and its group and plural always', () => {
    const old = definition({ type: 'object' });
    const next = structuredClone(old);
    next.spec.scope = 'Cluster';
    next.spec.names = { ...next.spec.names, kind: 'Gadget', plural: 'gadgets' };
    expect(told(finished(validateUpdate(next, old, tools)))).toEqual([
      'spec.names.plural | Invalid value: "gadgets": field is immutable',
    ]);
    old.status = { ...old.status, conditions: [{ type: 'Established', status: 'True' }] };
    expect(told(finished(validateUpdate(next, old, tools)))).toEqual([
      'spec.scope | Invalid value: "Cluster": field is immutable',
      'spec.names.kind | Invalid value: "Gadget": field is immutable',
      'spec.names.plural | Invalid value: "gadgets": field is immutable',
    ]);
  });

  it('of a group of the community must be approved, but one that never was may go on', () => {
    const old = definition({ type: 'object' }, { group: 'x.k8s.io' });
    old.metadata.name = 'widgets.x.k8s.io';
    const [fault] = finished(validateNew(old, tools));
    expect(fault?.field).toBe('metadata.annotations[api-approved.kubernetes.io]');
    expect(fault?.type).toBe('FieldValueRequired');
    expect(finished(validateUpdate(structuredClone(old), old, tools))).toEqual([]);
    old.metadata.annotations = { 'api-approved.kubernetes.io': 'https://github.com/kubernetes/x/pull/1' };
    expect(finished(validateNew(old, tools))).toEqual([]);
  });
});

describe('schemas that were stored before a rule', () => {
  it('may stay as they were', () => {
    const loose = definition(
      withSpec({ tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'object' } } }),
    );
    expect(told(finished(validateNew(loose, tools)))).toEqual([
      'spec.validation.openAPIV3Schema.properties[spec].properties[tags].items.x-kubernetes-map-type | Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set',
    ]);
    expect(finished(validateUpdate(structuredClone(loose), loose, tools))).toEqual([]);
  });
});

interface Recorded {
  readonly definition: CustomResourceDefinition;
  readonly errors: readonly string[];
}

/** Values of whole schemas are printed in upstream's internal form, and Go has words of its own for bad patterns. */
const soften = (text: string): string =>
  text
    .replace(/Invalid value: (\[?\{.*\}\]?|\[.*\]): /, 'Invalid value: …: ')
    .replace(/(must be a valid regular expression).*/, '$1');

describe('what kubernetes 1.36.3 says of definitions', () => {
  const path = new URL('./fixtures/definitions.json', import.meta.url);
  const cases = JSON.parse(readFileSync(path, 'utf8')) as Recorded[];
  it.each(cases.map((one, index) => [index, one] as const))('is said here too: %i', (_index, recorded) => {
    const made = structuredClone(recorded.definition);
    applyDefaults(made);
    const errors = [...new Set(told(finished(validateNew(made, tools))).map(soften))].sort();
    expect(errors).toEqual(recorded.errors);
  });
});
