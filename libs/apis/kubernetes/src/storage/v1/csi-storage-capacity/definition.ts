import { refs } from '../../../refs/index.js';
import { fieldPath } from '@binnacle/machinery-validation';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs } from '@binnacle/apis-registry';
import { nodeSelectorWarnings } from '../../../node-labels/deprecated.js';
import type { CSIStorageCapacity } from '../index.js';
import { printer } from './printer.js';
import { validateCsiStorageCapacity, validateCsiStorageCapacityUpdate } from './validation.js';

export const csiStorageCapacities = defineResource<CSIStorageCapacity>({
  ...addressOf(refs.csistoragecapacities),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.storage.v1.CSIStorageCapacity',
  roles: ['view'],
  example: { storageClassName: 'fast', capacity: '10Gi' },
  strategy: {
    validate: validateCsiStorageCapacity,
    validateUpdate: validateCsiStorageCapacityUpdate,
    warnings: ({ nodeTopology }) => nodeSelectorWarnings(nodeTopology, fieldPath('nodeTopology')),
  },
  printer,
  fields: {},
});
