import {
  type FieldError,
  type FieldPath,
  invalid,
  notSupported,
  required,
  tooLong,
  validateDomainPrefixedPath,
  validateNonNegative,
} from '@binnacle/machinery-validation';
import { optional } from '@binnacle/apis-registry';
import { validatePodTemplate } from '../../../core/v1/pod/template-validation.js';
import type { JobSpec } from '../index.js';
import { validateIndexed, validateNonIndexed } from './index-mode-validation.js';
import { validateFailurePolicy, validateReplacementPolicy, validateSuccessPolicy } from './policy-validation.js';

const COUNTS = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
] as const;
const MODES = ['NonIndexed', 'Indexed'];
const MOST_MANAGER_BYTES = 63;

function validateCounts(spec: JobSpec, path: FieldPath): FieldError[] {
  const errors = COUNTS.flatMap((field) => validateNonNegative(spec[field], path.child(field)));
  if (spec.maxFailedIndexes === undefined || spec.backoffLimitPerIndex !== undefined) return errors;
  return [...errors, required(path.child('backoffLimitPerIndex'), 'when maxFailedIndexes is specified')];
}

function validateManager(manager: string, path: FieldPath): FieldError[] {
  const errors = validateDomainPrefixedPath(manager, path);
  return manager.length > MOST_MANAGER_BYTES ? [...errors, tooLong(path, MOST_MANAGER_BYTES)] : errors;
}

function validateMode(spec: JobSpec, path: FieldPath): FieldError[] {
  const { completionMode = 'NonIndexed' } = spec;
  if (completionMode === 'NonIndexed') return validateNonIndexed(spec, path);
  if (completionMode === 'Indexed') return validateIndexed(spec, path);
  return [notSupported(path.child('completionMode'), completionMode, MODES)];
}

/** The Pods of a Job end some time. */
function validateRestarts(spec: JobSpec, path: FieldPath): FieldError[] {
  const { restartPolicy = '' } = spec.template.spec ?? {};
  if (restartPolicy === '' || restartPolicy === 'Always') return [required(path, 'valid values: "OnFailure", "Never"')];
  if (!['OnFailure', 'Never'].includes(restartPolicy))
    return [notSupported(path, restartPolicy, ['OnFailure', 'Never'])];
  if (!spec.podFailurePolicy || restartPolicy === 'Never') return [];
  return [invalid(path, restartPolicy, 'only "Never" is supported when podFailurePolicy is specified')];
}

/** What Jobs and the templates of CronJobs share. Behaves as kubernetes pkg/apis/batch/validation validateJobSpec. */
export function validateJobSpec(spec: JobSpec, path: FieldPath): FieldError[] {
  const template = path.child('template');
  return [
    ...validateCounts(spec, path),
    ...optional(spec.managedBy, path.child('managedBy'), validateManager),
    ...validateMode(spec, path),
    ...validateFailurePolicy(spec, path.child('podFailurePolicy')),
    ...validateSuccessPolicy(spec, path.child('successPolicy')),
    ...validateReplacementPolicy(spec, path.child('podReplacementPolicy')),
    ...validatePodTemplate(spec.template, template),
    ...validateRestarts(spec, template.child('spec', 'restartPolicy')),
  ];
}
