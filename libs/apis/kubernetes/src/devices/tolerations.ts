import type { DeviceTaint, DeviceToleration } from '../resource/v1/index.js';

/** Behaves as kubernetes dynamic-resource-allocation/resourceclaim ToleratesTaint. Effects that are not known are the caller's. */
export function toleratesDeviceTaint(toleration: DeviceToleration, taint: DeviceTaint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  const { operator = '' } = toleration;
  if (operator === 'Exists') return true;
  return (operator === '' || operator === 'Equal') && (toleration.value ?? '') === (taint.value ?? '');
}
