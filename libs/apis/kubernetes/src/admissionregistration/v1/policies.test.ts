import { describe, expect, it } from 'vitest';
import { type ResourceDefinition, rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import { finished } from '@binnacle/machinery-context';
import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicySpec,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingAdmissionPolicyBindingSpec,
  ValidatingAdmissionPolicySpec,
  ValidatingAdmissionPolicyStatus,
} from './index.js';
import { mutatingAdmissionPolicies } from './mutating-admission-policy/definition.js';
import { mutatingAdmissionPolicyBindings } from './mutating-admission-policy-binding/definition.js';
import { validatingAdmissionPolicies } from './validating-admission-policy/definition.js';
import { validatingAdmissionPolicyBindings } from './validating-admission-policy-binding/definition.js';

const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

const pods = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
const matchConstraints = { resourceRules: [pods] };
const apiVersion = 'admissionregistration.k8s.io/v1';
const policy = (spec: ValidatingAdmissionPolicySpec = {}): ValidatingAdmissionPolicy => ({
  apiVersion,
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name: 'x.example.com' },
  spec: { matchConstraints, validations: [{ expression: 'object.spec.replicas <= 5' }], ...spec },
});
const problems = (spec: ValidatingAdmissionPolicySpec) =>
  texts(rehearseCreate(validatingAdmissionPolicies, policy(spec)).errors);
const paramKind = { apiVersion: 'v1', kind: 'ConfigMap' };

describe('a ValidatingAdmissionPolicy', () => {
  it('refuses where it fails, and looks at all namespaces and objects', () => {
    const { object } = rehearseCreate(validatingAdmissionPolicies, policy());
    expect(object.spec).toMatchObject({
      failurePolicy: 'Fail',
      matchConstraints: {
        matchPolicy: 'Equivalent',
        namespaceSelector: {},
        objectSelector: {},
        resourceRules: [{ ...pods, scope: '*' }],
      },
    });
    expect(object.metadata.generation).toBe(1);
  });

  it.each<[reason: string, ValidatingAdmissionPolicySpec, expected: string[]]>([
    ['may have parameters', { paramKind, validations: [{ expression: 'object.x == params.x' }] }, []],
    [
      'knows parameters of a kind only',
      { validations: [{ expression: 'object.x == params.x' }] },
      [expect.stringContaining("undeclared reference to 'params'")],
    ],
    [
      'names a kind',
      { paramKind: {} },
      ['spec.paramKind.apiVersion: Required value', 'spec.paramKind.kind: Required value'],
    ],
    [
      'names a kind that may be',
      { paramKind: { apiVersion: 'Rules!/1', kind: '5' } },
      [
        expect.stringContaining('spec.paramKind.apiVersion: Invalid value: "Rules!": a lowercase RFC 1123 subdomain'),
        expect.stringContaining('spec.paramKind.apiVersion: Invalid value: "1": a DNS-1035 label'),
        expect.stringContaining(
          'spec.paramKind.kind: Invalid value: "5": may have mixed case, but should otherwise match',
        ),
      ],
    ],
    [
      'names one version',
      { paramKind: { apiVersion: 'a/b/c', kind: 'Rule' } },
      ['spec.paramKind.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c'],
    ],
    ['looks at something', { matchConstraints: {} }, ['spec.matchConstraints.resourceRules: Required value']],
    [
      'looks at each name once',
      { matchConstraints: { resourceRules: [{ ...pods, resourceNames: ['a', 'a', 'b/c'] }] } },
      [
        `spec.matchConstraints.resourceRules[0].resourceNames[2]: Invalid value: "b/c": may not contain '/'`,
        'spec.matchConstraints.resourceRules[0].resourceNames[1]: Duplicate value: "a"',
      ],
    ],
    [
      'judges or notes',
      { validations: [] },
      [
        'spec.validations: Required value: validations or auditAnnotations must contain at least one item',
        'spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item',
      ],
    ],
    [
      'judges by something',
      { validations: [{ expression: ' ' }] },
      ['spec.validations[0].expression: Required value: expression is not specified'],
    ],
    [
      'judges yes or no',
      { validations: [{ expression: '1' }] },
      ['spec.validations[0].expression: Invalid value: "1": must evaluate to bool but got int'],
    ],
    [
      'says why in one line, or works it out',
      {
        validations: [
          { expression: 'true', message: 'a\nb', messageExpression: "'a' + request.name" },
          { expression: 'true', message: ' ', messageExpression: ' ' },
          { expression: 'true', messageExpression: '1', reason: 'Because' },
          { expression: 'true', messageExpression: "string(authorizer.path('/').check('get').allowed())" },
        ],
      },
      [
        String.raw`spec.validations[0].message: Invalid value: "a\nb": must not contain line breaks`,
        'spec.validations[1].messageExpression: Invalid value: " ": must be non-empty if specified',
        'spec.validations[1].message: Invalid value: " ": must be non-empty if specified',
        'spec.validations[2].messageExpression: Invalid value: "1": must evaluate to string but got int',
        'spec.validations[2].reason: Unsupported value: "Because": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge"',
        expect.stringContaining("undeclared reference to 'authorizer'"),
      ],
    ],
    [
      'sees the namespace and the request as they are',
      {
        validations: [
          { expression: "namespaceObject.metadata.labels['a'] == 'b' && request.kind.kind == 'Pod'" },
          { expression: 'namespaceObject.metadata.nothing == 1' },
        ],
      },
      [expect.stringContaining("undefined field 'nothing'")],
    ],
    [
      'has variables that see those before them',
      {
        variables: [
          { name: 'image', expression: 'object.spec.image' },
          { name: 'long', expression: 'size(string(variables.image)) > 5' },
        ],
        validations: [{ expression: 'variables.long' }, { expression: 'variables.other' }],
      },
      [expect.stringContaining("undefined field 'other'")],
    ],
    [
      'has variables with names and values',
      {
        variables: [
          { name: 'in', expression: 'true' },
          { name: '', expression: '' },
        ],
      },
      [
        'spec.variables[0].name: Invalid value: "in": must be a valid CEL identifier',
        'spec.variables[1].name: Required value: name is not specified',
        'spec.variables[1].expression: Required value: expression is not specified',
      ],
    ],
    [
      'notes texts under keys of its own, each once',
      {
        validations: [],
        auditAnnotations: [
          { key: 'a', valueExpression: "'x'" },
          { key: 'a', valueExpression: 'null' },
          { key: 'b c', valueExpression: '1' },
          { key: 'd', valueExpression: ' ' },
        ],
      },
      [
        expect.stringContaining('spec.auditAnnotations[2].key: Invalid value: "x.example.com/b c": name part'),
        'spec.auditAnnotations[2].valueExpression: Invalid value: "1": must evaluate to one of [string null_type] but got int',
        'spec.auditAnnotations[3].valueExpression: Required value: valueExpression is not specified',
        'spec.auditAnnotations[1].key: Duplicate value: "a"',
      ],
    ],
  ])('%s', (_reason, spec, expected) => expect(problems(spec)).toEqual(expected));

  it.each<[reason: string, ValidatingAdmissionPolicyStatus, expected: string[]]>([
    [
      'tells what may be wrong where',
      { typeChecking: { expressionWarnings: [{ fieldRef: 'spec.validations[0].expression', warning: 'w' }] } },
      [],
    ],
    [
      'tells it of some place',
      {
        typeChecking: {
          expressionWarnings: [
            { fieldRef: '', warning: '' },
            { fieldRef: 'spec.a[', warning: 'w' },
          ],
        },
      },
      [
        'status.typeChecking.expressionWarnings[0].warning: Required value',
        'status.typeChecking.expressionWarnings[0].fieldRef: Required value',
        expect.stringContaining(
          'status.typeChecking.expressionWarnings[1].fieldRef: Invalid value: "spec.a[": invalid JSONPath',
        ),
      ],
    ],
    [
      'has whole conditions, one of each type',
      {
        conditions: [
          { type: 'A', status: 'Maybe', reason: '', message: '', lastTransitionTime: '', observedGeneration: -1 },
          { type: 'A', status: 'True', reason: 'R-', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
        ],
      },
      [
        'status.conditions[0].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"',
        'status.conditions[0].observedGeneration: Invalid value: -1: must be greater than or equal to zero',
        'status.conditions[0].lastTransitionTime: Required value',
        'status.conditions[0].reason: Required value',
        'status.conditions[1].type: Duplicate value: "A"',
        expect.stringContaining('status.conditions[1].reason: Invalid value: "R-": a condition reason must'),
      ],
    ],
  ])('its status %s', (_reason, status, expected) => {
    const { strategy } = validatingAdmissionPolicies;
    const found = strategy.validateStatusUpdate?.({ ...policy(), status } as never, policy() as never) ?? [];
    expect(texts(finished(found))).toEqual(expected);
  });

  it('keeps all but the status of a writer of the status', () => {
    const { object: old } = rehearseCreate(validatingAdmissionPolicies, policy());
    const next: ValidatingAdmissionPolicy = {
      ...policy({ failurePolicy: 'Ignore' }),
      status: { observedGeneration: 1 },
    };
    const { object } = rehearseStatusUpdate(validatingAdmissionPolicies, next, old);
    expect(object).toEqual({ ...old, status: { observedGeneration: 1 } });
  });
});

describe('a binding', () => {
  const bound = (spec: Partial<ValidatingAdmissionPolicyBindingSpec> = {}): ValidatingAdmissionPolicyBinding => ({
    apiVersion,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'x' },
    spec: { policyName: 'p', validationActions: ['Deny'], ...spec },
  });

  it.each<[reason: string, Partial<ValidatingAdmissionPolicyBindingSpec>, expected: string[]]>([
    ['may be narrower', { matchResources: { resourceRules: [pods] } }, []],
    ['is of a policy', { policyName: '' }, ['spec.policyName: Required value']],
    [
      'does something',
      { validationActions: [] },
      ['spec.validationActions: Required value: at least one validation action is required'],
    ],
    [
      'does known things once, and does not say the same twice',
      { validationActions: ['Deny', 'Warn', 'Warn', 'Shout'] },
      [
        'spec.validationActions[2]: Duplicate value: "Warn"',
        'spec.validationActions[3]: Unsupported value: "Shout": supported values: "Audit", "Deny", "Warn"',
        expect.stringContaining(
          'spec.validationActions: Invalid value: ["Deny","Warn","Warn","Shout"]: must not contain both',
        ),
      ],
    ],
    [
      'has parameters that are found',
      { paramRef: {} },
      [
        'spec.paramRef: Required value: one of name or selector must be specified',
        'spec.paramRef.parameterNotFoundAction: Required value',
      ],
    ],
    [
      'finds parameters in one way',
      { paramRef: { name: 'a/b', selector: {}, parameterNotFoundAction: 'Cry' } },
      [
        `spec.paramRef.name: Invalid value: "a/b": may not contain '/'`,
        'spec.paramRef.name: Forbidden: name and selector are mutually exclusive',
        'spec.paramRef.selector: Forbidden: name and selector are mutually exclusive',
        'spec.paramRef.parameterNotFoundAction: Unsupported value: "Cry": supported values: "Deny", "Allow"',
      ],
    ],
  ])('%s', (_reason, spec, expected) => {
    expect(texts(rehearseCreate(validatingAdmissionPolicyBindings, bound(spec)).errors)).toEqual(expected);
  });

  it('of a policy that changes objects needs no action', () => {
    const { spec: _, ...rest } = bound();
    const mutating = { ...rest, kind: 'MutatingAdmissionPolicyBinding', spec: { policyName: 'p' } };
    expect(rehearseCreate(mutatingAdmissionPolicyBindings, mutating).errors).toEqual([]);
  });

  it.each([
    [{}, '<unset>'],
    [{ paramRef: { name: 'a' } }, '*/a'],
    [{ paramRef: { name: 'a', namespace: 'ns' } }, 'ns/a'],
    [
      { paramRef: { selector: { matchLabels: { a: 'b' } } } },
      '&LabelSelector{MatchLabels:map[string]string{a: b,},MatchExpressions:[]LabelSelectorRequirement{},}',
    ],
  ])('with %j shows %s', (spec, shown) => {
    const { printer } =
      validatingAdmissionPolicyBindings as unknown as ResourceDefinition<ValidatingAdmissionPolicyBinding>;
    expect(printer.row(bound(spec), 0).slice(0, 3)).toEqual(['x', 'p', shown]);
  });
});

describe('a MutatingAdmissionPolicy', () => {
  const mutations = [{ patchType: 'JSONPatch', jsonPatch: { expression: '[JSONPatch{op: "remove", path: "/a"}]' } }];
  const changing = (spec: MutatingAdmissionPolicySpec = {}): MutatingAdmissionPolicy => ({
    apiVersion,
    kind: 'MutatingAdmissionPolicy',
    metadata: { name: 'x' },
    spec: { matchConstraints, mutations, reinvocationPolicy: 'Never', ...spec },
  });

  it.each<[reason: string, MutatingAdmissionPolicySpec, expected: string[]]>([
    ['may patch', {}, []],
    [
      'changes something',
      { mutations: [] },
      ['spec.mutations: Required value: mutations must contain at least one item'],
    ],
    [
      'changes nothing that goes away',
      { matchConstraints: { resourceRules: [{ ...pods, operations: ['DELETE'] }] } },
      [
        'spec.matchConstraints.resourceRules.operations: Unsupported value: "DELETE": supported values: "*", "CONNECT", "CREATE", "UPDATE"',
      ],
    ],
    [
      'changes by the patch it names',
      {
        mutations: [
          { patchType: 'JSONPatch', applyConfiguration: { expression: 'Object{}' } },
          { patchType: 'ApplyConfiguration', applyConfiguration: { expression: '' } },
          { patchType: '' },
          { patchType: 'Magic' },
        ],
      },
      [
        'spec.mutations[0].jsonPatch: Required value: must be specified when patchType is JSONPatch',
        'spec.mutations[0].applyConfiguration: Invalid value: "{applyConfiguration}": must not be specified when patchType is JSONPatch',
        'spec.mutations[1].applyConfiguration.expression: Required value',
        'spec.mutations[2].patchType: Required value',
        'spec.mutations[3].patchType: Unsupported value: "Magic": supported values: "ApplyConfiguration", "JSONPatch"',
      ],
    ],
    [
      'says whether it is asked again',
      { reinvocationPolicy: 'Often' },
      ['spec.reinvocationPolicy: Unsupported value: "Often": supported values: "IfNeeded", "Never"'],
    ],
  ])('%s', (_reason, spec, expected) => {
    expect(texts(rehearseCreate(mutatingAdmissionPolicies, changing(spec)).errors)).toEqual(expected);
  });

  it('counts its changes and shows its parameters', () => {
    const { object: old } = rehearseCreate(mutatingAdmissionPolicies, changing());
    const { object } = rehearseUpdate(mutatingAdmissionPolicies, changing({ paramKind }), old);
    expect(object.metadata.generation).toBe(2);
    expect(mutatingAdmissionPolicies.printer.row(object as never, 0).slice(0, 3)).toEqual(['x', 1, 'v1/ConfigMap']);
  });
});
