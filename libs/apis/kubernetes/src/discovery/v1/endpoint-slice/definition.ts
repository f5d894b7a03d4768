import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { LABEL_HOSTNAME } from '../../../well-known/index.js';
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

/**
 * The topology that v1beta1 had is not written any more; a node that it alone told stays known. Behaves as kubernetes
 * pkg/registry/discovery/endpointslice dropTopologyOnV1.
 */
function dropTopology(next: EndpointSlice, old?: EndpointSlice): void {
  if (old && semanticEqual(next.endpoints, old.endpoints)) return;
  const known = new Set(old?.endpoints?.map(({ deprecatedTopology }) => deprecatedTopology?.[LABEL_HOSTNAME]));
  for (const endpoint of next.endpoints ?? []) {
    const node = endpoint.deprecatedTopology?.[LABEL_HOSTNAME];
    if (endpoint.nodeName === undefined && node && known.has(node)) endpoint.nodeName = node;
    delete endpoint.deprecatedTopology;
  }
}

/** Labels count too: they say which Service the slice belongs to. */
function prepareForUpdate(next: EndpointSlice, old: EndpointSlice): void {
  dropTopology(next, old);
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
    prepareForCreate: (slice) => {
      startGeneration(slice);
      dropTopology(slice);
    },
    prepareForUpdate,
    validateCreate: validateEndpointSlice,
    validateUpdate: validateEndpointSliceUpdate,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});
