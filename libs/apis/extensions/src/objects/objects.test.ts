import { fieldPath } from '@binnacle/machinery-validation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../schema/types.js';
import { canonicalText } from './canonical.js';
import { applyDefaults, dropMeaninglessNulls } from './default.js';
import { coerceObjects, validateObjects } from './embedded.js';
import { validateListTypes } from './list-types.js';
import { metadataReader, readLeniently } from './object-meta.js';
import { prune } from './prune.js';

const ROOT = fieldPath('');
const reader = metadataReader();
const text: JsonSchema = { type: 'string' };
const keep = { 'x-kubernetes-preserve-unknown-fields': true };
const whole = { type: 'object', 'x-kubernetes-embedded-resource': true };
const object = (properties: Record<string, JsonSchema>, more: JsonSchema = {}): JsonSchema => ({
  type: 'object',
  properties,
  ...more,
});

function changed<T>(value: T, change: (draft: T) => unknown): T {
  const draft = structuredClone(value);
  change(draft);
  return draft;
}

describe('pruning', () => {
  it.each<[string, JsonSchema | undefined, object, object, string[]]>([
    ['takes away what no property names', object({ a: text }), { a: 1, b: 2 }, { a: 1 }, ['b']],
    [
      'looks into objects and lists',
      object({ a: { type: 'array', items: object({ b: text }) } }),
      { a: [{ b: 1, c: 2 }, 3] },
      { a: [{ b: 1 }, 3] },
      ['a[0].c'],
    ],
    [
      'keeps any key of a map',
      { type: 'object', additionalProperties: object({ b: text }) },
      { x: { b: 1, c: 1 }, y: 2 },
      { x: { b: 1 }, y: 2 },
      ['x.c'],
    ],
    [
      'keeps all keys where any may be',
      { type: 'object', additionalProperties: true },
      { x: { y: 1 } },
      { x: {} },
      ['x.y'],
    ],
    ['keeps what is to be preserved', { ...keep, type: 'object' }, { a: { b: 1 } }, { a: { b: 1 } }, []],
    [
      'prunes below what a preserving schema names',
      { ...keep, properties: { a: object({}) } },
      { a: { x: 1 }, b: { x: 1 } },
      { a: {}, b: { x: 1 } },
      ['a.x'],
    ],
    [
      'preserves below what is pruned',
      object({ a: { ...keep, type: 'object' } }),
      { a: { x: { y: 1 } }, b: 1 },
      { a: { x: { y: 1 } } },
      ['b'],
    ],
    [
      'keeps the three members of whole objects',
      object({ a: object({ spec: object({}) }, whole) }),
      { a: { apiVersion: 'v1', kind: 'X', metadata: { z: 1 }, spec: { y: 1 }, q: 1 } },
      { a: { apiVersion: 'v1', kind: 'X', metadata: { z: 1 }, spec: {} } },
      ['a.q', 'a.spec.y'],
    ],
    ['takes away everything without a schema', undefined, { a: 1, b: { c: 1 } }, {}, ['a', 'b']],
    ['leaves scalars alone, whatever the schema says', object({ a: object({}) }), { a: 5 }, { a: 5 }, []],
    [
      'takes no inherited member for a property',
      object({}),
      { constructor: 1, toString: 2 },
      {},
      ['constructor', 'toString'],
    ],
  ])('%s', (_name, schema, value, left, unknown) => {
    const draft = structuredClone(value);
    expect(prune(draft, schema, false)).toEqual(unknown);
    expect(draft).toEqual(left);
  });

  it('of a resource keeps its three members at the root only, and tells of none of them', () => {
    const sent = { apiVersion: 'v1', kind: 'X', metadata: { labels: {} }, spec: { kind: 'Y' } };
    const draft = structuredClone(sent);
    expect(prune(draft, object({ spec: object({}) }), true)).toEqual(['spec.kind']);
    expect(draft).toEqual({ ...sent, spec: {} });
    expect(prune(structuredClone(sent), object({}), false)).toEqual(['spec']);
  });
});

describe('defaulting', () => {
  const x: JsonSchema = { type: 'string', default: 'x' };
  it.each<[string, JsonSchema, unknown, unknown]>([
    ['fills in what is absent', object({ a: x }), {}, { a: 'x' }],
    ['leaves what is there, be it empty', object({ a: x }), { a: '' }, { a: '' }],
    ['takes a null that is not allowed for absent', object({ a: x }), { a: null }, { a: 'x' }],
    ['leaves a null that is allowed', object({ a: { ...x, nullable: true } }), { a: null }, { a: null }],
    ['does not make an object to hold a default', object({ a: object({ b: x }) }), {}, {}],
    ['fills in an object that is a default', object({ a: object({ b: x }, { default: {} }) }), {}, { a: { b: 'x' } }],
    ['goes on into what is there', object({ a: object({ b: x }) }), { a: {} }, { a: { b: 'x' } }],
    ['goes into elements', { type: 'array', items: object({ b: x }) }, [{}, { b: 'y' }], [{ b: 'x' }, { b: 'y' }]],
    ['replaces nulls of lists', { type: 'array', items: x }, [null, 'y'], ['x', 'y']],
    [
      'goes into values of maps',
      { type: 'object', additionalProperties: object({ b: x }) },
      { k: {} },
      { k: { b: 'x' } },
    ],
    ['replaces nulls of maps', { type: 'object', additionalProperties: x }, { k: null }, { k: 'x' }],
    [
      'has properties before values of maps',
      { ...object({ a: x }), additionalProperties: { type: 'string', default: 'y' } },
      { b: null },
      { a: 'x', b: 'y' },
    ],
    ['takes a default of null for none', object({ a: { type: 'string', nullable: true, default: null } }), {}, {}],
    ['fills in false and zero', object({ a: { default: false }, b: { default: 0 } }), {}, { a: false, b: 0 }],
  ])('%s', (_name, schema, value, expected) => {
    expect(changed(value, (draft) => applyDefaults(draft, schema))).toEqual(expected);
  });

  it('shares nothing with the schema', () => {
    const schema = object({ a: { type: 'object', default: { list: [] }, ...keep } });
    const first = changed<{ a?: { list: number[] } }>({}, (draft) => applyDefaults(draft, schema));
    first.a?.list.push(1);
    expect(changed({}, (draft) => applyDefaults(draft, schema))).toEqual({ a: { list: [] } });
  });
});

describe('nulls', () => {
  it.each<[string, JsonSchema, object, object]>([
    [
      'go where they mean nothing',
      object({ a: text, b: { ...text, nullable: true } }),
      { a: null, b: null },
      { b: null },
    ],
    ['stay where a default waits for them', object({ a: { ...text, default: 'x' } }), { a: null }, { a: null }],
    ['stay where no schema speaks of them', object({}), { z: null }, { z: null }],
    ['go from values of maps', { type: 'object', additionalProperties: text }, { a: null, b: 'x' }, { b: 'x' }],
    [
      'stay in lists, and go from what is in them',
      object({ l: { type: 'array', items: object({ a: text }) } }),
      { l: [null, { a: null }] },
      { l: [null, {}] },
    ],
  ])('%s', (_name, schema, value, expected) => {
    expect(changed(value, (draft) => dropMeaninglessNulls(draft, schema))).toEqual(expected);
  });
});

describe('lists that are sets or maps', () => {
  const set = (items: JsonSchema): JsonSchema => ({ type: 'array', items, 'x-kubernetes-list-type': 'set' });
  const map = (...keys: string[]): JsonSchema => ({
    type: 'array',
    items: object(Object.fromEntries(keys.map((key) => [key, text]))),
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': keys,
  });
  const told = (schema: JsonSchema, l: unknown): string[] =>
    validateListTypes({ l }, object({ l: schema }), ROOT).map(({ field, message }) => `${field}: ${message}`);

  it.each<[JsonSchema, unknown, string[]]>([
    [set(text), ['a', 'b', 'a', 'a'], ['l[2]: Duplicate value: "a"']],
    [set({ type: 'integer' }), [1, 2, 1.0], ['l[2]: Duplicate value: 1']],
    [
      set({ ...keep }),
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      ['l[1]: Duplicate value: {"a":1,"b":2}'],
    ],
    [set(text), ['1', 1], []],
    [
      map('n'),
      [
        { n: 'a', v: 1 },
        { n: 'a', v: 2 },
      ],
      ['l[1]: Duplicate value: {"n":"a"}'],
    ],
    [
      map('n', 'p'),
      [
        { n: 'a', p: '1' },
        { n: 'a', p: '2' },
        { p: '1', n: 'a' },
      ],
      ['l[2]: Duplicate value: {"n":"a","p":"1"}'],
    ],
    [map('n'), [{}, {}], ['l[1]: Duplicate value: {}']],
    [map('n'), ['a', { n: 'a' }], ['l[0]: Invalid value: "a": must be an object for an array of list-type map']],
    [{ type: 'array', items: text, 'x-kubernetes-list-type': 'atomic' }, ['a', 'a'], []],
    [{ type: 'array', items: set(text) }, [['a'], ['b', 'b']], ['l[1][1]: Duplicate value: "b"']],
    [{ type: 'object', additionalProperties: set(text) }, { k: ['b', 'b'] }, ['l[k][1]: Duplicate value: "b"']],
    [set(text), 'no list', []],
  ])('%j of %j', (schema, value, faults) => {
    expect(told(schema, value)).toEqual(faults);
  });

  it('hold equal values by equal texts', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalText(reversed)).toBe(canonicalText(value));
      }),
    );
  });
});

describe('whole objects within others', () => {
  const schema = object({
    inner: object({ spec: text }, whole),
    list: { type: 'array', items: { ...whole, ...keep } },
  });
  const told = (value: object): string[] =>
    validateObjects(value, schema, ROOT, reader).map(({ field, message }) => `${field}: ${message}`);
  const good = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } };

  it.each<[object, string[]]>([
    [{ inner: good, list: [good] }, []],
    [{ inner: { ...good, apiVersion: '/' } }, []],
    [{ inner: { apiVersion: 'v1', kind: 'Pod' } }, []],
    [{ inner: {} }, ['inner.apiVersion: Required value', 'inner.kind: Required value']],
    [{ list: [good, { ...good, kind: '' }] }, ['list[1].kind: Invalid value: "": must not be empty']],
    [{ inner: { ...good, apiVersion: 1 } }, ['inner.apiVersion: Invalid value: 1: must be a string']],
    [
      { inner: { ...good, apiVersion: 'a/b/c' } },
      ['inner.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c'],
    ],
  ])('%j', (value, faults) => {
    expect(told(value)).toEqual(faults);
  });

  it('must have kinds and metadata as all objects have', () => {
    expect(told({ inner: { ...good, kind: 'Pod!' } })[0]).toMatch(
      /^inner\.kind: Invalid value: "Pod!": may have mixed case, but should otherwise match: a DNS-1035 label/,
    );
    expect(
      told({ inner: { ...good, metadata: { name: 'a/b', labels: { x: '!' } } } }).map((one) => one.split(':')[0]),
    ).toEqual(['inner.metadata.name', 'inner.metadata.labels']);
    expect(told({ inner: { ...good, metadata: 5 } })[0]).toMatch(
      /^inner\.metadata: Invalid value: 5: json: cannot unmarshal/,
    );
  });

  const coerced = (value: object, lenient: boolean) => {
    const draft = structuredClone(value);
    const { fault, unknownFields } = coerceObjects(draft, schema, ROOT, { reader, lenient });
    return { draft, fault: fault && `${fault.field}: ${fault.message}`, unknownFields };
  };

  it('lose of metadata what is no metadata, and tell of it', () => {
    const { draft, unknownFields } = coerced({ inner: { ...good, metadata: { name: 'a', colour: 1 } } }, false);
    expect(draft).toEqual({ inner: good });
    expect(unknownFields).toEqual(['inner.metadata.colour']);
  });

  it('are refused with members of the wrong type, or lose them where they are read from storage', () => {
    const bad = { inner: { apiVersion: 'v1', kind: 7, metadata: { name: 'a', labels: 5 } } };
    expect(coerced(bad, false).fault).toBe('inner.kind: Invalid value: 7: must be a string');
    expect(coerced(bad, true)).toEqual({
      draft: { inner: { apiVersion: 'v1', metadata: { name: 'a' } } },
      fault: undefined,
      unknownFields: [],
    });
  });

  it('keep what can be read of bad metadata', () => {
    const read = readLeniently(reader, { name: 'a', labels: 3, finalizers: ['x'], colour: 1 });
    expect(read).toEqual({ object: { name: 'a', finalizers: ['x'] }, unknownFields: ['colour'] });
    expect(readLeniently(reader, 'none').object).toEqual({});
  });
});
