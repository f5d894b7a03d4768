import { isJsonObject, type JsonObject } from '@binnacle/machinery-patch';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { conform } from '../conform.js';
import { decodeMessage } from '../protobuf/decode.js';
import { encodeMessage } from '../protobuf/encode.js';
import { PART, WIDGET, widgets } from '../testing/widgets.js';
import type { OpenApiVersion } from '../types.js';
import { addReachable, SchemaWriter } from './json-schema.js';

const text = fc.string({ unit: fc.constantFrom('a', 'é', '"', ' '), maxLength: 4 });
const moment = fc
  .date({ min: new Date('1970-01-02T00:00:00Z'), max: new Date('2200-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const part = fc.record({ id: text, weight: fc.integer({ min: 1, max: 9 }) }, { requiredKeys: ['id'] });
const widget = fc.record(
  {
    title: text,
    count: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    big: fc.maxSafeInteger(),
    isRed: fc.boolean(),
    ratio: fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => one || 0),
    blob: fc.uint8Array({ maxLength: 5 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    made: moment,
    renewed: moment,
    size: fc.constantFrom('1', '500m', '1Ki', 7),
    port: fc.oneof(fc.integer({ min: 0, max: 65_535 }), text),
    raw: fc.dictionary(text, fc.integer(), { maxKeys: 2 }),
    part,
    parts: fc.array(part, { maxLength: 3 }),
    tags: fc.array(fc.constantFrom('new', 'old'), { maxLength: 3 }),
    numbers: fc.array(fc.maxSafeInteger(), { maxLength: 3 }),
    labels: fc.dictionary(text, text, { maxKeys: 3 }),
    limits: fc.dictionary(text, fc.constantFrom('1', '2Gi'), { maxKeys: 2 }),
    extra: fc.dictionary(text, fc.array(text, { maxLength: 2 }), { maxKeys: 2 }),
    host: text,
    path: text,
  },
  { requiredKeys: ['title'] },
);
const conformed = widget.map((value) => conform(widgets, WIDGET, value).object);

type Find = (ref: string) => JsonObject;

/** As much of JSON schema as the documents use. */
function complaints(schema: JsonObject, value: unknown, at: string, find: Find): string[] {
  const { $ref: ref, type } = schema;
  if (typeof ref === 'string') return complaints(find(ref), value, at, find);
  if (typeof type === 'string' && !isOf(type, value)) return [`${at} is no ${type}`];
  const { enum: values = [value] } = schema as { enum?: unknown[] };
  const inside = Array.isArray(value) ? ofItems(schema, value, at, find) : ofMembers(schema, value, at, find);
  return [
    ...ofParts(schema, value, at, find),
    ...(values.includes(value) || Array.isArray(value) ? [] : [`${at} is none of those`]),
    ...inside,
  ];
}

/** It fits all of some, and just one of others. */
function ofParts({ allOf = [], oneOf }: JsonObject, value: unknown, at: string, find: Find): string[] {
  const all = (allOf as JsonObject[]).flatMap((one) => complaints(one, value, at, find));
  const fitting = (oneOf as JsonObject[] | undefined)?.filter((one) => complaints(one, value, at, find).length === 0);
  return fitting && fitting.length !== 1 ? [...all, `${at} fits ${fitting.length}`] : all;
}

const ofItems = ({ items }: JsonObject, value: unknown[], at: string, find: Find): string[] =>
  value.flatMap((item, index) => complaints((items ?? {}) as JsonObject, item, `${at}[${index}]`, find));

function ofMembers(schema: JsonObject, value: unknown, at: string, find: Find): string[] {
  if (!isJsonObject(value)) return [];
  const { properties, additionalProperties, required = [] } = schema as Record<string, JsonObject | undefined>;
  const missing = (required as unknown as string[]).filter((name) => value[name] === undefined);
  const members = Object.entries(value).flatMap(([name, member]) => {
    const known = properties && Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    if (isJsonObject(known)) return complaints(known, member, `${at}.${name}`, find);
    return properties ? [`${at} has ${name}`] : [];
  });
  return [...missing.map((name) => `${at} lacks ${name}`), ...members];
}

function isOf(type: string, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  return type === 'object' ? isJsonObject(value) : typeof value === type;
}

describe.each<[OpenApiVersion, string]>([
  ['v2', '#/definitions/'],
  ['v3', '#/components/schemas/'],
])('a document of form %s', (version, folder) => {
  let definitions: JsonObject;
  /** Definitions of upstream's own scalars stand in another table, so they are as good as said here. */
  const SCALARS: JsonObject = {
    'io.k8s.apimachinery.pkg.apis.meta.v1.Time': { type: 'string' },
    'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': { type: 'string' },
    'io.k8s.apimachinery.pkg.api.resource.Quantity': { type: 'string' },
    'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { oneOf: [{ type: 'integer' }, { type: 'string' }] },
  };
  const find = (ref: string): JsonObject => {
    const name = ref.slice(folder.length);
    const found = definitions[name] ?? SCALARS[name];
    if (!isJsonObject(found)) throw new Error(`nothing is at ${ref}`);
    return found;
  };
  beforeAll(async () => {
    const found = new Map();
    addReachable(found, widgets, [WIDGET]);
    definitions = new SchemaWriter(version, await widgets.describe([...found.keys()])).definitions([...found.values()]);
  });

  it('describes every object that is served', () => {
    fc.assert(
      fc.property(conformed, (object) => {
        expect(complaints(find(folder + WIDGET), object, 'widget', find)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it.each<[string, unknown, string]>([
    ['a text for a number', { title: '', count: 'x' }, 'widget.count is no integer'],
    ['a part without its key', { title: '', parts: [{}] }, 'widget.parts[0] lacks id'],
    ['what nobody knows', { title: '', colour: 1 }, 'widget has colour'],
    ['a list in a map', { title: '', labels: { a: [] } }, 'widget.labels.a is no string'],
  ])('does not describe %s', (_, value, complaint) => {
    expect(complaints(find(folder + WIDGET), value, 'widget', find)).toEqual([complaint]);
  });

  it('describes which values there are where the form says so', () => {
    const found = complaints(find(folder + WIDGET), { title: '', tags: ['blue'] }, 'widget', find);
    expect(found).toEqual(version === 'v3' ? ['widget.tags[0] is none of those'] : []);
  });

  it('has every definition that it refers to, and each with its text', () => {
    expect(Object.keys(definitions).sort()).toEqual([PART, `${PART.slice(0, -4)}Raw`, WIDGET].sort());
    for (const [name, definition] of Object.entries(definitions))
      expect((definition as JsonObject).description).toBe(`Text of ${name.split('.').at(-1)}.`);
    const refs = [...JSON.stringify(definitions).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref);
    for (const ref of refs) expect(() => find(ref)).not.toThrow();
  });
});

describe('protobuf', () => {
  it('carries every object that is served, and nothing of it is lost', () => {
    fc.assert(
      fc.property(conformed, (object) => {
        expect(decodeMessage(widgets, WIDGET, encodeMessage(widgets, WIDGET, object))).toEqual(object);
      }),
      { numRuns: 300 },
    );
  });

  it('is the same however the members of maps are ordered', () => {
    fc.assert(
      fc.property(fc.dictionary(text, text, { minKeys: 1, maxKeys: 5 }), (labels) => {
        const turned = Object.fromEntries(Object.entries(labels).toReversed());
        const write = (map: object) =>
          Buffer.from(encodeMessage(widgets, WIDGET, { title: '', labels: map })).toString('hex');
        expect(write(turned)).toBe(write(labels));
      }),
    );
  });

  it('of two messages in a row is that of both: lists are joined, what is single is the last', () => {
    fc.assert(
      fc.property(conformed, conformed, (left, right) => {
        const [first, second] = [left, right].map((object) => encodeMessage(widgets, WIDGET, object));
        const both = decodeMessage(widgets, WIDGET, Buffer.concat([first ?? Buffer.of(), second ?? Buffer.of()]));
        expect(both.title).toBe(right.title);
        expect(both.tags ?? []).toEqual([...((left.tags ?? []) as string[]), ...((right.tags ?? []) as string[])]);
        expect(both.labels ?? {}).toEqual({ ...(left.labels as object), ...(right.labels as object) });
        expect(both.size).toBe(right.size ?? left.size);
      }),
      { numRuns: 100 },
    );
  });
});
