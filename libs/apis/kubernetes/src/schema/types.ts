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
  readonly listType?: ListType;
  readonly listMapKeys?: readonly string[];
  readonly mapType?: MapType;
  readonly patchMergeKey?: string;
  readonly patchStrategies?: readonly string[];
  /** Protobuf field number; several where the value is nested in messages that JSON does not show. */
  readonly wire?: readonly number[];
}

export interface SchemaKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The structure of an object, by the name it has in the OpenAPI document: `io.k8s.api.apps.v1.Deployment`. */
export interface DefinitionSchema {
  readonly name: string;
  /** True for JSON of no fixed shape, such as RawExtension. */
  readonly freeForm: boolean;
  readonly mapType?: MapType;
  /** Set where the definition is a kind. */
  readonly gvk?: SchemaKind;
  readonly fields: ReadonlyMap<string, FieldSchema>;
}
