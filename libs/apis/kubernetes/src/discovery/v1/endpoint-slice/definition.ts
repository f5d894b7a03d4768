import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { semanticEqual } from '@binnacle/machinery-validation';
import { countGeneration, startGeneration, addressOf, allVerbs } from '@binnacle/apis-registry';
import type { EndpointSlice } from '../index.js';
import { printer } from './printer.js';
import { validateEndpointSlice, validateEndpointSliceUpdate } from './validation.js';

function applyDefaults(slice: EndpointSlice): void {
  for (const port of slice.ports ?? []) {
    port.name ??= '';
    port.protocol ||= 'TCP';
  }
}

/** Labels count too: they say which Service the slice belongs to. */
function prepareForUpdate(next: EndpointSlice, old: EndpointSlice): void {
  countGeneration(next, old, 'endpoints', 'ports', 'addressType');
  if (!semanticEqual(next.metadata.labels, old.metadata.labels))
    next.metadata.generation = (old.metadata.generation ?? 0) + 1;
}

export const endpointSlices = defineResource<EndpointSlice>({
  ...addressOf(refs.endpointslices),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.discovery.v1.EndpointSlice',
  roles: ['view', 'edit'],
  example: { addressType: 'IPv4', endpoints: [{ addresses: ['10.244.0.1'] }], ports: [{ port: 80 }] },
  strategy: {
    applyDefaults,
    prepareForCreate: startGeneration,
    prepareForUpdate,
    validate: validateEndpointSlice,
    validateUpdate: validateEndpointSliceUpdate,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});
