import {
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  notSupported,
  required,
} from '@binnacle/machinery-validation';
import { each, oneOf, validatePlainMeta } from '@binnacle/apis-registry';
import type { Steps } from '@binnacle/machinery-context';
import type { MatchResources, MutatingAdmissionPolicy, MutatingAdmissionPolicySpec, Mutation } from '../index.js';
import { declareVariables, validatePolicyConditions, validatePolicySpec } from '../policies.js';
import { REINVOCATION_POLICIES } from '../webhooks.js';

const SPEC = fieldPath('spec');
const PATCH_TYPES = ['ApplyConfiguration', 'JSONPatch'];
/** What goes away cannot be changed. */
const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'UPDATE'];

type PatchType = 'ApplyConfiguration' | 'JSONPatch';

/** The field that goes with each type of patch, and the one that does not. */
const FIELDS = {
  ApplyConfiguration: ['applyConfiguration', 'jsonPatch'],
  JSONPatch: ['jsonPatch', 'applyConfiguration'],
} as const;

/**
 * The expression must be there. Unlike upstream's it is not compiled: it makes objects (`Object{…}`, `JSONPatch{…}`), which
 * this CEL cannot yet.
 */
function validatePatch(mutation: Mutation, type: PatchType, path: FieldPath): FieldError[] {
  const [field, other] = FIELDS[type];
  const patch = mutation[field];
  const at = path.child(field);
  const missing = patch?.expression?.trim() ? [] : [required(at.child('expression'))];
  return [
    ...(patch ? missing : [required(at, `must be specified when patchType is ${type}`)]),
    ...(mutation[other]
      ? [invalid(path.child(other), `{${other}}`, `must not be specified when patchType is ${type}`)]
      : []),
  ];
}

function validateMutation(mutation: Mutation, path: FieldPath): FieldError[] {
  const { patchType: type } = mutation;
  if (type === 'JSONPatch' || type === 'ApplyConfiguration') return validatePatch(mutation, type, path);
  return oneOf(type, path.child('patchType'), PATCH_TYPES);
}

function validateOperations({ resourceRules = [] }: MatchResources): FieldError[] {
  const path = SPEC.child('matchConstraints', 'resourceRules').child('operations');
  return resourceRules
    .flatMap(({ operations = [] }) => operations)
    .filter((operation) => !OPERATIONS.includes(operation))
    .map((operation) => notSupported(path, operation, OPERATIONS));
}

function validateMutations({ mutations }: MutatingAdmissionPolicySpec): FieldError[] {
  const path = SPEC.child('mutations');
  if (!mutations?.length) return [required(path, 'mutations must contain at least one item')];
  return each(mutations, path, validateMutation);
}

/** Behaves as kubernetes pkg/apis/admissionregistration/validation validateMutatingAdmissionPolicy. */
export function* validateMutatingPolicy(policy: MutatingAdmissionPolicy): Steps<FieldError[]> {
  const { spec = {} } = policy;
  const { errors } = yield* declareVariables(spec, SPEC.child('variables'));
  return [
    ...validatePlainMeta(policy, false),
    ...validatePolicySpec(spec, SPEC),
    ...validateOperations(spec.matchConstraints ?? {}),
    ...validatePolicyConditions(spec, SPEC),
    ...errors,
    ...validateMutations(spec),
    ...oneOf(spec.reinvocationPolicy, SPEC.child('reinvocationPolicy'), REINVOCATION_POLICIES),
  ];
}
