import { type CustomResourceDefinition, DEFINITIONS, GROUP } from '@binnacle/apis-extensions';
import type { ResourceSet } from '@binnacle/apis-registry';
import { ignoreNotFound, type UnstructuredObject } from '@binnacle/machinery-meta';
import type { Registry, RequestContext, ResourceStore } from '@binnacle/server-registry';

/** Changes a private copy, or answers undefined where there is nothing to change. */
export type DefinitionChange = (current: CustomResourceDefinition) => CustomResourceDefinition | undefined;

/** The definitions of clusters, as the server itself writes them. */
export class DefinitionStore {
  private readonly store: ResourceStore;

  constructor(registry: Pick<Registry, 'ofSet'>, base: ResourceSet) {
    this.store = registry.ofSet(base).get(GROUP, 'v1', DEFINITIONS);
  }

  /** What it has become; undefined where it is gone. A change that changes nothing is not written. */
  async change(
    ctx: RequestContext,
    name: string,
    change: DefinitionChange,
  ): Promise<CustomResourceDefinition | undefined> {
    const place = { namespace: '', name };
    const make = (current: UnstructuredObject): UnstructuredObject => {
      const next = change(current as unknown as CustomResourceDefinition);
      return (next as unknown as UnstructuredObject | undefined) ?? current;
    };
    const options = { rules: 'none', subresource: 'status', unconditional: true } as const;
    const stored = await ignoreNotFound(this.store.update(ctx, place, make, options));
    return stored && (this.store.decode(stored) as unknown as CustomResourceDefinition);
  }
}
