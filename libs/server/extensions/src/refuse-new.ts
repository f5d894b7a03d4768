import type { ResourceDefinition } from '@binnacle/apis-registry';
import { newForbidden } from '@binnacle/machinery-meta';
import type { ResourceHooks } from '@binnacle/server-registry';
import type { StorageReader } from '@binnacle/server-storage';
import { DEFINITIONS_RESOURCE, isGoing, readDefinition } from './stored-definitions.js';

const nothingTaken = (): Promise<void> => Promise.resolve();

/** Nothing is made any more of a kind whose objects are being deleted with their definition. */
export function refuseNewWhileGoing(
  source: Pick<StorageReader, 'peek'>,
  { group, names }: Pick<ResourceDefinition, 'group' | 'names'>,
): ResourceHooks {
  const name = `${names.plural}.${group}`;
  return {
    beforeCreate: async ({ cluster }, { metadata }) => {
      const stored = source.peek({ cluster, resource: DEFINITIONS_RESOURCE, namespace: '', name });
      if (stored && isGoing(readDefinition(stored).head)) {
        const why = 'create not allowed while custom resource definition is terminating';
        throw newForbidden({ group, resource: names.plural }, metadata.name ?? '', why);
      }
      return nothingTaken;
    },
  };
}
