import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../registry/definition.js';
import { keep } from '../../../registry/lifecycle.js';
import { addressOf, allVerbs, statusSubresource } from '../../../registry/served.js';
import type { Service } from '../index.js';
import { applyServiceDefaults } from './defaults.js';
import { printer } from './printer.js';
import { validateService, validateServiceStatusUpdate } from './validation.js';
import { validateServiceUpdate } from './address-validation.js';
import { prepareServiceCreate, prepareServiceUpdate } from './prepare.js';

export const services = defineResource<Service>({
  ...addressOf(refs.services, ['svc'], ['all']),
  verbs: allVerbs,
  subresources: [statusSubresource],
  schema: 'io.k8s.api.core.v1.Service',
  strategy: {
    applyDefaults: applyServiceDefaults,
    prepareForCreate: prepareServiceCreate,
    prepareForUpdate: prepareServiceUpdate,
    prepareForStatusUpdate: (next, old) => keep(next, old, 'spec'),
    validate: validateService,
    validateUpdate: validateServiceUpdate,
    validateStatusUpdate: validateServiceStatusUpdate,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {
    'spec.clusterIP': (service) => service.spec?.clusterIP ?? '',
    'spec.type': (service) => service.spec?.type ?? '',
  },
});
