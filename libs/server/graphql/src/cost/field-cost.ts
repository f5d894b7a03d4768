import type { ResourceStore } from '@binnacle/server-registry';

/** What a field costs besides being told, as the schema notes it with the field. */
export type FieldCost =
  /** A page of a list: everything of the resource is looked at where it is selected, filtered or sorted. */
  | { readonly kind: 'page'; readonly store: ResourceStore }
  /** Every object of a resource, each told for itself. */
  | { readonly kind: 'stream'; readonly store: ResourceStore }
  /** The objects of a page: as many as its `first` says. */
  | { readonly kind: 'nodes' }
  /**
   * Other objects, found among all of some resources; `usual` is how many an object has. `each` is what it takes to ask for those
   * of one object, where they are asked for it alone.
   */
  | {
      readonly kind: 'relation';
      readonly among: () => readonly ResourceStore[];
      readonly usual: number;
      readonly each?: number;
    }
  | { readonly kind: 'read' }
  /** Objects of some kinds in a namespace or two; what there is of them is charged when it is read. */
  | { readonly kind: 'search' }
  | { readonly kind: 'mutation' };

const KEY = 'cost';

/** The extensions of a field that costs more than to be told. */
export const costs = (cost: FieldCost): Readonly<Record<string, unknown>> => ({ [KEY]: cost });

export const costOf = (extensions: Readonly<Record<string, unknown>>): FieldCost | undefined =>
  extensions[KEY] as FieldCost | undefined;
