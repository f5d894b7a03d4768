import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../registry/definition.js';
import { keep } from '../../../registry/lifecycle.js';
import { addressOf, allVerbs, statusSubresource } from '../../../registry/served.js';
import type { Namespace } from '../index.js';
import { applyNamespaceDefaults, prepareNamespace } from './defaults.js';
import { printer } from './printer.js';
import { validateNamespace, validateNamespaceStatusUpdate } from './validation.js';

export const namespaces = defineResource<Namespace>({
  ...addressOf(refs.namespaces, ['ns']),
  verbs: allVerbs.filter((verb) => verb !== 'deletecollection'),
  subresources: [statusSubresource, { name: 'finalize', verbs: ['update'] }],
  schema: 'io.k8s.api.core.v1.Namespace',
  strategy: {
    applyDefaults: applyNamespaceDefaults,
    prepareForCreate: prepareNamespace,
    prepareForUpdate: (next, old) => keep(next, old, 'spec', 'status'),
    prepareForStatusUpdate: (next, old) => keep(next, old, 'spec'),
    validate: validateNamespace,
    validateStatusUpdate: validateNamespaceStatusUpdate,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: { 'status.phase': (namespace) => namespace.status?.phase ?? '', name: ({ metadata }) => metadata.name ?? '' },
});
