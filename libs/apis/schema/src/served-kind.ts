import type { SchemaTable } from './types.js';

export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

export interface ResourceNames {
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
}

/** What members of an installation may do, as upstream's aggregated roles of these names. */
export type MemberRole = 'view' | 'edit';

export interface SubresourceDefinition {
  /** `status`, `scale`, `binding`, `eviction`, `log`, `token`, `finalize`, … */
  readonly name: string;
  readonly verbs: readonly Verb[];
  /** Set where the subresource speaks another kind, as scale (autoscaling/v1 Scale) and eviction (policy/v1 Eviction) do. */
  readonly gvk?: { readonly group: string; readonly version: string; readonly kind: string };
  /** It leads to something that runs: its answer is no object but whatever is spoken there. */
  readonly connects?: boolean;
  /** Who may use it: `view` to read, `edit` to read and write. */
  readonly roles?: readonly MemberRole[];
}

/** Higher ones come first, as those of upstream's APIServices do. */
export interface ApiPriority {
  readonly group: number;
  readonly version: number;
}

/** How a kind is served, and what its objects are made of: all that its documentation is written from. */
export interface ServedKind {
  readonly group: string;
  readonly version: string;
  readonly names: ResourceNames;
  readonly namespaced: boolean;
  readonly verbs: readonly Verb[];
  readonly subresources: readonly SubresourceDefinition[];
  /** Its name, for example `io.k8s.api.apps.v1.Deployment`, in … */
  readonly schema: string;
  /** … this table; nested structures are found there too. */
  readonly schemas: SchemaTable;
  /** Where discovery shows its group and version; those of CustomResourceDefinitions come last. */
  readonly priority?: ApiPriority;
  /** Whether a DELETE that removes is answered with what was there, instead of with a Status. */
  readonly strategy?: { readonly answersDeleted?: boolean };
  /** Set for the kinds of CustomResourceDefinitions, which know neither protobuf nor strategic merge patches. */
  readonly custom?: boolean;
}
