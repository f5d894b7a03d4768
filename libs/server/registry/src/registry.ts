import type { ResourceDefinition } from '@binnacle/apis-kubernetes/registry';
import type { Admission } from './admission.js';
import type { ResourceHooks, ResourceStorage } from './resource-core.js';
import { ResourceStore } from './resource-store.js';

export interface RegistryOptions {
  readonly definitions: readonly ResourceDefinition[];
  readonly storage: ResourceStorage;
  readonly admission: Admission;
  /** By `<group>/<plural>`, the group being empty for the core kinds. */
  readonly hooks?: Readonly<Record<string, ResourceHooks>>;
}

/** All resources that are served, each with its store. */
export class Registry {
  private readonly stores = new Map<string, ResourceStore>();

  constructor(options: RegistryOptions) {
    for (const definition of options.definitions) {
      const { group, version, names } = definition;
      const hooks = options.hooks?.[`${group}/${names.plural}`] ?? {};
      const core = { definition, storage: options.storage, admission: options.admission, hooks };
      this.stores.set(`${group}/${version}/${names.plural}`, new ResourceStore(core));
    }
  }

  find(group: string, version: string, plural: string): ResourceStore | undefined {
    return this.stores.get(`${group}/${version}/${plural}`);
  }

  /** The store of a resource the caller knows to be served. */
  get(group: string, version: string, plural: string): ResourceStore {
    const store = this.find(group, version, plural);
    if (!store) throw new Error(`no resource ${plural} in ${group || 'core'}/${version}`);
    return store;
  }

  /** In the order of the table, which is the order of discovery. */
  all(): readonly ResourceStore[] {
    return [...this.stores.values()];
  }
}
