import { formatTime } from '@binnacle/machinery-context';
import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, countGeneration, startGeneration } from '@binnacle/apis-registry';
import type { ResourceSlice } from '../index.js';
import { dateTaints, dropAlphaFields } from './prepare.js';
import { printer } from './printer.js';
import { validateResourceSlice, validateResourceSliceUpdate } from './validation.js';

/** Drivers are compared by their names in lower case. */
function warnings({ spec }: ResourceSlice): string[] {
  const { driver = '' } = spec ?? {};
  if (driver === driver.toLowerCase()) return [];
  return [`spec.driver: driver names should be lowercase; "${driver}" contains uppercase characters`];
}

export const resourceSlices = defineResource<ResourceSlice>({
  ...addressOf(refs.resourceslices),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.resource.v1.ResourceSlice',
  roles: ['view'],
  example: {
    spec: {
      driver: 'gpu.example.com',
      nodeName: 'node-1',
      pool: { name: 'node-1', resourceSliceCount: 1 },
      devices: [{ name: 'gpu-0', attributes: { model: { string: 'x' } } }],
    },
  },
  strategy: {
    answersDeleted: true,
    prepareForCreate: (slice) => {
      startGeneration(slice);
      dropAlphaFields(slice);
      dateTaints(slice, slice.metadata.creationTimestamp);
    },
    prepareForUpdate: (next, old, now) => {
      dropAlphaFields(next, old);
      dateTaints(next, formatTime(now), old);
      countGeneration(next, old, 'spec');
    },
    validate: validateResourceSlice,
    validateUpdate: validateResourceSliceUpdate,
    warnings,
    allowUnconditionalUpdate: true,
  },
  relations: [
    {
      field: 'node',
      description: 'The Node its devices are at.',
      to: refs.nodes,
      usual: 1,
      find: { by: 'name', of: ({ spec }) => spec?.nodeName },
    },
  ],
  printer,
  fields: {
    'spec.nodeName': ({ spec }) => spec?.nodeName ?? '',
    'spec.driver': ({ spec }) => spec?.driver ?? '',
  },
  unknownField: (field) => `field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: ${field}`,
  indexedFields: ['spec.nodeName'],
});
