import { type Compile, customResourceDefinitions, metadataReader, ruleCompiler } from '@binnacle/apis-extensions';
import { type ResourceDefinition, type ResourceSet, resourceSet } from '@binnacle/apis-registry';
import type { Context } from '@binnacle/machinery-context';
import type { Registry, ResourceHooks } from '@binnacle/server-registry';
import type { ResourceListening, StorageReader } from '@binnacle/server-storage';
import { webhookConversion } from './conversion/webhook-conversion.js';
import { DefinitionKeeper } from './definition-keeper.js';
import { DefinitionStore } from './definition-store.js';
import { ExtendedSets } from './extended-sets.js';
import { refuseNewWhileGoing } from './refuse-new.js';
import { RemoveObjects } from './remove-objects.js';
import { SharedKinds } from './shared-kinds.js';

export type ExtensionsSource = StorageReader & ResourceListening;

/** What lets clusters of a server extend themselves by CustomResourceDefinitions. */
export interface Extensions {
  readonly sets: ExtendedSets;
  readonly hooks: (definition: ResourceDefinition) => ResourceHooks;
  /** Keeps definitions of all clusters of a registry that has these sets. */
  keeper(ctx: Context, registry: Pick<Registry, 'ofSet'>): DefinitionKeeper;
}

/** `builtin`: what every cluster serves besides definitions. `compile`: a compiler of CEL. */
export function composeExtensions(source: ExtensionsSource, builtin: ResourceSet, compile: Compile): Extensions {
  const reader = metadataReader();
  const definitions = customResourceDefinitions({ reader, rules: ruleCompiler(compile) });
  const base = resourceSet(`${builtin.version} definitions`, [...builtin.all, definitions]);
  const kinds = new SharedKinds(base, { reader, compile, convert: webhookConversion(source) });
  return {
    sets: new ExtendedSets(source, kinds),
    hooks: (definition) => refuseNewWhileGoing(source, definition),
    keeper: (ctx, registry) => {
      const store = new DefinitionStore(registry, base);
      return new DefinitionKeeper(ctx, {
        source,
        definitions: store,
        objects: new RemoveObjects(registry, kinds, store),
      });
    },
  };
}
