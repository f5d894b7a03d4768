import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { perSet, storageResource } from '@binnacle/apis-registry';
import type { ResourceSets } from './resource-sets.js';

const NONE: readonly string[] = [];

const fieldsOf = perSet(({ all }) => {
  const fields = new Map<string, readonly string[]>();
  for (const definition of all) {
    const resource = storageResource(definition);
    const { indexedFields = NONE } = definition;
    if (indexedFields.length > 0)
      fields.set(resource, [...new Set([...(fields.get(resource) ?? NONE), ...indexedFields])]);
  }
  return fields;
});

/** Which fields of a stored resource lists by equality find through an index, as the kinds of its cluster say. */
export function indexedFields(sets: ResourceSets): (cluster: string, resource: string) => readonly string[] {
  return (cluster, resource) => fieldsOf(sets.peek(cluster) ?? builtinResources).get(resource) ?? NONE;
}
