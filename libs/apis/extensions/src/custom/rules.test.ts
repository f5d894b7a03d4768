import { readFileSync } from 'node:fs';
import { compiling } from '@binnacle/machinery-cel';
import { type FieldError, fieldPath } from '@binnacle/machinery-validation';
import { finished } from '@binnacle/machinery-context';
import { describe, expect, it } from 'vitest';
import { applyDefaults } from '../crd/defaults.js';
import type { CustomResourceDefinition } from '../crd/types.js';
import { validateNew } from '../crd/validation.js';
import { validateObjects } from '../objects/embedded.js';
import { validateListTypes } from '../objects/list-types.js';
import { metadataReader } from '../objects/object-meta.js';
import { ruleCompiler } from '../rules/compiler.js';
import { blockedRules } from '../rules/faults.js';
import { type Judgement, judgeValue } from '../rules/judge.js';
import type { JsonSchema, ValidationRule } from '../schema/types.js';
import { Correlation } from '../values/correlation.js';
import { validateChange, validateValue } from '../values/validate.js';

const ROOT = fieldPath('');
const reader = metadataReader();
const tools = { reader, rules: ruleCompiler(compiling) };

interface Recorded {
  readonly schema: JsonSchema;
  readonly defined: readonly string[];
  readonly value?: Record<string, unknown>;
  readonly next?: Record<string, unknown>;
  readonly created?: readonly string[];
  readonly updated?: readonly string[];
}

const cases = JSON.parse(readFileSync(new URL('./fixtures/rules.json', import.meta.url), 'utf8')) as Recorded[];
const numbered = cases.map((one, index) => [index, one] as const);
const filled = numbered.filter(([, { value }]) => value) as [number, Required<Recorded>][];

/** A rule that is refused is shown as a struct of Go, which is nobody's business. */
const RULE_SHOWN = /Invalid value: (\[?\{.*\}\]?): (compil|cel|message|program)/;
const told = (errors: readonly FieldError[]): string[] =>
  [
    ...new Set(errors.map(({ field, message }) => `${field} | ${message}`.replace(RULE_SHOWN, 'Invalid value: …: $2'))),
  ].sort();

function definitionOf(schema: JsonSchema): CustomResourceDefinition {
  const names = { plural: 'foos', kind: 'Foo', singular: 'foo', listKind: 'FooList' };
  const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: structuredClone(schema) } }];
  const definition: CustomResourceDefinition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'foos.example.com' },
    spec: { group: 'example.com', scope: 'Namespaced', names, versions },
  };
  applyDefaults(definition);
  return definition;
}

function judged(schema: JsonSchema, next: unknown, old?: unknown, before?: Correlation): Judgement {
  return judgeValue(next, old, before, { schema, compile: compiling, path: ROOT, isResource: true });
}

describe('what kubernetes 1.36.3 says by rules', () => {
  it.each(numbered)('is said here too of a definition: %i', (_index, { schema, defined }) => {
    expect(told(finished(validateNew(definitionOf(schema), tools)))).toEqual(defined);
  });

  it.each(filled)('is said here too of a new object: %i', (_index, { schema, value, created }) => {
    const found = [
      ...validateValue(value, schema, ROOT),
      ...validateObjects(value, schema, ROOT, reader),
      ...validateListTypes(value, schema, ROOT),
    ];
    const errors = blockedRules(found) ? [] : judged(schema, value).errors;
    expect(told([...found, ...errors])).toEqual(created);
  });

  it.each(filled)('is said here too of a change: %i', (_index, { schema, value: old, next, updated }) => {
    const before = new Correlation(next, old, schema);
    const found = [
      ...validateChange(before, schema, ROOT),
      ...validateObjects(next, schema, ROOT, reader),
      ...(validateListTypes(old, schema, ROOT).length > 0 ? [] : validateListTypes(next, schema, ROOT)),
    ];
    const errors = blockedRules(found) ? [] : judged(schema, next, old, before).errors;
    expect(told([...found, ...errors])).toEqual(updated);
  });
});

const TEXTS: JsonSchema = { type: 'array', items: { type: 'string' } };
const NESTED = 'self.all(a, self.all(b, a != b || a == b))';
const listed = (rule: ValidationRule, items: JsonSchema = TEXTS): JsonSchema => ({
  type: 'object',
  properties: { list: { ...items, 'x-kubernetes-validations': [rule] } },
});
const messages = ({ errors }: Judgement): string[] => told(errors);

describe('rules', () => {
  it('stop being judged when one costs too much', () => {
    const schema = listed({ rule: 'self.all(a, self.all(b, self.all(c, a == b || b == c || a == c)))' });
    const list = Array.from({ length: 200 }, () => 'a'.repeat(200));
    expect(messages(judged(schema, { list }))).toEqual([
      'list | Invalid value: "array": \'operation cancelled: actual cost limit exceeded\': no further validation rules will be run due to call cost exceeds limit for rule: self.all(a, self.all(b, self.all(c, a == b || b == c || a == c)))',
    ]);
  });

  it('share what one object may cost', () => {
    const items: JsonSchema = {
      type: 'array',
      items: { type: 'array', items: { type: 'integer' }, 'x-kubernetes-validations': [{ rule: NESTED }] },
    };
    const list = Array.from({ length: 40 }, () => Array.from({ length: 300 }, (_one, index) => index));
    const found = messages(judged({ type: 'object', properties: { list: items } }, { list }));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(
      /^list\[\d+\] \| Invalid value: "array": validation failed due to running out of cost budget, no further validation rules will be run$/,
    );
  });

  it('forgive what was wrong before and has not changed', () => {
    const schema = listed({ rule: 'self.size() < 2', message: 'too many' });
    const old = { list: ['a', 'b'], other: 1 };
    const next = { list: ['a', 'b'], other: 2 };
    const { errors, warnings } = judged(schema, next, old, new Correlation(next, old, schema));
    expect(errors).toEqual([]);
    expect(told(warnings)).toEqual(['list | Invalid value: too many']);
    const worse = { list: ['a', 'b', 'c'] };
    expect(messages(judged(schema, worse, old, new Correlation(worse, old, schema)))).toEqual([
      'list | Invalid value: too many',
    ]);
  });

  it('see what an element of a map was by its keys, wherever it stood', () => {
    const schema = listed(
      { rule: 'true' },
      {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: {
          type: 'object',
          properties: {
            name: { type: 'string' },
            size: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self >= oldSelf', message: 'never less' }] },
          },
        },
      },
    );
    const one = (name: string, size: number) => ({ name, size });
    const old = { list: [one('a', 1), one('b', 5)] };
    const next = { list: [one('b', 4), one('a', 2), one('c', 0)] };
    expect(messages(judged(schema, next, old, new Correlation(next, old, schema)))).toEqual([
      'list[0].size | Invalid value: 4: never less',
    ]);
  });
});
