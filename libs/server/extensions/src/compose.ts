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

const rank = ({ priority }: ResourceDefinition): number => priority?.group ?? 0;

/** Those of one group stay as they are. */
const inDiscoveryOrder = (all: readonly ResourceDefinition[]): readonly ResourceDefinition[] =>
  [...all].sort((a, b) => rank(b) - rank(a));

/** What some clusters serve besides what all do, by their names. */
export type OwnKinds = Readonly<Record<string, readonly ResourceDefinition[]>>;

/** `builtin`: what every cluster serves besides definitions. `compile`: a compiler of CEL. */
export function composeExtensions(
  source: ExtensionsSource,
  builtin: ResourceSet,
  compile: Compile,
  own: OwnKinds = {},
): Extensions {
  const reader = metadataReader();
  const definitions = customResourceDefinitions({ reader, rules: ruleCompiler(compile) });
  const base = resourceSet(`${builtin.version} definitions`, [...builtin.all, definitions]);
  const tools = { reader, compile, convert: webhookConversion(source) };
  const kinds = new SharedKinds(base, tools);
  const ownKinds = Object.entries(own).map(([cluster, more]): [string, SharedKinds] => [
    cluster,
    new SharedKinds(resourceSet(`${base.version} ${cluster}`, inDiscoveryOrder([...base.all, ...more])), tools),
  ]);
  return {
    sets: new ExtendedSets(source, kinds, new Map(ownKinds)),
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
