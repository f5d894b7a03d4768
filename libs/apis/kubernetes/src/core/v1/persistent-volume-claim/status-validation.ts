import { toUnits } from '@binnacle/machinery-quantity';
import {
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  invalidEach,
  isQualifiedName,
  notSupported,
} from '@binnacle/machinery-validation';
import { eachEntry, type ResourceList, validateStatusMeta } from '@binnacle/apis-registry';
import type { PersistentVolumeClaim } from '../index.js';
import { isNative } from '../resource-names.js';

const STATUS = fieldPath('status');
const RESIZE_STATUSES = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
  'NodeResizePending',
];

function validateAmount(amount: ResourceList[string], path: FieldPath): FieldError[] {
  const units = toUnits(amount);
  return units < 0 ? [invalid(path, units, 'must be a valid resource quantity')] : [];
}

/** Upstream names the map, not the key, in these errors. */
function validateKey(key: string, path: FieldPath): FieldError[] {
  const errors = invalidEach(path, key, isQualifiedName(key));
  if (errors.length > 0 || !isNative(key) || key === 'storage') return errors;
  return [notSupported(path, key, ['storage'])];
}

function validateResizes(statuses: Readonly<Record<string, string>> = {}, path: FieldPath): FieldError[] {
  return Object.entries(statuses).flatMap(([key, status]) => [
    ...validateKey(key, path),
    ...(RESIZE_STATUSES.includes(status) ? [] : [notSupported(path, key, RESIZE_STATUSES)]),
  ]);
}

/** Behaves as kubernetes ValidatePersistentVolumeClaimStatusUpdate. */
export function validateClaimStatusUpdate({ metadata, status = {} }: PersistentVolumeClaim): FieldError[] {
  const allocated = STATUS.child('allocatedResources');
  return [
    ...validateStatusMeta(metadata),
    ...eachEntry(status.capacity, STATUS.child('capacity'), (_name, amount, at) => validateAmount(amount, at)),
    ...validateResizes(status.allocatedResourceStatuses, STATUS.child('allocatedResourceStatuses')),
    ...eachEntry(status.allocatedResources, allocated, (name, amount, at) => {
      const errors = validateKey(name, allocated);
      return errors.length > 0 ? errors : validateAmount(amount, at);
    }),
  ];
}
