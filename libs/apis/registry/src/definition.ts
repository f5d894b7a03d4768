import type { Context, Steps } from '@binnacle/machinery-context';
import type { DeleteOptions, KubeObject, UnstructuredObject } from '@binnacle/machinery-meta';
import type { FieldError } from '@binnacle/machinery-validation';
import type {
  ExpectedKind,
  MemberRole,
  ResourceNames,
  ServedKind,
  SubresourceDefinition,
  Verb,
} from '@binnacle/apis-schema';
import type { RelationDefinition } from './relation.js';

export type { MemberRole, ResourceNames, ServedKind, SubresourceDefinition, Verb };

export interface ColumnDefinition {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format: string;
  readonly description: string;
  /** 0 shows always, above 0 only with `-o wide`. */
  readonly priority: number;
}

export type Cell = string | number | boolean | null;

/** How a kind is printed. `now` is milliseconds since the epoch, for ages. */
export interface TablePrinter<T extends KubeObject> {
  readonly columns: readonly ColumnDefinition[];
  row(object: T, now: number): Cell[];
  /** The order of rows, where it is not that of names. */
  order?(a: T, b: T): number;
}

/** Where the replicas of a scalable kind stand. */
export interface ScaleMapping<T extends KubeObject> {
  readonly get: (object: T) => { spec: number; status: number; selector: string };
  readonly set: (object: T, replicas: number) => void;
  /** Where the wanted number stands, unless it is at `spec.replicas`. */
  readonly path?: readonly string[];
}

/** Paths into an object: `['metadata', 'labels']`. */
export type ResetFields = readonly (readonly string[])[];

/** What DELETE does to an object: take it away now, mark it, or nothing because it already goes. */
export type DeletionPlan<T extends KubeObject = UnstructuredObject> =
  | { readonly act: 'remove'; readonly last: T }
  | { readonly act: 'mark'; readonly next: T }
  | { readonly act: 'wait' };

/** Who makes an object. */
export interface Author {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** The rules of a subresource through which a part of an object is written. */
export interface PartRules<T extends KubeObject> {
  /** Keeps what is not the part's, and decides `metadata.generation`. `now` is milliseconds since the epoch. */
  prepareForUpdate(next: T, old: T, now: number): void;
  validateUpdate(next: T, old: T): FieldError[];
  /** The only fields whose owners are noted there, where not all are; `*` is any item of a list. */
  readonly fields?: ResetFields;
}

/** Faults, or what finds them in steps, where that may take long. */
export type Found = FieldError[] | Steps<FieldError[]>;

/**
 * The rules of a kind. Every function is pure; objects passed to a `prepare` or `default` function are private drafts
 * that may be changed in place. Order of use on create: default, prepareForCreate, validate; on update: default,
 * prepareForUpdate, validate, validateUpdate. Behaves as kubernetes pkg/registry strategies.
 */
export interface Strategy<T extends KubeObject> {
  applyDefaults?(object: T): void;
  /** `author` is whoever asks for it. */
  prepareForCreate?(object: T, author?: Author): void;
  /** Also decides `metadata.generation`; `old` is frozen. `now` is milliseconds since the epoch. */
  prepareForUpdate?(next: T, old: T, now: number): void;
  /** Rules of an object at any time. */
  validate?(object: T): FieldError[];
  /** Rules that hold for a new object only, besides those of `validate`. */
  validateCreate?(object: T): Found;
  validateUpdate?(next: T, old: T): Found;
  /** Rules of the status subresource: keep what is not status, then check. `now` is milliseconds since the epoch. */
  prepareForStatusUpdate?(next: T, old: T, now: number): void;
  /**
   * What each endpoint puts back, by subresource, the object itself being `''`: nobody comes to own that by writing there.
   * Of a kind with a status it is the spec for `status` and the status for all others, unless this says otherwise.
   */
  readonly resetFields?: Readonly<Record<string, ResetFields>>;
  validateStatusUpdate?(next: T, old: T): Found;
  /** Rules of further subresources through which a part of the object is written, by their names. */
  readonly parts?: Readonly<Record<string, PartRules<T>>>;
  warnings?(next: T, old?: T): string[];
  /** Seconds an object lives on after DELETE; undefined deletes at once. Pods only, in practice. */
  gracePeriodSeconds?(object: T, requested: number | undefined): number | undefined;
  /** Where DELETE does something else than `planDeletion` of this package says. */
  planDeletion?(object: T, options: DeleteOptions, now: number): DeletionPlan<T>;
  /** Whether an update took away the last thing that kept a dying object, where that is more than its finalizers. */
  isFinished?(object: T): boolean;
  /** DELETE answers the object that is gone, of all other kinds a Status. */
  readonly answersDeleted?: boolean;
  readonly allowCreateOnUpdate?: boolean;
  readonly allowUnconditionalUpdate?: boolean;
  /** Where the client asks for no propagation policy; Background unless said otherwise. Of what is Unsupported there is none. */
  readonly defaultPropagation?: 'Orphan' | 'Background' | 'Unsupported';
  /** What a client is warned of that deletes and asks for no propagation policy. */
  readonly deletionWarning?: string;
}

/**
 * The registry is a table: a kind is one declarative definition in one folder. Discovery, OpenAPI, Table printing,
 * GraphQL and the dashboard's generic pages are derived from it.
 */
export interface ResourceDefinition<T extends KubeObject = UnstructuredObject> extends ServedKind {
  readonly strategy: Strategy<T>;
  /** The roles of members that may read it, `view`, and write it, `edit`; of others nobody but administrators may. */
  readonly roles?: readonly MemberRole[];
  /** Members and elements one may hold, where they are more than other kinds may: who writes such must be trusted. */
  readonly bodyValues?: number;
  /** The least a client must write of it; its metadata only where not every name will do. */
  readonly example?: Readonly<Record<string, unknown>>;
  /** Set for a kind that is on its way out: what every client of it is warned of. */
  readonly deprecation?: string;
  readonly printer: TablePrinter<T>;
  /** Selectable fields besides metadata.name and metadata.namespace. */
  readonly fields: Readonly<Record<string, (object: T) => string>>;
  /** What is said of a field that is none of these, where it is not what other kinds say. */
  readonly unknownField?: (field: string) => string;
  /** Fields above that are worth an index, for example `spec.nodeName`. */
  readonly indexedFields?: readonly string[];
  readonly scale?: ScaleMapping<T>;
  /** Besides owners and what it owns. */
  readonly relations?: readonly RelationDefinition<T>[];
  /** Set where objects are kept in another form than this: several kinds or versions may be views of one store. */
  readonly storage?: StoredForm<T>;
}

export interface StoredFields {
  /** Of the stored form. */
  readonly readers: Readonly<Record<string, (stored: UnstructuredObject) => string>>;
  /** The stored name of each selectable field of the kind. */
  readonly names: Readonly<Record<string, string>>;
}

/** How the objects of a kind are kept. */
export interface StoredForm<T extends KubeObject = UnstructuredObject> {
  /** The resource they are kept as: `events`, `apps/deployments`. */
  readonly resource: string;
  /** The version they are written in: `v1`, `apps/v1`. Older ones may have been written in another. */
  readonly apiVersion: string;
  /**
   * Set where a kind of other field names is kept in the same form: what is selected by is read from the stored object, under
   * the stored names, so that the objects of both are found by the fields of both.
   */
  readonly fields?: StoredFields;
  /** Both ways, pure: what is given where nothing has to be another, else a copy. Without them the forms are alike. */
  toStored?(object: T): UnstructuredObject;
  fromStored?(object: UnstructuredObject): T;
  /**
   * Both ways instead of these where that takes longer, as a webhook does: objects of any versions into one of that
   * `apiVersion`, in the same order; those that are in that version already themselves. Rejects with a StatusError.
   */
  convert?(
    ctx: Context,
    objects: readonly UnstructuredObject[],
    apiVersion: string,
  ): Promise<readonly UnstructuredObject[]>;
}

/** What the body of a request for a kind must be. */
export function expectedKind(definition: ResourceDefinition): ExpectedKind {
  const { group, version, names, schema, schemas, bodyValues } = definition;
  return { group, version, kind: names.kind, schema, schemas, ...(bodyValues && { bodyValues }) };
}

/** The storage name of a resource: `pods`, `apps/deployments`. */
export function storageResource(
  definition: Pick<ResourceDefinition, 'group' | 'names'> & { readonly storage?: { readonly resource: string } },
): string {
  if (definition.storage) return definition.storage.resource;
  return definition.group ? `${definition.group}/${definition.names.plural}` : definition.names.plural;
}
