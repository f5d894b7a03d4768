import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../registry/definition.js';
import { countGeneration, startGeneration } from '../../../registry/lifecycle.js';
import { addressOf, allVerbs } from '../../../registry/served.js';
import type { PriorityClass } from '../index.js';
import { printer } from './printer.js';
import { validatePriorityClass, validatePriorityClassUpdate } from './validation.js';

function applyDefaults(priority: PriorityClass): void {
  priority.value ??= 0;
  priority.preemptionPolicy ??= 'PreemptLowerPriority';
}

export const priorityClasses = defineResource<PriorityClass>({
  ...addressOf(refs.priorityclasses, ['pc']),
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.scheduling.v1.PriorityClass',
  strategy: {
    applyDefaults,
    prepareForCreate: startGeneration,
    prepareForUpdate: (next, old) => countGeneration(next, old, 'globalDefault', 'description'),
    validate: validatePriorityClass,
    validateUpdate: validatePriorityClassUpdate,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});
