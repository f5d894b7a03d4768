/** As much of an introspection as documents are made from. */
export interface GraphqlTypeRef {
  readonly kind: string;
  readonly name: string | null;
  readonly ofType?: GraphqlTypeRef | null;
}

export interface GraphqlInput {
  readonly name: string;
  readonly type: GraphqlTypeRef;
}

export interface GraphqlField extends GraphqlInput {
  readonly args: readonly GraphqlInput[];
}

export interface GraphqlType {
  readonly kind: string;
  readonly name: string;
  readonly fields: readonly GraphqlField[] | null;
  readonly inputFields: readonly GraphqlInput[] | null;
  readonly enumValues: readonly { readonly name: string }[] | null;
  readonly possibleTypes: readonly { readonly name: string }[] | null;
}

export interface GraphqlSchemaDocument {
  readonly types: readonly GraphqlType[];
}

const REF = 'kind name ofType { kind name ofType { kind name ofType { kind name } } }';

/** Asks for a `GraphqlSchemaDocument` as `data.__schema`. */
export const SCHEMA_QUERY = `{ __schema { types {
  kind name
  fields { name type { ${REF} } args { name type { ${REF} } } }
  inputFields { name type { ${REF} } }
  enumValues { name }
  possibleTypes { name }
} } }`;

/** As it is written in a document. */
export function typeText({ kind, name, ofType }: GraphqlTypeRef): string {
  if (kind === 'NON_NULL' && ofType) return `${typeText(ofType)}!`;
  if (kind === 'LIST' && ofType) return `[${typeText(ofType)}]`;
  return name ?? 'String';
}

export function namedType(type: GraphqlTypeRef): string {
  return type.ofType ? namedType(type.ofType) : (type.name ?? 'String');
}

export const isList = ({ kind, ofType }: GraphqlTypeRef): boolean =>
  kind === 'LIST' || (kind === 'NON_NULL' && !!ofType && isList(ofType));
