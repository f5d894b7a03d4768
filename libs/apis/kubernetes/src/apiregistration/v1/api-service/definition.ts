import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import {
  addressOf,
  allVerbs,
  keep,
  keepMetadata,
  statusSubresource,
  validateStatusMeta,
} from '@binnacle/apis-registry';
import type { APIService } from '../index.js';
import { printer } from './printer.js';
import { validateApiService } from './validation.js';

const HTTPS = 443;

/** What the server answers itself is there as long as the server is. */
function prepareForCreate(service: APIService): void {
  const { creationTimestamp } = service.metadata;
  service.status = {};
  if (service.spec?.service) return;
  service.status.conditions = [
    {
      type: 'Available',
      status: 'True',
      ...(creationTimestamp && { lastTransitionTime: creationTimestamp }),
      reason: 'Local',
      message: 'Local APIServices are always available',
    },
  ];
}

export const apiServices = defineResource<APIService>({
  ...addressOf(refs.apiservices, [], ['api-extensions']),
  priority,
  verbs: allVerbs,
  subresources: [statusSubresource],
  schema: 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService',
  example: {
    metadata: { name: 'v1.example.com' },
    spec: { group: 'example.com', version: 'v1', groupPriorityMinimum: 1000, versionPriority: 15 },
  },
  strategy: {
    resetFields: { status: [['spec'], ['metadata']] },
    applyDefaults: ({ spec }) => {
      if (spec?.service) spec.service.port ??= HTTPS;
    },
    prepareForCreate,
    prepareForUpdate: (next, old) => keep(next, old, 'status'),
    prepareForStatusUpdate: (next, old) => {
      keep(next, old, 'spec');
      keepMetadata(next, old);
    },
    validate: validateApiService,
    validateStatusUpdate: ({ metadata }) => validateStatusMeta(metadata),
  },
  printer,
  fields: {},
});
