import {
  type FieldError,
  type FieldPath,
  invalid,
  isDns1035Label,
  isDns1123Subdomain,
  required,
} from '@binnacle/machinery-validation';
import type { CelType } from '@binnacle/machinery-cel';
import type { Steps } from '@binnacle/machinery-context';
import { oneOf, optional } from '@binnacle/apis-registry';
import { compileExpression, type Sight } from './expressions.js';
import type { MatchResources, ParamKind, Variable } from './index.js';
import { validateMatchConditions } from './match-conditions.js';
import { validateMatchResources } from './rules.js';
import { FAILURE_POLICIES } from './webhooks.js';

const IDENTIFIER = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
const RESERVED = new Set(
  (
    'true false null in as break const continue else for function if import let loop package namespace return var void ' +
    'while'
  ).split(' '),
);

/** What both kinds of policy say. */
export interface PolicySpec {
  readonly failurePolicy?: string;
  readonly matchConditions?: Parameters<typeof validateMatchConditions>[0];
  readonly matchConstraints?: MatchResources;
  readonly paramKind?: ParamKind;
  readonly variables?: readonly Variable[];
}

function validateParamVersion(apiVersion: string, path: FieldPath): FieldError[] {
  const parts = apiVersion.split('/');
  if (parts.length > 2) return [invalid(path, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)];
  const [version = '', group = ''] = [...parts].reverse();
  const groupFaults = group ? isDns1123Subdomain(group) : [];
  const versionFaults = version ? isDns1035Label(version) : [];
  return [
    ...(groupFaults.length > 0 ? [invalid(path, group, groupFaults.join(','))] : []),
    ...(version ? [] : [invalid(path, apiVersion, 'version must be specified')]),
    ...(versionFaults.length > 0 ? [invalid(path, version, versionFaults.join(','))] : []),
  ];
}

function validateParamName(kind: string, path: FieldPath): FieldError[] {
  const faults = isDns1035Label(kind.toLowerCase());
  if (faults.length === 0) return [];
  return [invalid(path, kind, `may have mixed case, but should otherwise match: ${faults.join(',')}`)];
}

function validateParamKind({ apiVersion = '', kind = '' }: ParamKind, path: FieldPath): FieldError[] {
  const [version, name] = [path.child('apiVersion'), path.child('kind')];
  return [
    ...(apiVersion ? validateParamVersion(apiVersion, version) : [required(version)]),
    ...(kind ? validateParamName(kind, name) : [required(name)]),
  ];
}

function validateConstraints(constraints: MatchResources | undefined, path: FieldPath): FieldError[] {
  if (!constraints) return [required(path)];
  const rules = constraints.resourceRules?.length ? [] : [required(path.child('resourceRules'))];
  return [...validateMatchResources(constraints, path), ...rules];
}

/** Behaves as what kubernetes validates of both kinds of policy before their own expressions. */
export function validatePolicySpec(spec: PolicySpec, path: FieldPath): FieldError[] {
  return [
    ...oneOf(spec.failurePolicy, path.child('failurePolicy'), FAILURE_POLICIES),
    ...optional(spec.paramKind, path.child('paramKind'), validateParamKind),
    ...validateConstraints(spec.matchConstraints, path.child('matchConstraints')),
  ];
}

/** Which requests a policy looks at, once what it is about is known. */
export function validatePolicyConditions(spec: PolicySpec, path: FieldPath): FieldError[] {
  return validateMatchConditions(spec.matchConditions, path.child('matchConditions'), spec.paramKind !== undefined);
}

function validateVariableName(name = '', path: FieldPath): FieldError[] {
  if (name.trim() === '') return [required(path, 'name is not specified')];
  const identifier = IDENTIFIER.test(name) && !RESERVED.has(name);
  return identifier ? [] : [invalid(path, name, 'must be a valid CEL identifier')];
}

export interface DeclaredVariables {
  readonly errors: FieldError[];
  /** What the other expressions of the policy see. */
  readonly sight: Sight;
}

/** Each variable sees those before it; whatever does not compile may be anything. There may be thousands: one is a step. */
export function* declareVariables(
  { variables = [], paramKind }: PolicySpec,
  path: FieldPath,
): Steps<DeclaredVariables> {
  const declared = new Map<string, CelType>();
  const errors: FieldError[] = [];
  const visible = { params: paramKind !== undefined, authorizer: true };
  for (const [index, { name, expression = '' }] of variables.entries()) {
    const [at, text] = [path.index(index), path.index(index).child('expression')];
    errors.push(...validateVariableName(name, at.child('name')));
    if (expression.trim() === '') {
      errors.push(required(text, 'expression is not specified'));
      continue;
    }
    const compiled = compileExpression(expression, text, { ...visible, variables: declared }, []);
    errors.push(...compiled.errors);
    if (name) declared.set(name, compiled.type);
    yield;
  }
  return { errors, sight: { ...visible, ...(variables.length > 0 && { variables: declared }) } };
}
