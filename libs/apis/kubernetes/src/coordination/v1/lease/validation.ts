import { type FieldError, fieldPath, invalid, validateNonNegative } from '@binnacle/machinery-validation';
import { validatePlainMeta } from '@binnacle/apis-registry';
import type { Lease } from '../index.js';

const SPEC = fieldPath('spec');

/** Behaves as kubernetes pkg/apis/coordination/validation ValidateLease. */
export function validateLease(lease: Lease): FieldError[] {
  const { leaseDurationSeconds: seconds, leaseTransitions } = lease.spec ?? {};
  const instant = seconds !== undefined && seconds <= 0;
  return [
    ...validatePlainMeta(lease, true),
    ...(instant ? [invalid(SPEC.child('leaseDurationSeconds'), seconds, 'must be greater than 0')] : []),
    ...validateNonNegative(leaseTransitions, SPEC.child('leaseTransitions')),
  ];
}
