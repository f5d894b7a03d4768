import {
  type FieldError,
  fieldPath,
  invalidEach,
  nameIsDnsSubdomain,
  validateImmutable,
  validateLabelSelector,
} from '@binnacle/machinery-validation';
import { optional, validateMeta, validateNonNegativeQuantity } from '@binnacle/apis-registry';
import type { CSIStorageCapacity } from '../index.js';

const CLASS = fieldPath('storageClassName');
const TOPOLOGY = fieldPath('nodeTopology');

/** Behaves as kubernetes pkg/apis/storage/validation ValidateCSIStorageCapacity. */
export function validateCsiStorageCapacity(storage: CSIStorageCapacity): FieldError[] {
  const { storageClassName = '' } = storage;
  return [
    ...validateMeta(storage, true),
    ...validateLabelSelector(storage.nodeTopology, TOPOLOGY),
    ...invalidEach(CLASS, storageClassName, nameIsDnsSubdomain(storageClassName, false)),
    ...optional(storage.capacity, fieldPath('capacity'), validateNonNegativeQuantity),
  ];
}

/** What the driver was asked for stays; only its answer changes. */
export function validateCsiStorageCapacityUpdate(next: CSIStorageCapacity, old: CSIStorageCapacity): FieldError[] {
  return [
    ...validateImmutable(next.nodeTopology, old.nodeTopology, TOPOLOGY),
    ...validateImmutable(next.storageClassName, old.storageClassName, CLASS),
  ];
}
