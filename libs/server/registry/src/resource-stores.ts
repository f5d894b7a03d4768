import type { Kind, ResourceDefinition, ResourceSet } from '@binnacle/apis-registry';
import type { ResourceStore } from './resource-store.js';

const NONE: readonly ResourceStore[] = [];

/** The stores of the kinds of one set: what a logical cluster serves. */
export class ResourceStores {
  /** By plural: few groups share one. */
  private readonly stores = new Map<string, ResourceStore[]>();

  constructor(
    readonly set: ResourceSet,
    private readonly storeOf: (definition: ResourceDefinition) => ResourceStore,
  ) {
    for (const definition of set.all) {
      const { plural } = definition.names;
      this.stores.set(plural, [...(this.stores.get(plural) ?? []), storeOf(definition)]);
    }
  }

  find(group: string, version: string, plural: string): ResourceStore | undefined {
    for (const store of this.stores.get(plural) ?? NONE) {
      if (store.definition.group === group && store.definition.version === version) return store;
    }
    return undefined;
  }

  findKind(kind: Kind): ResourceStore | undefined {
    const definition = this.set.findKind(kind);
    return definition && this.storeOf(definition);
  }

  /** The store of a resource the caller knows to be served. */
  get(group: string, version: string, plural: string): ResourceStore {
    const store = this.find(group, version, plural);
    if (!store) throw new Error(`no resource ${plural} in ${group || 'core'}/${version}`);
    return store;
  }

  /** In the order of the set, which is the order of discovery. */
  all(): readonly ResourceStore[] {
    return this.set.all.map((definition) => this.storeOf(definition));
  }
}
