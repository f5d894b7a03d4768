import { fieldPath, semanticEqual } from '@binnacle/machinery-validation';
import { approvalOf, type Approval, isProtectedGroup } from '../crd/approval.js';
import {
  conditionOf,
  type CustomResourceDefinition,
  type CustomResourceDefinitionStatus,
  isTrue,
} from '../crd/types.js';
import { isCaBundle } from '@binnacle/apis-registry';
import { validateStructural } from '../schema/structural.js';
import { unsupportedConstruct } from '../schema/unsupported.js';
import { type NewCondition, withCondition, withoutCondition } from '../crd/conditions.js';
import { grantNames, hasItsNames, type TakenNames } from './names.js';

const WAITING: NewCondition = {
  type: 'Established',
  status: 'False',
  reason: 'NotAccepted',
  message: 'not all names are accepted',
};
const READY: NewCondition = {
  type: 'Established',
  status: 'True',
  reason: 'InitialNamesAccepted',
  message: 'the initial names have been accepted',
};
const BAD_BUNDLE: NewCondition = {
  type: 'Established',
  status: 'False',
  reason: 'InvalidCABundle',
  message: 'The conversion webhook CABundle is invalid',
};

/** Once established it stays so, whatever becomes of its names. */
function established(definition: CustomResourceDefinition, isAccepted: boolean): NewCondition | undefined {
  if (isTrue(definition, 'Established')) return undefined;
  if (!isAccepted) return conditionOf(definition, 'Established') ? undefined : WAITING;
  const bundle = definition.spec.conversion?.webhook?.clientConfig?.caBundle;
  return bundle && !isCaBundle(bundle) ? BAD_BUNDLE : READY;
}

const APPROVALS: Readonly<Record<Approval, Pick<NewCondition, 'status' | 'reason'>>> = {
  Approved: { status: 'True', reason: 'ApprovedAnnotation' },
  Bypassed: { status: 'False', reason: 'UnapprovedAnnotation' },
  Missing: { status: 'False', reason: 'MissingAnnotation' },
  Invalid: { status: 'False', reason: 'InvalidAnnotation' },
};

function approval({ spec, metadata }: CustomResourceDefinition): NewCondition | undefined {
  if (!isProtectedGroup(spec.group)) return undefined;
  const state = approvalOf(metadata.annotations);
  return { type: 'KubernetesAPIApprovalPolicyConformant', ...APPROVALS[state.approval], message: state.reason };
}

function violations({ spec }: CustomResourceDefinition): string[] {
  const preserve = spec.preserveUnknownFields ? ['spec.preserveUnknownFields: Invalid value: true: must be false'] : [];
  const structural = spec.versions.flatMap(({ schema }, index) => {
    const root = schema?.openAPIV3Schema;
    const path = fieldPath('spec', 'versions').index(index).child('schema', 'openAPIV3Schema');
    return root ? validateStructural(root, path).map(({ field, message }) => `${field}: ${message}`) : [];
  });
  return [...new Set([...preserve, ...structural])];
}

function nonStructural(definition: CustomResourceDefinition): NewCondition | undefined {
  const type = 'NonStructuralSchema';
  for (const { name, schema } of definition.spec.versions) {
    const problem = schema?.openAPIV3Schema && unsupportedConstruct(schema.openAPIV3Schema);
    const message = `failed to check validation schema for version ${name}: ${problem}`;
    if (problem) return { type, status: 'Unknown', reason: 'StructuralError', message };
  }
  const found = violations(definition);
  const message = found.length === 1 ? `${found[0]}` : `[${found.join(', ')}]`;
  return found.length > 0 ? { type, status: 'True', reason: 'Violations', message } : undefined;
}

function saysTheSame(definition: CustomResourceDefinition, { type, ...next }: NewCondition): boolean {
  const old = conditionOf(definition, type);
  return old?.status === next.status && old.reason === next.reason && old.message === next.message;
}

type Status = CustomResourceDefinitionStatus;

function withNames(definition: CustomResourceDefinition, taken: TakenNames, now: number): Status {
  const status = definition.status ?? {};
  if (hasItsNames(definition) && conditionOf(definition, 'NamesAccepted')) return status;
  const { names, condition } = grantNames(definition, taken);
  const unchanged = semanticEqual(names, status.acceptedNames) && saysTheSame(definition, condition);
  if (unchanged) return status;
  return { ...status, acceptedNames: names, conditions: [...withCondition(status.conditions ?? [], condition, now)] };
}

/**
 * What the server itself has to say of a definition: whether it has its names and is served, and whether its schemas and
 * its group are in order. Undefined where all is said. `taken`: names granted in its group, its own among them.
 * `now`: milliseconds.
 */
export function planStatus(definition: CustomResourceDefinition, taken: TakenNames, now: number): Status | undefined {
  let status = withNames(definition, taken, now);
  const set = (condition: NewCondition | undefined): void => {
    if (!condition || saysTheSame({ ...definition, status }, condition)) return;
    status = { ...status, conditions: [...withCondition(status.conditions ?? [], condition, now)] };
  };
  const current = { ...definition, status };
  set(established(current, isTrue(current, 'NamesAccepted')));
  set(approval(definition));
  const structure = nonStructural(definition);
  if (structure) set(structure);
  else if (conditionOf(definition, 'NonStructuralSchema')) {
    status = { ...status, conditions: [...withoutCondition(status.conditions ?? [], 'NonStructuralSchema')] };
  }
  return semanticEqual(status, definition.status) ? undefined : status;
}
