import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { keep, canonicalise, addressOf, allVerbs, statusSubresource } from '@binnacle/apis-registry';
import type { ResourceQuota } from '../index.js';
import { printer } from './printer.js';
import { validateResourceQuota, validateResourceQuotaStatusUpdate, validateResourceQuotaUpdate } from './validation.js';
import { resourceQuotaWarnings } from './warnings.js';

export const resourceQuotas = defineResource<ResourceQuota>({
  ...addressOf(refs.resourcequotas, ['quota']),
  priority,
  verbs: allVerbs,
  subresources: [statusSubresource],
  schema: 'io.k8s.api.core.v1.ResourceQuota',
  roles: ['view'],
  example: { spec: { hard: { pods: '10', 'requests.cpu': '0.5' } } },
  strategy: {
    answersDeleted: true,
    applyDefaults: ({ spec, status }) => canonicalise(spec?.hard, status?.hard, status?.used),
    prepareForCreate: (quota) => {
      quota.status = {};
    },
    prepareForUpdate: (next, old) => keep(next, old, 'status'),
    prepareForStatusUpdate: (next, old) => keep(next, old, 'spec'),
    validate: validateResourceQuota,
    validateUpdate: validateResourceQuotaUpdate,
    validateStatusUpdate: validateResourceQuotaStatusUpdate,
    warnings: resourceQuotaWarnings,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});
