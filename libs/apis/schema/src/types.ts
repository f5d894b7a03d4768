import type { JsonObject } from '@binnacle/machinery-patch';

/** `time` and `microTime` are RFC 3339 text in JSON; `any` is JSON of no fixed shape. */
export type ScalarType =
  | 'string'
  | 'int32'
  | 'int64'
  | 'double'
  | 'bool'
  | 'bytes'
  | 'time'
  | 'microTime'
  | 'quantity'
  | 'intOrString'
  | 'any';

export type FieldType =
  | { readonly kind: 'scalar'; readonly scalar: ScalarType }
  | { readonly kind: 'object'; readonly name: string }
  /** `wrapped`: protobuf carries the list in a message of its own. */
  | { readonly kind: 'list'; readonly of: FieldType; readonly wrapped: boolean }
  | { readonly kind: 'map'; readonly of: FieldType };

export type ListType = 'atomic' | 'set' | 'map';
export type MapType = 'atomic' | 'granular';

export interface FieldSchema {
  readonly name: string;
  readonly type: FieldType;
  readonly required: boolean;
  /** An empty value (zero, `""`, false, an empty list or map) is left out, as upstream's encoder does. */
  readonly omitsEmpty: boolean;
  /** What upstream writes where there is no value: the empty value of the type, or null. Others it leaves out. */
  readonly written?: 'empty' | 'null';
  /** What is filled in where there is no value, as far as it tells elements of lists apart. */
  readonly default?: unknown;
  readonly listType?: ListType;
  readonly listMapKeys?: readonly string[];
  readonly mapType?: MapType;
  readonly patchMergeKey?: string;
  readonly patchStrategies?: readonly string[];
  /** The values a text may have, as documentation tells them; of a list, those of its items. */
  readonly values?: readonly string[];
  /** Protobuf field number; several where the value is nested in messages that JSON does not show. */
  readonly wire?: readonly number[];
}

export interface SchemaKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The structure of an object, by the name it has in the OpenAPI document: `io.k8s.api.apps.v1.Deployment`. */
/** Members of which one is set at most, and the member that says which. */
export interface Union {
  readonly discriminator: string | undefined;
  readonly fields: readonly string[];
}

export interface DefinitionSchema {
  readonly name: string;
  /** True for JSON of no fixed shape, such as RawExtension. */
  readonly freeForm: boolean;
  readonly mapType?: MapType;
  readonly union?: Union;
  /** Set where the definition is a kind. */
  readonly gvk?: SchemaKind;
  readonly fields: ReadonlyMap<string, FieldSchema>;
  /** Members that the fields do not know are kept, and owned one by one. */
  readonly open?: boolean;
  /** Documentation says it within what refers to it, and not alone. */
  readonly inline?: boolean;
  /** Reads whole objects of it where the fields do not say how, as of CustomResourceDefinitions. Throws BadValue. */
  readonly conform?: (value: unknown, owned: boolean) => Conformed;
  /** Its JSON schema in documentation, where that says more than the fields. */
  readonly jsonSchema?: (version: OpenApiVersion) => JsonObject;
}

/** What reading a value has made of it. */
export interface Conformed {
  /** Only known fields, no nulls, quantities and times in canonical form. A copy, unless the value was given away. */
  readonly object: JsonObject;
  /** Paths of members the schema does not know, such as `spec.containers[0].imag`; the first hundred of them. */
  readonly unknownFields: readonly string[];
}

/** The two forms of the OpenAPI document differ in where definitions stand and in what a reference may stand beside. */
export type OpenApiVersion = 'v2' | 'v3';

/** Texts by definition, or by definition and field. */
export interface Descriptions {
  of(definition: string, field?: string): string | undefined;
}

/**
 * Finds the structure of an object by the name it has in the OpenAPI document. Names are unique within one table only;
 * tables that are built on another answer with the very definitions of that one.
 */
export interface SchemaTable {
  /** Changes with the content: documents made of tables of equal version are equal. */
  readonly version: string;
  find(name: string): DefinitionSchema | undefined;
  /** The name of the definition of a kind; undefined where none is known. */
  findKind(kind: SchemaKind): string | undefined;
  /** Texts of the definitions, which stay out of memory until documentation asks for them. */
  describe(names: readonly string[]): Promise<Descriptions>;
}
