import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../registry/definition.js';
import { keep } from '../../../registry/lifecycle.js';
import { canonicalise } from '../../../registry/quantities.js';
import { addressOf, allVerbs, statusSubresource } from '../../../registry/served.js';
import type { ResourceQuota } from '../index.js';
import { printer } from './printer.js';
import { validateResourceQuota, validateResourceQuotaStatusUpdate, validateResourceQuotaUpdate } from './validation.js';

export const resourceQuotas = defineResource<ResourceQuota>({
  ...addressOf(refs.resourcequotas, ['quota']),
  verbs: allVerbs,
  subresources: [statusSubresource],
  schema: 'io.k8s.api.core.v1.ResourceQuota',
  strategy: {
    applyDefaults: ({ spec, status }) => canonicalise(spec?.hard, status?.hard, status?.used),
    prepareForCreate: (quota) => {
      quota.status = {};
    },
    prepareForUpdate: (next, old) => keep(next, old, 'status'),
    prepareForStatusUpdate: (next, old) => keep(next, old, 'spec'),
    validate: validateResourceQuota,
    validateUpdate: validateResourceQuotaUpdate,
    validateStatusUpdate: validateResourceQuotaStatusUpdate,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});
