import { compiling } from '@binnacle/machinery-cel';
import { finished } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { cloneJson } from '@binnacle/machinery-patch';
import { describe, expect, it } from 'vitest';
import type { CustomResourceDefinition } from '../crd/types.js';
import { metadataReader } from '../objects/object-meta.js';
import type { JsonSchema } from '../schema/types.js';
import { customKind } from './kind.js';
import { CustomStrategy } from './strategy.js';
import { customTable } from './structure.js';

const tools = { reader: metadataReader(), compile: compiling, convert: () => Promise.reject(new Error('nobody')) };
const schema: JsonSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        replicas: { type: 'integer', default: 1 },
        tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        size: {
          type: 'integer',
          'x-kubernetes-validations': [{ rule: 'self >= oldSelf', message: 'may not shrink' }, { rule: 'self < 100' }],
        },
      },
    },
    status: {
      type: 'object',
      properties: { phase: { type: 'string', enum: ['Up', 'Down'] }, ready: { type: 'integer' } },
    },
    extra: { type: 'string' },
  },
};

function strategyOf(subresources: object = { status: {} }): CustomStrategy {
  const definition = {
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, subresources }],
    },
  } as unknown as CustomResourceDefinition;
  return new CustomStrategy(customKind(definition, 'v1'), tools);
}

const strategy = strategyOf();
const widget = (more: object = {}, metadata: object = {}): UnstructuredObject => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'a', namespace: 'n', generation: 1, ...metadata },
  ...more,
});
const told = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

describe('what becomes of a custom object', () => {
  it('that is new: defaults, the first generation, and no status of its maker', () => {
    const object = widget({ spec: {}, status: { phase: 'Up' } }, { generation: 9 });
    strategy.applyDefaults(object);
    strategy.prepareForCreate(object);
    expect(object).toEqual(widget({ spec: { replicas: 1 } }));
    const without = widget({ status: { phase: 'Up' } });
    strategyOf({}).prepareForCreate(without);
    expect(without.status).toEqual({ phase: 'Up' });
  });

  it('that changes: its status stays, and its generation counts what is not metadata', () => {
    const old = widget({ spec: { size: 1 }, status: { phase: 'Up' } }, { generation: 4 });
    const next = widget({ spec: { size: 2 }, status: { phase: 'Down' } }, { generation: 4 });
    strategy.prepareForUpdate(next, old);
    expect(next).toEqual(widget({ spec: { size: 2 }, status: { phase: 'Up' } }, { generation: 5 }));
    const labelled = widget({ spec: { size: 1 } }, { generation: 4, labels: { a: 'b' } });
    strategy.prepareForUpdate(labelled, old);
    expect(labelled.metadata.generation).toBe(4);
    const never = widget({ spec: { size: 1 }, status: { phase: 'Down' } });
    strategy.prepareForUpdate(never, widget({ spec: { size: 1 } }));
    expect(never).not.toHaveProperty('status');
  });

  it('that has no status subresource: its status counts as everything does', () => {
    const next = widget({ status: { phase: 'Down' } });
    strategyOf({}).prepareForUpdate(next, widget({ status: { phase: 'Up' } }));
    expect(next).toEqual(widget({ status: { phase: 'Down' } }, { generation: 2 }));
  });

  it('whose status is written: all else stays as it was', () => {
    const old = widget(
      { spec: { size: 1 }, status: { phase: 'Up' } },
      { labels: { a: '1' }, resourceVersion: '3', managedFields: [{}] },
    );
    const next = widget(
      { spec: { size: 9 }, status: { phase: 'Down' }, more: 1 },
      { labels: {}, resourceVersion: '2', managedFields: [{}, {}] },
    );
    strategy.prepareForStatusUpdate(next, old);
    expect(next).toEqual({
      ...old,
      status: { phase: 'Down' },
      metadata: { ...old.metadata, resourceVersion: '2', managedFields: [{}, {}] },
    });
    const emptied = widget({});
    strategy.prepareForStatusUpdate(emptied, old);
    expect(emptied).not.toHaveProperty('status');
    expect(emptied.metadata).not.toHaveProperty('managedFields');
  });

  it('is owned by writers of its status in nothing but that', () => {
    expect(strategy.resetFields).toEqual({ status: [['spec'], ['metadata'], ['extra']] });
  });
});

const BLOCKED =
  '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

describe('what is wrong with a custom object', () => {
  it.each<[string, UnstructuredObject, string[]]>([
    ['nothing', widget({ spec: { size: 5, tags: ['a'] }, status: { phase: 'Up' } }), []],
    [
      'another kind',
      { ...widget(), kind: 'Gadget', apiVersion: 'v1' },
      ['kind: Invalid value: "Gadget": must be Widget', 'apiVersion: Invalid value: "v1": must be example.com/v1'],
    ],
    ['no namespace', widget({}, { namespace: '' }), ['metadata.namespace: Required value', BLOCKED]],
    [
      'a value',
      widget({ status: { phase: 'Sideways' } }),
      ['status.phase: Unsupported value: "Sideways": supported values: "Up", "Down"', BLOCKED],
    ],
    ['a set', widget({ spec: { tags: ['a', 'a'] } }), ['spec.tags[1]: Duplicate value: "a"']],
    ['a rule', widget({ spec: { size: 200 } }), ['spec.size: Invalid value: 200: failed rule: self < 100']],
  ])('that is new: %s', (_name, object, faults) => {
    expect(told(finished(strategy.validateCreate(object)))).toEqual(faults);
  });

  const old = widget({ spec: { size: 150, tags: ['a', 'a'] }, status: { phase: 'Sideways' } });
  it.each<[string, object, string[]]>([
    [
      'what was wrong and stays',
      { spec: { size: 150, tags: ['a', 'a'], replicas: 2 }, status: { phase: 'Sideways' } },
      [],
    ],
    ['a set that was wrong before', { spec: { size: 150, tags: ['b', 'b'] } }, []],
    [
      'a value that is wrong in another way',
      { spec: { size: 160 } },
      ['spec.size: Invalid value: 160: failed rule: self < 100'],
    ],
    ['a step back', { spec: { size: 20 } }, ['spec.size: Invalid value: 20: may not shrink']],
  ])('that changes: %s', (_name, more, faults) => {
    expect(told(finished(strategy.validateUpdate(widget(more), cloneJson(old))))).toEqual(faults);
  });

  it('whose status is written: the status, and not the rest', () => {
    const next = widget({ ...old, status: { phase: 'Lost' } });
    expect(told(finished(strategy.validateStatusUpdate(next, old)))[0]).toBe(
      'status.phase: Unsupported value: "Lost": supported values: "Up", "Down"',
    );
    expect(finished(strategy.validateStatusUpdate(cloneJson(old), old))).toEqual([]);
    expect(told(finished(strategy.validateStatusUpdate(widget({ status: { ready: 'x' } }), widget())))[0]).toBe(
      'status.ready: Invalid value: "string": ready in body must be of type integer: "string"',
    );
  });

  it('that is scaled: replicas that are none', () => {
    const scaled = strategyOf({ scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.ready' } });
    expect(told(finished(scaled.validateCreate(widget({ spec: { replicas: -1 }, status: { ready: -2 } }))))).toEqual([
      '.spec.replicas: Invalid value: -1: should be a non-negative integer',
      '.status.ready: Invalid value: -2: should be a non-negative integer',
    ]);
  });
});

describe('the table of a custom kind', () => {
  const gvk = { group: 'example.com', version: 'v1', kind: 'Widget' };
  const model = {
    name: 'com.example.v1.Widget',
    gvk,
    listKind: 'WidgetList',
    jsonSchema: () => ({}),
    listJsonSchema: () => ({}),
  };
  const table = (properties: Record<string, JsonSchema>, required: string[] = []) =>
    customTable('v', {
      ...model,
      schema: { type: 'object', properties, required },
      conform: () => ({ object: {}, unknownFields: [] }),
    });
  const fieldOf = (property: JsonSchema) => table({ p: property }, ['p']).find(model.name)?.fields.get('p');

  it.each<[JsonSchema, object]>([
    [{ type: 'string' }, { type: { kind: 'scalar', scalar: 'string' }, required: true }],
    [{ type: 'integer' }, { type: { kind: 'scalar', scalar: 'int64' } }],
    [{ type: 'integer', format: 'int32' }, { type: { kind: 'scalar', scalar: 'int32' } }],
    [{ type: 'number' }, { type: { kind: 'scalar', scalar: 'double' } }],
    [{ type: 'boolean' }, { type: { kind: 'scalar', scalar: 'bool' } }],
    [{ 'x-kubernetes-int-or-string': true }, { type: { kind: 'scalar', scalar: 'intOrString' } }],
    [{ type: 'string', enum: ['a', 'b'] }, { values: ['a', 'b'] }],
    [{ type: 'array' }, { type: { kind: 'scalar', scalar: 'any' } }],
    [
      { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
      { type: { kind: 'list', of: { kind: 'scalar', scalar: 'string' } }, listType: 'set' },
    ],
    [
      { type: 'object', additionalProperties: { type: 'integer' } },
      { type: { kind: 'map', of: { kind: 'scalar', scalar: 'int64' } } },
    ],
    [
      { type: 'object', 'x-kubernetes-map-type': 'atomic' },
      { type: { kind: 'object' }, mapType: 'atomic' },
    ],
  ])('says %j as %j', (property, field) => {
    expect(fieldOf(property)).toMatchObject(field);
  });

  it('finds its kind and list, what is below them, and what every kind has', () => {
    const found = table({
      spec: { type: 'object', properties: { a: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } },
    });
    expect([found.findKind(gvk), found.findKind({ ...gvk, kind: 'WidgetList' })]).toEqual([
      model.name,
      `${model.name}List`,
    ]);
    expect(found.findKind({ ...gvk, version: 'v2' })).toBeUndefined();
    expect([...(found.find(model.name)?.fields.keys() ?? [])]).toEqual(['spec', 'apiVersion', 'kind', 'metadata']);
    const partOf = (parent: string | undefined, member: string): string | undefined => {
      const type = parent === undefined ? undefined : found.find(parent)?.fields.get(member)?.type;
      return type?.kind === 'object' ? type.name : undefined;
    };
    const part = partOf(partOf(model.name, 'spec'), 'a') ?? '';
    expect(found.find(part)).toMatchObject({ freeForm: true, open: true, inline: true });
    expect(found.find('io.k8s.api.core.v1.Pod')?.gvk?.kind).toBe('Pod');
  });
});
