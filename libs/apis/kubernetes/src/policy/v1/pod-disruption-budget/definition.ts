import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { specAndStatus, addressOf, allVerbs, statusSubresource } from '@binnacle/apis-registry';
import type { PodDisruptionBudget } from '../index.js';
import { printer } from './printer.js';
import { validatePodDisruptionBudget, validatePodDisruptionBudgetStatusUpdate } from './validation.js';

const emptyStatus = () => ({ currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 });

export const podDisruptionBudgets = defineResource<PodDisruptionBudget>({
  ...addressOf(refs.poddisruptionbudgets, ['pdb']),
  priority,
  verbs: allVerbs,
  subresources: [statusSubresource],
  schema: 'io.k8s.api.policy.v1.PodDisruptionBudget',
  roles: ['view', 'edit'],
  example: { spec: { minAvailable: 1, selector: { matchLabels: { app: 'x' } } } },
  strategy: {
    prepareForCreate: specAndStatus.create(emptyStatus),
    prepareForUpdate: specAndStatus.update,
    prepareForStatusUpdate: specAndStatus.updateStatus,
    validate: validatePodDisruptionBudget,
    validateStatusUpdate: validatePodDisruptionBudgetStatusUpdate,
  },
  relations: [
    {
      field: 'pods',
      description: 'The Pods it protects.',
      to: refs.pods,
      usual: 5,
      find: { by: 'selector', of: ({ spec }) => spec?.selector },
    },
  ],
  printer,
  fields: {},
});
