import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { perSet, type ResourceDefinition, type ResourceSet } from '@binnacle/apis-registry';
import { finished, type Soon } from '@binnacle/machinery-context';
import type { Admission } from './admission.js';
import { fromStorage } from './failures.js';
import { ObjectTurns } from './object-turns.js';
import { OpenWatches } from './open-watches.js';
import type { CallerContext } from './request-context.js';
import type { InTurns, ObjectSource, ResourceHooks, ResourceStorage } from './resource-core.js';
import type { ResourceSets } from './resource-sets.js';
import { ResourceStore } from './resource-store.js';
import { ResourceStores } from './resource-stores.js';
import { type RightsChangedAfter, VisibleSets } from './visible-sets.js';

export interface RegistryOptions {
  readonly sets: ResourceSets;
  readonly storage: ResourceStorage;
  readonly admission: Admission;
  /** By `<group>/<plural>`, the group being empty for the core kinds. */
  readonly hooks?: Readonly<Record<string, ResourceHooks>>;
  /** The same, for kinds whose objects are not kept in the store. */
  readonly sources?: Readonly<Record<string, ObjectSource>>;
  /** How long work shares the event loop; without it, it does not. */
  readonly inTurns?: InTurns;
  /** Without it every watch that goes on from what another server told, in some namespaces, begins anew. */
  readonly rightsChangedAfter?: RightsChangedAfter;
  /** Those of the kinds that clusters extend themselves by. */
  readonly customHooks?: ((definition: ResourceDefinition) => ResourceHooks) | undefined;
}

const NOTHING = { group: '', names: { kind: '', plural: '' } };

function refuse(error: unknown): never {
  throw fromStorage(NOTHING, '', error);
}

/** What every logical cluster serves, each resource with its store. Clusters of equal sets share all of it. */
export class Registry {
  /** Kubernetes' own kinds, which every cluster serves. */
  readonly builtin: ResourceStores;
  private readonly stores = new WeakMap<ResourceDefinition, ResourceStore>();
  private readonly watches: OpenWatches;
  private readonly visible: VisibleSets;
  /** The stores of a set's kinds. */
  readonly ofSet = perSet((set) => new ResourceStores(set, (definition) => this.storeOf(definition)));

  constructor(private readonly options: RegistryOptions) {
    this.watches = new OpenWatches(options.sets);
    this.visible = new VisibleSets(options.rightsChangedAfter);
    this.builtin = this.ofSet(builtinResources);
  }

  /** What the cluster of the context serves now; at once unless its kinds have to be read. */
  of(ctx: CallerContext): Soon<ResourceStores> {
    const set = this.setOf(ctx);
    return set instanceof Promise ? set.then(this.ofSet) : this.ofSet(set);
  }

  /** The set of the cluster of the context. Rejects with a StatusError where there is no such cluster. */
  setOf(ctx: CallerContext): Soon<ResourceSet> {
    const { sets } = this.options;
    return sets.peek(ctx.cluster) ?? sets.of(ctx, ctx.cluster).catch(refuse);
  }

  /** The same without waiting; undefined where the cluster is at rest here. */
  peek(cluster: string): ResourceStores | undefined {
    const set = this.options.sets.peek(cluster);
    return set && this.ofSet(set);
  }

  /** The store of one of Kubernetes' own resources. */
  get(group: string, version: string, plural: string): ResourceStore {
    return this.builtin.get(group, version, plural);
  }

  private storeOf(definition: ResourceDefinition): ResourceStore {
    let store = this.stores.get(definition);
    if (!store) this.stores.set(definition, (store = this.newStore(definition)));
    return store;
  }

  private newStore(definition: ResourceDefinition): ResourceStore {
    const { admission, hooks = {}, sources = {}, customHooks, inTurns = finished } = this.options;
    const key = `${definition.group}/${definition.names.plural}`;
    const storage = sources[key] ?? this.options.storage;
    const own = (definition.custom ? customHooks?.(definition) : hooks[key]) ?? {};
    const { watches, visible } = this;
    return new ResourceStore({
      definition,
      storage,
      keepsStates: !sources[key],
      visible,
      admission,
      hooks: own,
      turns: new ObjectTurns(),
      watches,
      servedBy: (cluster) => this.options.sets.peek(cluster),
      inTurns,
    });
  }
}
