import {
  type FieldError,
  fieldPath,
  nameIsLongName,
  required,
  validateNonNegative,
} from '@binnacle/machinery-validation';
import { validateReplicaCounts, validateMeta, validateStatusMeta } from '@binnacle/apis-registry';
import type { ReplicationController } from '../index.js';
import { validateReplicatedTemplate } from '../pod/template-validation.js';

const SPEC = fieldPath('spec');
const STATUS = fieldPath('status');

/** Behaves as kubernetes ValidateReplicationController. */
export function validateReplicationController(controller: ReplicationController): FieldError[] {
  const { minReadySeconds, replicas, selector = {}, template } = controller.spec ?? {};
  const empty = Object.keys(selector).length === 0;
  const matching = { matchLabels: selector };
  return [
    ...validateMeta(controller, true, nameIsLongName),
    ...validateNonNegative(minReadySeconds, SPEC.child('minReadySeconds')),
    ...(empty ? [required(SPEC.child('selector'))] : []),
    ...validateNonNegative(replicas, SPEC.child('replicas')),
    ...validateReplicatedTemplate(template, matching, SPEC.child('template'), 'ReplicationController'),
  ];
}

const WITHIN_REPLICAS = ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'];
const COUNTS = ['replicas', ...WITHIN_REPLICAS, 'observedGeneration'];

export function validateReplicationControllerStatusUpdate(next: ReplicationController): FieldError[] {
  return [
    ...validateStatusMeta(next.metadata),
    ...validateReplicaCounts({ ...next.status }, STATUS, COUNTS, WITHIN_REPLICAS),
  ];
}
