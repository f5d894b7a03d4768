import {
  type FieldError,
  type FieldPath,
  invalid,
  required,
  validateNonNegative,
} from '@binnacle/machinery-validation';
import {
  intOrPercentValue,
  optional,
  validateAtMost100Percent,
  validateIntOrPercent,
  validateSupported,
} from '@binnacle/apis-registry';
import type { RollingUpdateStatefulSetStrategy, StatefulSetSpec, StatefulSetUpdateStrategy } from '../index.js';

const MANAGEMENT = ['OrderedReady', 'Parallel'];
const RETENTION = ['Retain', 'Delete'];

function validateManagement(policy: string | undefined, path: FieldPath): FieldError[] {
  if (!policy) return [required(path)];
  return MANAGEMENT.includes(policy) ? [] : [invalid(path, policy, "must be 'OrderedReady' or 'Parallel'")];
}

function validateRollingUpdate(update: RollingUpdateStatefulSetStrategy, path: FieldPath): FieldError[] {
  return [
    ...validateNonNegative(update.partition, path.child('partition')),
    ...optional(update.maxUnavailable, path.child('maxUnavailable'), (value, at) => [
      ...validateIntOrPercent(value, at),
      ...(intOrPercentValue(value) === 0 ? [invalid(at, value, 'cannot be 0')] : []),
      ...validateAtMost100Percent(value, at),
    ]),
  ];
}

/** As upstream prints its own structure, which has no JSON names. */
const printed = ({ partition = 0, maxUnavailable }: RollingUpdateStatefulSetStrategy): object => ({
  Partition: partition,
  MaxUnavailable: maxUnavailable ?? null,
});

function validateStrategy({ type, rollingUpdate }: StatefulSetUpdateStrategy, path: FieldPath): FieldError[] {
  const at = path.child('rollingUpdate');
  const shown = rollingUpdate ? printed(rollingUpdate) : null;
  switch (type) {
    case undefined:
    case '':
      return [required(path)];
    case 'OnDelete':
      return shown ? [invalid(at, shown, "only allowed for updateStrategy 'RollingUpdate'")] : [];
    case 'RollingUpdate':
      return rollingUpdate ? validateRollingUpdate(rollingUpdate, at) : [];
    default:
      return [invalid(path, { Type: type, RollingUpdate: shown }, "must be 'RollingUpdate' or 'OnDelete'")];
  }
}

/** How its Pods and claims come and go. */
export function validatePolicies(spec: StatefulSetSpec, path: FieldPath): FieldError[] {
  const { whenDeleted = '', whenScaled = '' } = spec.persistentVolumeClaimRetentionPolicy ?? {};
  const retention = path.child('persistentVolumeClaimRetentionPolicy');
  const known = (policy: string, at: FieldPath): FieldError[] => validateSupported(policy, at, RETENTION);
  return [
    ...validateManagement(spec.podManagementPolicy, path.child('podManagementPolicy')),
    ...validateStrategy(spec.updateStrategy ?? {}, path.child('updateStrategy')),
    ...known(whenDeleted, retention.child('whenDeleted')),
    ...known(whenScaled, retention.child('whenScaled')),
  ];
}
