/** What a field holds, as far as GraphQL types care. */
export type FieldShape =
  | { readonly kind: 'string' | 'boolean' | 'integer' | 'long' | 'number' | 'intOrString' | 'json' }
  | { readonly kind: 'list'; readonly of: FieldShape }
  | { readonly kind: 'object'; readonly schema: string };

export interface CatalogField {
  readonly name: string;
  readonly shape: FieldShape;
  readonly description: string;
}

/** Where the structure of kinds is looked up by schema name, for example `io.k8s.api.core.v1.PodSpec`. */
export interface SchemaCatalog {
  fields(schema: string): readonly CatalogField[];
  description(schema: string): string;
}
