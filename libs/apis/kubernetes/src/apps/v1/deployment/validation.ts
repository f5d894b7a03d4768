import {
  type FieldError,
  type FieldPath,
  fieldPath,
  forbidden,
  invalid,
  notSupported,
  required,
  validateImmutable,
  validateNonNegative,
} from '@binnacle/machinery-validation';
import type { IntOrString } from '@binnacle/machinery-meta';
import { validateReplicatedTemplate } from '../../../core/v1/pod/template-validation.js';
import {
  validateAtMost100Percent,
  validateCollisionCount,
  validateIntOrPercent,
  validateReplicaCounts,
  validateRequiredSelector,
  validateMeta,
  validateStatusMeta,
} from '@binnacle/apis-registry';
import type { Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment } from '../index.js';

const SPEC = fieldPath('spec');
const STATUS = fieldPath('status');
const STRATEGIES = ['Recreate', 'RollingUpdate'];

const isZero = (value: IntOrString): boolean => /^0+%?$/.test(String(value));

function validateRollingUpdate(
  { maxUnavailable = 0, maxSurge = 0 }: RollingUpdateDeployment,
  path: FieldPath,
): FieldError[] {
  const unavailable = path.child('maxUnavailable');
  const stuck = isZero(maxUnavailable) && isZero(maxSurge);
  return [
    ...validateIntOrPercent(maxUnavailable, unavailable),
    ...validateIntOrPercent(maxSurge, path.child('maxSurge')),
    ...(stuck ? [invalid(unavailable, maxUnavailable, 'may not be 0 when `maxSurge` is 0')] : []),
    ...validateAtMost100Percent(maxUnavailable, unavailable),
  ];
}

function validateStrategy(strategy: DeploymentStrategy, path: FieldPath): FieldError[] {
  const { type = '', rollingUpdate } = strategy;
  const at = path.child('rollingUpdate');
  switch (type) {
    case 'Recreate':
      return rollingUpdate ? [forbidden(at, "may not be specified when strategy `type` is 'Recreate'")] : [];
    case 'RollingUpdate':
      return rollingUpdate
        ? validateRollingUpdate(rollingUpdate, at)
        : [required(at, 'this should be defaulted and never be nil')];
    default:
      return [notSupported(path, strategy, STRATEGIES)];
  }
}

function validateDeadline({ progressDeadlineSeconds: deadline, minReadySeconds = 0 }: DeploymentSpec): FieldError[] {
  if (deadline === undefined) return [];
  const path = SPEC.child('progressDeadlineSeconds');
  const errors = validateNonNegative(deadline, path);
  if (deadline > minReadySeconds) return errors;
  return [...errors, invalid(path, deadline, 'must be greater than minReadySeconds')];
}

/** Behaves as kubernetes pkg/apis/apps/validation ValidateDeployment. */
export function validateDeployment(deployment: Deployment): FieldError[] {
  const spec: Partial<DeploymentSpec> = deployment.spec ?? {};
  return [
    ...validateMeta(deployment, true),
    ...validateNonNegative(spec.replicas, SPEC.child('replicas')),
    ...validateRequiredSelector(spec.selector, SPEC.child('selector')),
    ...validateReplicatedTemplate(spec.template, spec.selector, SPEC.child('template'), 'ReplicaSet'),
    ...validateStrategy(spec.strategy ?? {}, SPEC.child('strategy')),
    ...validateNonNegative(spec.minReadySeconds, SPEC.child('minReadySeconds')),
    ...validateNonNegative(spec.revisionHistoryLimit, SPEC.child('revisionHistoryLimit')),
    ...validateDeadline(spec as DeploymentSpec),
  ];
}

export function validateDeploymentUpdate(next: Deployment, old: Deployment): FieldError[] {
  return validateImmutable(next.spec?.selector, old.spec?.selector, SPEC.child('selector'));
}

const WITHIN_REPLICAS = ['updatedReplicas', 'readyReplicas', 'availableReplicas'];
const COUNTS = ['observedGeneration', 'replicas', ...WITHIN_REPLICAS, 'unavailableReplicas', 'collisionCount'];

export function validateDeploymentStatusUpdate(next: Deployment, old: Deployment): FieldError[] {
  return [
    ...validateStatusMeta(next.metadata),
    ...validateReplicaCounts({ ...next.status }, STATUS, COUNTS, WITHIN_REPLICAS),
    ...validateCollisionCount(next.status, old.status, STATUS),
  ];
}
