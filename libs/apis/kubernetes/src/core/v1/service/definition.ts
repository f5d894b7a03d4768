import type { LabelSelector } from '@binnacle/machinery-meta';
import { refs } from '../../../refs/index.js';
import { LABEL_SERVICE_NAME } from '../../../well-known/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { proxy } from '../proxy.js';
import { keep, addressOf, allVerbs, statusSubresource } from '@binnacle/apis-registry';
import type { Service } from '../index.js';
import { applyServiceDefaults } from './defaults.js';
import { printer } from './printer.js';
import { validateService, validateServiceStatusUpdate } from './validation.js';
import { validateServiceUpdate } from './address-validation.js';
import { prepareServiceCreate, prepareServiceUpdate } from './prepare.js';
import { serviceWarnings } from './warnings.js';

/** A Service without a selector chooses nothing; an empty one too, where an empty label selector would choose everything. */
function selectorOf({ spec }: Service): LabelSelector | undefined {
  const { selector: matchLabels = {} } = spec ?? {};
  return Object.keys(matchLabels).length > 0 ? { matchLabels } : undefined;
}

export const services = defineResource<Service>({
  ...addressOf(refs.services, ['svc'], ['all']),
  priority,
  verbs: allVerbs,
  subresources: [{ ...proxy('ServiceProxyOptions'), roles: ['edit'] }, statusSubresource],
  schema: 'io.k8s.api.core.v1.Service',
  roles: ['view', 'edit'],
  example: { spec: { ports: [{ port: 80 }] } },
  strategy: {
    answersDeleted: true,
    applyDefaults: applyServiceDefaults,
    prepareForCreate: prepareServiceCreate,
    prepareForUpdate: prepareServiceUpdate,
    prepareForStatusUpdate: (next, old) => keep(next, old, 'spec'),
    validate: validateService,
    validateUpdate: validateServiceUpdate,
    validateStatusUpdate: validateServiceStatusUpdate,
    warnings: serviceWarnings,
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: true,
  },
  relations: [
    {
      field: 'pods',
      description: 'The Pods its selector chooses.',
      to: refs.pods,
      usual: 5,
      find: { by: 'selector', of: selectorOf },
    },
    {
      field: 'endpointSlices',
      description: 'Where its traffic goes.',
      to: refs.endpointslices,
      usual: 1,
      find: { by: 'label', label: LABEL_SERVICE_NAME },
    },
  ],
  printer,
  fields: {
    'spec.clusterIP': (service) => service.spec?.clusterIP ?? '',
    'spec.type': (service) => service.spec?.type ?? '',
  },
});
