import type { ValidatingAdmissionPolicy } from '@binnacle/apis-kubernetes/admissionregistration/v1';
import { describe, expect, test } from 'vitest';
import { type Schema, SchemaTypes } from './schema-type.js';
import { byName, type CheckedType, expressionWarnings } from './type-check.js';
import { resourcesToCheck } from './types-to-check.js';

type Spec = NonNullable<ValidatingAdmissionPolicy['spec']>;
const policy = (spec: Spec): ValidatingAdmissionPolicy => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name: 'p' },
  spec,
});
const rule = (apiGroups: string[], apiVersions: string[], resources: string[]) => ({
  apiGroups,
  apiVersions,
  resources,
  operations: ['*'],
});
const about = (...resourceRules: object[]) => policy({ matchConstraints: { resourceRules } } as Spec);
const names = (one: ValidatingAdmissionPolicy) =>
  resourcesToCheck(one).map(({ group, version, resource }) => `${group}/${version}/${resource}`);

describe('which types are looked at', () => {
  test.each<[string, ValidatingAdmissionPolicy, string[]]>([
    ['none where it is about nothing', policy({}), []],
    [
      'those it names',
      about(rule(['apps'], ['v1'], ['deployments', 'daemonsets'])),
      ['apps/v1/daemonsets', 'apps/v1/deployments'],
    ],
    ['those of the core', about(rule([''], ['v1'], ['pods'])), ['/v1/pods']],
    ['none of all of a group', about(rule(['apps'], ['v1'], ['*'])), []],
    ['no subresources', about(rule(['apps'], ['v1'], ['deployments/*', 'deployments/scale'])), []],
    ['none of all versions', about(rule(['apps'], ['*'], ['deployments'])), []],
    ['none of all groups', about(rule(['*'], ['v1'], ['deployments'])), []],
    [
      'each once',
      about(
        rule(['apps'], ['v1'], ['deployments']),
        rule(['apps'], ['v1', '*'], ['pods']),
        rule(['apps'], ['v1'], ['deployments']),
      ),
      ['apps/v1/deployments'],
    ],
  ])('%s', (_, one, expected) => expect(names(one)).toEqual(expected));
});

const typed = (schema: Schema, of: Partial<CheckedType> = {}): CheckedType => ({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  object: new SchemaTypes({}).resource({ type: 'object', ...schema }),
  ...of,
});
const FOO: Schema = { properties: { foo: { type: 'string' } } };
const check = (expressions: string[], types: CheckedType[] = [typed(FOO)], more: Partial<Spec> = {}) =>
  expressionWarnings(policy({ validations: expressions.map((expression) => ({ expression })), ...more }), types);

describe('an expression', () => {
  test.each<[string, string, Schema]>([
    ['is right', "object.foo == 'bar'", FOO],
    ['asks what nobody knows', 'object.what == 1', { properties: { what: {} } }],
    ['asks the name of whatever it is', "object.metadata.name == 'x' && object.kind != ''", {}],
    [
      'compares a number or text',
      "object.n == 1 || object.n == '50%'",
      { properties: { n: { format: 'int-or-string' } } },
    ],
    [
      'looks into lists and maps',
      "object.l.all(x, x.a > 1) && object.m['k'] == 'v'",
      {
        properties: {
          l: { type: 'array', items: { type: 'object', properties: { a: { type: 'integer' } } } },
          m: { type: 'object', additionalProperties: { type: 'string' } },
        },
      },
    ],
    ['asks for rights', "authorizer.group('').resource('endpoints').check('create').allowed()", {}],
    [
      'compares times',
      "object.t < timestamp('2026-01-01T00:00:00Z')",
      { properties: { t: { type: 'string', format: 'date-time' } } },
    ],
  ])('%s', (_, expression, schema) => expect(check([expression], [typed(schema)])).toEqual([]));

  test('that names a field there is not is told where', () => {
    const [warning] = check(["object.foo == 'bar'", "object.bar == 'x'"]);
    expect(warning?.fieldRef).toBe('spec.validations[1].expression');
    expect(warning?.warning).toMatch(/^apps\/v1, Kind=Deployment: ERROR: <input>:1:7: undefined field 'bar'\n/);
    expect(warning?.warning.endsWith('\n')).toBe(true);
  });

  test.each([
    ['of another type', 'object.foo == 1', 'found no matching overload'],
    ['that asks an authorizer what it cannot say', 'authorizer.allowed()', 'found no matching overload'],
    ['that asks an old object', "oldObject.bar == 'x'", "undefined field 'bar'"],
  ])('%s is told', (_, expression, why) => expect(check([expression])[0]?.warning).toContain(why));

  test('that makes a message is looked at, too', () => {
    const validations = [{ expression: 'true', messageExpression: 'object.foo + 1' }];
    expect(expressionWarnings(policy({ validations }), [typed(FOO)])[0]?.fieldRef).toBe(
      'spec.validations[0].messageExpression',
    );
  });

  test('is looked at for each type, in order', () => {
    const core = typed({}, { group: '', kind: 'Pod' });
    const [warning] = check(["object.bar == 'x'"], [typed(FOO), core].sort(byName));
    expect(warning?.warning.split('\n').filter((line) => line.includes('Kind='))).toEqual([
      expect.stringMatching(/^\/v1, Kind=Pod: /),
      expect.stringMatching(/^apps\/v1, Kind=Deployment: /),
    ]);
  });

  test('sees parameters and variables as what they are', () => {
    const withParams = typed(FOO, { params: new SchemaTypes({}).resource({ type: 'object', ...FOO }) });
    expect(check(['object.foo == params.bar'], [withParams])[0]?.warning).toContain("undefined field 'bar'");
    const variables = [{ name: 'f', expression: 'object.foo' }];
    expect(check(["variables.f == 'x'"], [typed(FOO)], { variables })).toEqual([]);
    expect(check(['variables.f == 1'], [typed(FOO)], { variables })[0]?.warning).toContain(
      'found no matching overload',
    );
  });
});

test('a schema that is part of itself ends', () => {
  const schemas = {
    Node: { type: 'object', properties: { next: { $ref: '#/components/schemas/Node' }, name: { type: 'string' } } },
  };
  const object = new SchemaTypes(schemas).resource({ allOf: [{ $ref: '#/components/schemas/Node' }] });
  expect(check(['object.name == object.next.name && object.next.next.anything == 1'], [typed({}, { object })])).toEqual(
    [],
  );
});
