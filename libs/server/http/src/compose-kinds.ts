import { iamKinds, ROOT_CLUSTER } from '@binnacle/apis-iam';
import type { ResourceDefinition } from '@binnacle/apis-registry';
import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { compiling } from '@binnacle/machinery-cel';
import type { Context } from '@binnacle/machinery-context';
import { composeExtensions, type DefinitionKeeper } from '@binnacle/server-extensions';
import { fixedResourceSets, type Registry, type ResourceHooks, type ResourceSets } from '@binnacle/server-registry';
import type { ResourceListening, StorageReader } from '@binnacle/server-storage';

/** Which kinds the clusters of a server have. */
export interface ServedKinds {
  readonly sets: ResourceSets;
  /** What is done for the kinds that clusters define themselves. */
  readonly customHooks?: (definition: ResourceDefinition) => ResourceHooks;
  /** Who keeps the definitions of all clusters, where there can be some. */
  keeper(ctx: Context, registry: Registry): DefinitionKeeper | undefined;
}

type Source = StorageReader & Partial<ResourceListening>;

const isListening = (source: Source): source is StorageReader & ResourceListening => source.onChange !== undefined;

/** `fixed`: the kinds of a server that cannot be extended. So is one whose store tells nobody of changes. */
export function composeKinds(source: Source, fixed?: ResourceSets): ServedKinds {
  if (fixed || !isListening(source)) {
    return { sets: fixed ?? fixedResourceSets(builtinResources), keeper: () => undefined };
  }
  const { sets, hooks, keeper } = composeExtensions(source, builtinResources, compiling, { [ROOT_CLUSTER]: iamKinds });
  return { sets, customHooks: hooks, keeper };
}
