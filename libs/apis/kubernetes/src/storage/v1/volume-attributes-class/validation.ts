import { type FieldError, fieldPath, forbidden, required, semanticEqual } from '@binnacle/machinery-validation';
import { validateMeta } from '@binnacle/apis-registry';
import type { VolumeAttributesClass } from '../index.js';
import { validateParameters, validateProvisioner } from '../provisioning.js';

const PARAMETERS = fieldPath('parameters');

/** Behaves as kubernetes pkg/apis/storage/validation ValidateVolumeAttributesClass. */
export function validateVolumeAttributesClass(attributes: VolumeAttributesClass): FieldError[] {
  const { driverName, parameters = {} } = attributes;
  const empty = Object.keys(parameters).length === 0;
  return [
    ...validateMeta(attributes, false),
    ...validateProvisioner(driverName, fieldPath('driverName')),
    ...validateParameters(parameters, PARAMETERS),
    ...(empty ? [required(PARAMETERS, 'must contain at least one key/value pair')] : []),
  ];
}

/** What has changed is told of first. */
export function validateVolumeAttributesClassUpdate(
  next: VolumeAttributesClass,
  old: VolumeAttributesClass,
): FieldError[] {
  const changed = (['driverName', 'parameters'] as const).filter((field) => !semanticEqual(next[field], old[field]));
  return [
    ...changed.map((field) => forbidden(fieldPath(field), `updates to ${field} are forbidden.`)),
    ...validateVolumeAttributesClass(next),
  ];
}
