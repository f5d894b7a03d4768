import { type FieldError, fieldPath, validateImmutable, validateNonNegative } from '@binnacle/machinery-validation';
import { validateReplicatedTemplate } from '../../../core/v1/pod/template-validation.js';
import {
  validateReplicaCounts,
  validateRequiredSelector,
  validateMeta,
  validateStatusMeta,
} from '@binnacle/apis-registry';
import type { ReplicaSet, ReplicaSetSpec } from '../index.js';

const SPEC = fieldPath('spec');
const STATUS = fieldPath('status');

/** Behaves as kubernetes pkg/apis/apps/validation ValidateReplicaSet. */
export function validateReplicaSet(set: ReplicaSet): FieldError[] {
  const spec: Partial<ReplicaSetSpec> = set.spec ?? {};
  return [
    ...validateMeta(set, true),
    ...validateNonNegative(spec.replicas, SPEC.child('replicas')),
    ...validateNonNegative(spec.minReadySeconds, SPEC.child('minReadySeconds')),
    ...validateRequiredSelector(spec.selector, SPEC.child('selector')),
    ...validateReplicatedTemplate(spec.template, spec.selector, SPEC.child('template'), 'ReplicaSet'),
  ];
}

export function validateReplicaSetUpdate(next: ReplicaSet, old: ReplicaSet): FieldError[] {
  return validateImmutable(next.spec?.selector, old.spec?.selector, SPEC.child('selector'));
}

const WITHIN_REPLICAS = ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'];
const COUNTS = ['replicas', ...WITHIN_REPLICAS, 'observedGeneration'];

export function validateReplicaSetStatusUpdate(next: ReplicaSet): FieldError[] {
  return [
    ...validateStatusMeta(next.metadata),
    ...validateReplicaCounts({ ...next.status }, STATUS, COUNTS, WITHIN_REPLICAS),
  ];
}
