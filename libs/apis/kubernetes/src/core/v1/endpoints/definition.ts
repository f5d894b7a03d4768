import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs } from '@binnacle/apis-registry';
import type { Endpoints } from '../index.js';
import { printer } from './printer.js';
import { validateEndpoints } from './validation.js';

function applyDefaults({ subsets = [] }: Endpoints): void {
  for (const { ports = [] } of subsets) for (const port of ports) port.protocol ||= 'TCP';
}

export const endpoints = defineResource<Endpoints>({
  ...addressOf(refs.endpoints, ['ep']),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.core.v1.Endpoints',
  roles: ['view', 'edit'],
  example: { subsets: [{ addresses: [{ ip: '127.0.0.11' }], ports: [{ port: 80 }] }] },
  strategy: {
    applyDefaults,
    validate: validateEndpoints,
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: true,
  },
  deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  printer,
  fields: {},
});
