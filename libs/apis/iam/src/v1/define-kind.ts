import { addressOf, allVerbs, type ResourceDefinition } from '@binnacle/apis-registry';
import type { KubeObject, ResourceRef } from '@binnacle/machinery-meta';
import { priority } from './priority.js';
import { iamSchemas, schemaOf } from './schema.js';

type Own = 'subresources' | 'strategy' | 'printer' | 'example' | 'fields';

/** One of the kinds of people. Forgets the static type so that many kinds stand in one table. */
export function defineKind<T extends KubeObject>(
  ref: ResourceRef,
  own: Pick<ResourceDefinition<T>, Own>,
): ResourceDefinition {
  const definition = { ...addressOf(ref), priority, verbs: allVerbs, schema: schemaOf(ref.kind), schemas: iamSchemas };
  return { ...definition, ...own } as unknown as ResourceDefinition;
}
