import type { KubeObject, UnstructuredObject } from '@binnacle/machinery-meta';
import type { FieldError } from '@binnacle/machinery-validation';
import type { ExpectedKind } from '../schema/index.js';

/**
 * The registry is a table: a kind is one declarative definition in one folder. Discovery, OpenAPI, Table printing,
 * GraphQL and the dashboard's generic pages are derived from it.
 */
export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

export interface ResourceNames {
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
}

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
}

export interface SubresourceDefinition {
  /** `status`, `scale`, `binding`, `eviction`, `log`, `token`, `finalize`, … */
  readonly name: string;
  readonly verbs: readonly Verb[];
  /** Set where the subresource speaks another kind, as scale (autoscaling/v1 Scale) and eviction (policy/v1 Eviction) do. */
  readonly gvk?: { readonly group: string; readonly version: string; readonly kind: string };
}

/** Where the replicas of a scalable kind stand. */
export interface ScaleMapping<T extends KubeObject> {
  readonly get: (object: T) => { spec: number; status: number; selector: string };
  readonly set: (object: T, replicas: number) => void;
}

/**
 * The rules of a kind. Every function is pure; objects passed to a `prepare` or `default` function are private drafts
 * that may be changed in place. Order of use on create: default, prepareForCreate, validate; on update: default,
 * prepareForUpdate, validate, validateUpdate. Behaves as kubernetes pkg/registry strategies.
 */
export interface Strategy<T extends KubeObject> {
  applyDefaults?(object: T): void;
  prepareForCreate?(object: T): void;
  /** Also decides `metadata.generation`; `old` is frozen. */
  prepareForUpdate?(next: T, old: T): void;
  /** Rules of an object at any time. */
  validate?(object: T): FieldError[];
  /** Rules that hold for a new object only, besides those of `validate`. */
  validateCreate?(object: T): FieldError[];
  validateUpdate?(next: T, old: T): FieldError[];
  /** Rules of the status subresource: keep what is not status, then check. */
  prepareForStatusUpdate?(next: T, old: T): void;
  validateStatusUpdate?(next: T, old: T): FieldError[];
  warnings?(next: T, old?: T): string[];
  /** Seconds an object lives on after DELETE; undefined deletes at once. Pods only, in practice. */
  gracePeriodSeconds?(object: T, requested: number | undefined): number | undefined;
  readonly allowCreateOnUpdate?: boolean;
  readonly allowUnconditionalUpdate?: boolean;
  /** Sent when the client asks for no propagation policy; Background unless said otherwise. */
  readonly defaultPropagation?: 'Orphan' | 'Background';
}

export interface ResourceDefinition<T extends KubeObject = UnstructuredObject> {
  readonly group: string;
  readonly version: string;
  readonly names: ResourceNames;
  readonly namespaced: boolean;
  readonly verbs: readonly Verb[];
  readonly subresources: readonly SubresourceDefinition[];
  /** Name in the schema tables, for example `io.k8s.api.apps.v1.Deployment`. */
  readonly schema: string;
  readonly strategy: Strategy<T>;
  /** Set for a kind that is on its way out: what every client of it is warned of. */
  readonly deprecation?: string;
  readonly printer: TablePrinter<T>;
  /** Selectable fields besides metadata.name and metadata.namespace. */
  readonly fields: Readonly<Record<string, (object: T) => string>>;
  /** Fields above that are worth an index, for example `spec.nodeName`. */
  readonly indexedFields?: readonly string[];
  readonly scale?: ScaleMapping<T>;
  /** Set where two kinds are views of one store, as core/v1 and events.k8s.io/v1 Events are. */
  readonly storage?: {
    readonly resource: string;
    toStored(object: T): UnstructuredObject;
    fromStored(object: UnstructuredObject): T;
  };
}

/** What the body of a request for a kind must be. */
export function expectedKind({ group, version, names, schema }: ResourceDefinition): ExpectedKind {
  return { group, version, kind: names.kind, schema };
}

/** The storage name of a resource: `pods`, `apps/deployments`. */
export function storageResource(
  definition: Pick<ResourceDefinition, 'group' | 'names'> & { readonly storage?: { readonly resource: string } },
): string {
  if (definition.storage) return definition.storage.resource;
  return definition.group ? `${definition.group}/${definition.names.plural}` : definition.names.plural;
}

/** Forgets the static type of a definition so that many kinds stand in one table. */
export function defineResource<T extends KubeObject>(definition: ResourceDefinition<T>): ResourceDefinition {
  return definition as unknown as ResourceDefinition;
}
