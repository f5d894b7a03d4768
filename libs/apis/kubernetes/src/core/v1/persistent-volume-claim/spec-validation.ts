import {
  type FieldError,
  type FieldPath,
  invalidEach,
  nameIsDnsSubdomain,
  required,
  validateLabelSelector,
} from '@binnacle/machinery-validation';
import { optional, validatePositiveQuantity, validateSupported } from '@binnacle/apis-registry';
import { validateAccessModes } from '../volume-facts.js';
import type { PersistentVolumeClaimSpec } from '../index.js';
import { validateDataSources } from './data-source.js';

const VOLUME_MODES = ['Block', 'Filesystem'];

function validateModes({ accessModes }: PersistentVolumeClaimSpec, path: FieldPath): FieldError[] {
  return accessModes?.length ? [] : [required(path, 'at least 1 access mode is required')];
}

function validateSize({ resources }: PersistentVolumeClaimSpec, path: FieldPath): FieldError[] {
  const size = resources?.requests?.storage;
  return size === undefined ? [required(path)] : validatePositiveQuantity(size, path);
}

function validateClassName(name: string | undefined, path: FieldPath): FieldError[] {
  return name ? invalidEach(path, name, nameIsDnsSubdomain(name, false)) : [];
}

/** Behaves as kubernetes ValidatePersistentVolumeClaimSpec. */
export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: FieldPath): FieldError[] {
  return [
    ...validateModes(spec, path.child('accessModes')),
    ...validateLabelSelector(spec.selector, path.child('selector')),
    ...validateAccessModes(spec.accessModes, path.child('accessModes')),
    ...validateSize(spec, path.child('resources').key('storage')),
    ...validateClassName(spec.storageClassName, path.child('storageClassName')),
    ...optional(spec.volumeMode, path.child('volumeMode'), (mode, at) => validateSupported(mode, at, VOLUME_MODES)),
    ...validateDataSources(spec, path),
    ...validateClassName(spec.volumeAttributesClassName, path.child('volumeAttributesClassName')),
  ];
}
