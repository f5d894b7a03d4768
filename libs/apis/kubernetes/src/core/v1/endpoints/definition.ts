import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../registry/definition.js';
import { addressOf, allVerbs } from '../../../registry/served.js';
import type { Endpoints } from '../index.js';
import { printer } from './printer.js';
import { validateEndpoints } from './validation.js';

function applyDefaults({ subsets = [] }: Endpoints): void {
  for (const { ports = [] } of subsets) for (const port of ports) port.protocol ||= 'TCP';
}

export const endpoints = defineResource<Endpoints>({
  ...addressOf(refs.endpoints, ['ep']),
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.core.v1.Endpoints',
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
