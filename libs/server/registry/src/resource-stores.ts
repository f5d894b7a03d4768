import type { Kind, ResourceDefinition, ResourceSet } from '@binnacle/apis-registry';
import type { ResourceStore } from './resource-store.js';

/** The stores of the kinds of one set: what a logical cluster serves. */
export class ResourceStores {
  private readonly stores = new Map<string, ResourceStore>();

  constructor(
    readonly set: ResourceSet,
    private readonly storeOf: (definition: ResourceDefinition) => ResourceStore,
  ) {
    for (const definition of set.all) {
      const { group, version, names } = definition;
      this.stores.set(`${group}/${version}/${names.plural}`, storeOf(definition));
    }
  }

  find(group: string, version: string, plural: string): ResourceStore | undefined {
    return this.stores.get(`${group}/${version}/${plural}`);
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
    return [...this.stores.values()];
  }
}
