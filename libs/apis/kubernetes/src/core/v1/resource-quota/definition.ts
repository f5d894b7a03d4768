import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../registry/definition.js';
import { keep } from '../../../registry/lifecycle.js';
import { addressOf, allVerbs, statusSubresource } from '../../../registry/served.js';
import type { ResourceQuota } from '../index.js';
import { printer } from './printer.js';

export const resourceQuotas = defineResource<ResourceQuota>({
  ...addressOf(refs.resourcequotas, ['quota']),
  verbs: allVerbs,
  subresources: [statusSubresource],
  schema: 'io.k8s.api.core.v1.ResourceQuota',
  strategy: {
    prepareForCreate: (quota) => {
      quota.status = {};
    },
    prepareForUpdate: (next, old) => keep(next, old, 'status'),
    prepareForStatusUpdate: (next, old) => keep(next, old, 'spec'),
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});
