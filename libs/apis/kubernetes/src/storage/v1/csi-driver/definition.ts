import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, countGeneration } from '@binnacle/apis-registry';
import type { CSIDriver } from '../index.js';
import { applyCsiDriverDefaults, dropAlphaFields } from './defaults.js';
import { printer } from './printer.js';
import { validateCsiDriver, validateCsiDriverUpdate } from './validation.js';
import { csiDriverWarnings } from './warnings.js';

export const csiDrivers = defineResource<CSIDriver>({
  ...addressOf(refs.csidrivers),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.storage.v1.CSIDriver',
  roles: ['view'],
  example: { spec: { attachRequired: false } },
  strategy: {
    answersDeleted: true,
    applyDefaults: applyCsiDriverDefaults,
    prepareForCreate: (driver) => dropAlphaFields(driver),
    prepareForUpdate: (next, old) => {
      dropAlphaFields(next, old);
      countGeneration(next, old, 'spec');
    },
    validate: validateCsiDriver,
    validateUpdate: validateCsiDriverUpdate,
    warnings: csiDriverWarnings,
  },
  printer,
  fields: {},
});
