import type { KubeObject, LabelSelector, ResourceRef, UnstructuredObject } from '@binnacle/machinery-meta';

/** How the objects are found that an object leads to. */
export type RelationFinder<T extends KubeObject = UnstructuredObject> =
  /** Those it is the controller of. */
  | { readonly by: 'controller' }
  /** Those a selector chooses; none without one, all with an empty one. */
  | { readonly by: 'selector'; readonly of: (object: T) => LabelSelector | undefined }
  /** Those that say its name in a label. */
  | { readonly by: 'label'; readonly label: string }
  /** Those that say its name in a selectable field. */
  | { readonly by: 'field'; readonly field: string }
  /** Those that have these values in selectable fields, which are asked for it alone: of what there is very much of. */
  | { readonly by: 'fields'; readonly of: (object: T) => Readonly<Record<string, string>> }
  /** The one it names. */
  | { readonly by: 'name'; readonly of: (object: T) => string | undefined };

/** A way from an object to others, which GraphQL follows as a field. In the object's own namespace where both have one. */
export interface RelationDefinition<T extends KubeObject = UnstructuredObject> {
  readonly field: string;
  readonly description: string;
  readonly to: Pick<ResourceRef, 'group' | 'version' | 'plural'>;
  /** How many an object usually leads to; only for the estimate of what an operation costs. */
  readonly usual: number;
  readonly find: RelationFinder<T>;
}
