import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../registry/definition.js';
import { specAndStatus } from '../../../registry/lifecycle.js';
import { addressOf, allVerbs, statusSubresource } from '../../../registry/served.js';
import type { PodDisruptionBudget } from '../index.js';
import { printer } from './printer.js';
import { validatePodDisruptionBudget, validatePodDisruptionBudgetStatusUpdate } from './validation.js';

const emptyStatus = () => ({ currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 });

export const podDisruptionBudgets = defineResource<PodDisruptionBudget>({
  ...addressOf(refs.poddisruptionbudgets, ['pdb']),
  verbs: allVerbs,
  subresources: [statusSubresource],
  schema: 'io.k8s.api.policy.v1.PodDisruptionBudget',
  strategy: {
    prepareForCreate: specAndStatus.create(emptyStatus),
    prepareForUpdate: specAndStatus.update,
    prepareForStatusUpdate: specAndStatus.updateStatus,
    validate: validatePodDisruptionBudget,
    validateStatusUpdate: validatePodDisruptionBudgetStatusUpdate,
    allowCreateOnUpdate: true,
  },
  printer,
  fields: {},
});
