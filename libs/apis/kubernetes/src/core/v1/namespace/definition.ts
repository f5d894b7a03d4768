import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { keep, addressOf, allVerbs, statusSubresource } from '@binnacle/apis-registry';
import type { Namespace } from '../index.js';
import { applyNamespaceDefaults, prepareNamespace } from './defaults.js';
import { isNamespaceFinished, planNamespaceDeletion } from './deletion.js';
import { printer } from './printer.js';
import { validateNamespace, validateNamespaceStatusUpdate } from './validation.js';

export const namespaces = defineResource<Namespace>({
  ...addressOf(refs.namespaces, ['ns']),
  priority,
  verbs: allVerbs.filter((verb) => verb !== 'deletecollection'),
  subresources: [statusSubresource, { name: 'finalize', verbs: ['update'] }],
  schema: 'io.k8s.api.core.v1.Namespace',
  roles: ['view'],
  example: {},
  strategy: {
    applyDefaults: applyNamespaceDefaults,
    prepareForCreate: prepareNamespace,
    prepareForUpdate: (next, old) => keep(next, old, 'spec', 'status'),
    prepareForStatusUpdate: (next, old) => keep(next, old, 'spec'),
    validate: validateNamespace,
    validateStatusUpdate: validateNamespaceStatusUpdate,
    planDeletion: planNamespaceDeletion,
    isFinished: isNamespaceFinished,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: { 'status.phase': (namespace) => namespace.status?.phase ?? '' },
});
