import { type FieldError, fieldPath } from '@binnacle/machinery-validation';
import { validateMeta } from '@binnacle/apis-registry';
import type { PersistentVolumeClaim } from '../index.js';
import { validateClaimSpec } from './spec-validation.js';

/** Behaves as kubernetes ValidatePersistentVolumeClaim. */
export function validateClaim(claim: PersistentVolumeClaim): FieldError[] {
  return [...validateMeta(claim, true), ...validateClaimSpec(claim.spec ?? {}, fieldPath('spec'))];
}
