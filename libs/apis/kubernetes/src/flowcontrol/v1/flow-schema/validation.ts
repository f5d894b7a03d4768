import {
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  invalidEach,
  nameIsDnsSubdomain,
  notSupported,
  required,
  semanticEqual,
} from '@binnacle/machinery-validation';
import { each, optional, validateMeta } from '@binnacle/apis-registry';
import { mandatoryFlowSchemas } from '../bootstrap/index.js';
import { validateConditions } from '../conditions.js';
import type { FlowSchema, FlowSchemaSpec, PolicyRulesWithSubjects } from '../index.js';
import { EXEMPT } from '../names.js';
import { validateNonResourceRule, validateResourceRule } from './rules.js';
import { validateSubject } from './subjects.js';

const SPEC = fieldPath('spec');
const HIGHEST_PRECEDENCE = 10_000;
const METHODS = ['ByNamespace', 'ByUser'];

function validatePrecedence(name: string, precedence: number): FieldError[] {
  const path = SPEC.child('matchingPrecedence');
  if (precedence <= 0) return [invalid(path, precedence, 'must be a positive value')];
  if (precedence > HIGHEST_PRECEDENCE)
    return [invalid(path, precedence, `must not be greater than ${HIGHEST_PRECEDENCE}`)];
  if (precedence > 1 || name === EXEMPT) return [];
  return [invalid(path, precedence, "only the schema named 'exempt' may have matchingPrecedence 1")];
}

function validateLevelName(name: string, path: FieldPath): FieldError[] {
  if (!name) return [required(path, 'must reference a priority level')];
  return invalidEach(path, name, nameIsDnsSubdomain(name, false));
}

function validatePolicyRules(rule: PolicyRulesWithSubjects, path: FieldPath): FieldError[] {
  const { subjects = [], resourceRules = [], nonResourceRules = [] } = rule;
  const isEmpty = resourceRules.length === 0 && nonResourceRules.length === 0;
  const empty = 'at least one of resourceRules and nonResourceRules has to be non-empty';
  const nobody = 'subjects must contain at least one value';
  return [
    ...(subjects.length === 0 ? [required(path.child('subjects'), nobody)] : []),
    ...each(subjects, path.child('subjects'), validateSubject),
    ...(isEmpty ? [required(path, empty)] : []),
    ...each(resourceRules, path.child('resourceRules'), validateResourceRule),
    ...each(nonResourceRules, path.child('nonResourceRules'), validateNonResourceRule),
  ];
}

function validateSpec(name: string, spec: FlowSchemaSpec): FieldError[] {
  return [
    ...validatePrecedence(name, spec.matchingPrecedence ?? 0),
    ...optional(spec.distinguisherMethod, SPEC.child('distinguisherMethod'), (method, path) =>
      METHODS.includes(method.type) ? [] : [notSupported(path.child('type'), method, METHODS)],
    ),
    ...validateLevelName(spec.priorityLevelConfiguration?.name ?? '', SPEC.child('priorityLevelConfiguration', 'name')),
    ...each(spec.rules, SPEC.child('rules'), validatePolicyRules),
  ];
}

function validateMandatory(name: string, spec: FlowSchemaSpec): FieldError[] {
  const fixed = mandatoryFlowSchemas.find(({ metadata }) => metadata.name === name);
  if (!fixed || semanticEqual(spec, fixed.spec)) return [];
  return [invalid(SPEC, spec, `spec of '${name}' must equal the fixed value`)];
}

/** Behaves as kubernetes pkg/apis/flowcontrol/validation ValidateFlowSchema. */
export function validateFlowSchema(schema: FlowSchema): FieldError[] {
  const { metadata, spec = { priorityLevelConfiguration: { name: '' } }, status } = schema;
  const { name = '' } = metadata;
  return [
    ...validateMeta(schema, false),
    ...validateSpec(name, spec),
    ...validateMandatory(name, spec),
    ...validateConditions(status?.conditions),
  ];
}
