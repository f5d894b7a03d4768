import type { Steps } from '@binnacle/machinery-context';
import type { FieldError } from '@binnacle/machinery-validation';
import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, countGeneration, startGeneration } from '@binnacle/apis-registry';
import type { DeviceClass } from '../index.js';
import { printer } from './printer.js';
import { readSelectors } from '../selectors.js';
import { validateDeviceClass } from './validation.js';

function* validateInSteps(device: DeviceClass): Steps<FieldError[]> {
  yield* readSelectors(device.spec?.selectors);
  return validateDeviceClass(device);
}

export const deviceClasses = defineResource<DeviceClass>({
  ...addressOf(refs.deviceclasses),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.resource.v1.DeviceClass',
  roles: ['view'],
  example: { spec: { selectors: [{ cel: { expression: "device.driver == 'gpu.example.com'" } }] } },
  strategy: {
    answersDeleted: true,
    prepareForCreate: startGeneration,
    prepareForUpdate: (next, old) => countGeneration(next, old, 'spec'),
    validateCreate: validateInSteps,
    validateUpdate: (next) => validateInSteps(next),
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});
