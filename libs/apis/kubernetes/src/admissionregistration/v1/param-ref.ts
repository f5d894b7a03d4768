import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalidEach,
  isPathSegmentName,
  nameIsDnsSubdomain,
  required,
  validateLabelSelector,
} from '@binnacle/machinery-validation';
import { optional, UNSET, validateSupported } from '@binnacle/apis-registry';
import type { LabelSelector } from '@binnacle/machinery-meta';
import type { MatchResources, ParamRef } from './index.js';
import { validateMatchResources } from './rules.js';

const EXCLUSIVE = 'name and selector are mutually exclusive';
const NOT_FOUND_ACTIONS = ['Deny', 'Allow'];

/** What both kinds of binding say. */
export interface BindingSpec {
  readonly policyName?: string;
  readonly paramRef?: ParamRef;
  readonly matchResources?: MatchResources;
}

function validateNotFound(action = '', path: FieldPath): FieldError[] {
  if (!action) return [required(path)];
  return validateSupported(action, path, NOT_FOUND_ACTIONS);
}

function validateParamRef({ name = '', selector, parameterNotFoundAction }: ParamRef, path: FieldPath): FieldError[] {
  const both = Boolean(name && selector);
  const where = path.child('selector');
  return [
    ...(name ? invalidEach(path.child('name'), name, isPathSegmentName(name)) : []),
    ...(both ? [forbidden(path.child('name'), EXCLUSIVE)] : []),
    ...validateLabelSelector(selector, where),
    ...(both ? [forbidden(where, EXCLUSIVE)] : []),
    ...(name || selector ? [] : [required(path, 'one of name or selector must be specified')]),
    ...validateNotFound(parameterNotFoundAction, path.child('parameterNotFoundAction')),
  ];
}

/** Behaves as what kubernetes validates of both kinds of binding. */
export function validateBindingSpec(
  { policyName = '', paramRef, matchResources }: BindingSpec,
  path: FieldPath,
): FieldError[] {
  const name = path.child('policyName');
  return [
    ...(policyName ? invalidEach(name, policyName, nameIsDnsSubdomain(policyName, false)) : [required(name)]),
    ...optional(paramRef, path.child('paramRef'), validateParamRef),
    ...optional(matchResources, path.child('matchResources'), validateMatchResources),
  ];
}

/** As Go prints a selector. */
function formatSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const labels = Object.keys(matchLabels)
    .sort()
    .map((key) => `${key}: ${matchLabels[key]},`);
  const expressions = matchExpressions.map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  );
  const shown = `MatchLabels:map[string]string{${labels.join('')}}`;
  return `&LabelSelector{${shown},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}

/** Which parameters a binding is about. */
export function formatParamRef({ paramRef }: BindingSpec): string {
  if (paramRef?.name) return `${paramRef.namespace || '*'}/${paramRef.name}`;
  return paramRef?.selector ? formatSelector(paramRef.selector) : UNSET;
}
