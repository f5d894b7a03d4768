import { addressOf, type ResourceDefinition } from '@binnacle/apis-registry';
import type { ResourceRef } from '@binnacle/machinery-meta';
import type { PodUsage } from './index.js';
import { printer } from './printer.js';
import { priority } from './priority.js';
import { usageSchemas } from './schema.js';

/** Selected by what the series is to be, which every object of an answer then says of itself. */
const SELECTABLE = {
  window: ({ window }: PodUsage) => window ?? '',
  step: ({ step }: PodUsage) => step ?? '',
};

/** A kind of which the API server keeps an hour, measured by kubelets. */
export function usageKind(ref: ResourceRef, schema: string, fields: ResourceDefinition<PodUsage>['fields'] = {}) {
  const definition: ResourceDefinition<PodUsage> = {
    ...addressOf(ref),
    priority,
    verbs: ['get', 'list', 'watch'],
    subresources: [],
    schema,
    roles: ['view'],
    schemas: usageSchemas,
    strategy: {},
    printer,
    fields: { ...SELECTABLE, ...fields },
  };
  return definition as unknown as ResourceDefinition;
}
