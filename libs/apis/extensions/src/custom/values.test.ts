import { readFileSync } from 'node:fs';
import { cloneJson, equalJson } from '@binnacle/machinery-patch';
import { type FieldError, fieldPath } from '@binnacle/machinery-validation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyDefaults, dropMeaninglessNulls } from '../objects/default.js';
import { validateObjects } from '../objects/embedded.js';
import { validateListTypes } from '../objects/list-types.js';
import { metadataReader } from '../objects/object-meta.js';
import { prune } from '../objects/prune.js';
import type { JsonSchema } from '../schema/types.js';
import { Correlation } from '../values/correlation.js';
import { validateChange, validateValue } from '../values/validate.js';

const ROOT = fieldPath('');
const reader = metadataReader();

interface Recorded {
  readonly schema: JsonSchema;
  readonly value: object;
  readonly next: object;
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly pruned: object;
  readonly unknown: readonly string[];
  readonly defaulted: object;
}

const cases = JSON.parse(readFileSync(new URL('./fixtures/values.json', import.meta.url), 'utf8')) as Recorded[];
const numbered = cases.map((one, index) => [index, one] as const);
const rootOf = ({ schema }: Recorded): JsonSchema => ({ type: 'object', properties: { spec: schema } });
const told = (errors: readonly FieldError[]): string[] =>
  [...new Set(errors.map(({ field, message }) => `${field} | ${message}`))].sort();

describe('what kubernetes 1.36.3 says of objects', () => {
  it.each(numbered)('is said here too of a new one: %i', (_index, recorded) => {
    const { value } = recorded;
    const root = rootOf(recorded);
    const errors = [
      ...validateValue(value, root, ROOT),
      ...validateObjects(value, root, ROOT, reader),
      ...validateListTypes(value as Record<string, unknown>, root, ROOT),
    ];
    expect(told(errors)).toEqual(recorded.created);
  });

  it.each(numbered)('is said here too of a change: %i', (_index, recorded) => {
    const root = rootOf(recorded);
    const { next, value: old } = recorded as { next: Record<string, unknown>; value: Record<string, unknown> };
    const errors = [
      ...validateChange(new Correlation(next, old, root), root, ROOT),
      ...validateObjects(next, root, ROOT, reader),
      ...(validateListTypes(old, root, ROOT).length > 0 ? [] : validateListTypes(next, root, ROOT)),
    ];
    expect(told(errors)).toEqual(recorded.updated);
  });

  it.each(numbered)('is taken away and filled in here too: %i', (_index, recorded) => {
    const root = rootOf(recorded);
    const pruned = cloneJson(recorded.value);
    expect(prune(pruned, root, true)).toEqual(recorded.unknown);
    expect(pruned).toEqual(recorded.pruned);
    const defaulted = cloneJson(recorded.value);
    applyDefaults(defaulted, root);
    expect(defaulted).toEqual(recorded.defaulted);
  });
});

const scalars = fc.oneof(
  fc.constant<JsonSchema>({ type: 'string' }),
  fc.constant<JsonSchema>({ type: 'string', default: 'x' }),
  fc.constant<JsonSchema>({ type: 'integer', default: 3, nullable: true }),
  fc.constant<JsonSchema>({ type: 'boolean', nullable: true }),
  fc.constant<JsonSchema>({ 'x-kubernetes-preserve-unknown-fields': true }),
);

const schemas = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small' },
    scalars,
    fc.record({
      type: fc.constant('object'),
      properties: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('schema'), { maxKeys: 3 }),
    }),
    fc.record({ type: fc.constant('object'), additionalProperties: tie('schema') }),
    fc.record({ type: fc.constant('array'), items: tie('schema') }),
    fc.record({ type: fc.constant('object'), default: fc.constant({}), properties: fc.record({ a: tie('schema') }) }),
  ),
})).schema;

const values = fc.jsonValue({ maxDepth: 5 }).map((value) => {
  const named = { a: value, b: [value, null], c: { a: value, z: value } };
  return named as Record<string, unknown>;
});

const after = (value: object, change: (draft: object) => void): object => {
  const draft = cloneJson(value);
  change(draft);
  return draft;
};

describe('laws of reading objects', () => {
  it('what was pruned once has nothing more to prune', () => {
    fc.assert(
      fc.property(schemas, values, (schema, value) => {
        const once = after(value, (draft) => prune(draft, schema, false));
        const twice = cloneJson(once);
        expect(prune(twice, schema, false)).toEqual([]);
        expect(twice).toEqual(once);
      }),
    );
  });

  it('defaults filled in once are all there', () => {
    fc.assert(
      fc.property(schemas, values, (schema, value) => {
        const once = after(value, (draft) => applyDefaults(draft, schema));
        expect(after(once, (draft) => applyDefaults(draft, schema))).toEqual(once);
      }),
    );
  });

  it('nulls that mean nothing are gone at once', () => {
    fc.assert(
      fc.property(schemas, values, (schema, value) => {
        const once = after(value, (draft) => dropMeaninglessNulls(draft, schema));
        expect(after(once, (draft) => dropMeaninglessNulls(draft, schema))).toEqual(once);
      }),
    );
  });

  it('a change that changes nothing the schema knows is never refused', () => {
    fc.assert(
      fc.property(schemas, values, (schema, value) => {
        const known = after(value, (draft) => prune(draft, schema, false));
        const before = new Correlation(cloneJson(known), known, schema);
        if (before.isUnchanged) expect(validateChange(before, schema, ROOT)).toEqual([]);
        expect(before.isUnchanged && !equalJson(before.value, known)).toBe(false);
      }),
    );
  });
});
