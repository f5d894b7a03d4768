import type { KubeObject } from '@binnacle/machinery-meta';
import type { ResourceDefinition } from '@binnacle/apis-registry';
import { builtinSchemas } from './builtin-schemas.js';

/** One of Kubernetes' own kinds. Forgets the static type so that many kinds stand in one table. */
export function defineResource<T extends KubeObject>(
  definition: Omit<ResourceDefinition<T>, 'schemas'>,
): ResourceDefinition {
  return { ...definition, schemas: builtinSchemas } as unknown as ResourceDefinition;
}
