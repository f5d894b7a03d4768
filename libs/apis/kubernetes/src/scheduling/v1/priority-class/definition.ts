import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { startGeneration, addressOf, allVerbs } from '@binnacle/apis-registry';
import type { PriorityClass } from '../index.js';
import { printer } from './printer.js';
import { validatePriorityClass, validatePriorityClassUpdate } from './validation.js';

function applyDefaults(priority: PriorityClass): void {
  priority.value ??= 0;
  priority.preemptionPolicy ??= 'PreemptLowerPriority';
}

export const priorityClasses = defineResource<PriorityClass>({
  ...addressOf(refs.priorityclasses, ['pc']),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.scheduling.v1.PriorityClass',
  roles: ['view'],
  example: { value: 10 },
  strategy: {
    applyDefaults,
    prepareForCreate: startGeneration,
    validate: validatePriorityClass,
    validateUpdate: validatePriorityClassUpdate,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});
