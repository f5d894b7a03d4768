import { type FieldError, fieldPath, invalid, nameIsLongName } from '@binnacle/machinery-validation';
import { optional, validateMeta } from '@binnacle/apis-registry';
import { isExtended } from '../../../core/v1/resource-names.js';
import { MOST_CONFIGURATIONS, validateConfiguration } from '../configuration.js';
import type { DeviceClass, DeviceClassSpec } from '../index.js';
import { validateList } from '../lists.js';
import { validateSelectors } from '../selectors.js';

const SPEC = fieldPath('spec');

/** Behaves as kubernetes pkg/apis/resource/validation ValidateDeviceClass. */
export function validateDeviceClass(device: DeviceClass): FieldError[] {
  const spec: DeviceClassSpec = device.spec ?? {};
  return [
    ...validateMeta(device, false, nameIsLongName),
    ...validateSelectors(spec.selectors, SPEC.child('selectors')),
    ...validateList(spec.config, SPEC.child('config'), MOST_CONFIGURATIONS, validateConfiguration),
    ...optional(spec.extendedResourceName, SPEC.child('extendedResourceName'), (name, at) =>
      isExtended(name) ? [] : [invalid(at, name, 'must be a valid extended resource name')],
    ),
  ];
}
