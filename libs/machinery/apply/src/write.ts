import type { UnstructuredObject } from '@binnacle/machinery-meta';
import type { ApplyType } from './apply-type.js';
import { compareValues, type Comparison } from './compare.js';
import { FieldSet } from './field-set.js';
import type { Manager, ManagerOperation } from './managers.js';
import { Recent } from './recent.js';
import { shapeOf } from './shape.js';

/** An object, without its managed fields, and those as JSON text, which is empty where there are none. */
export interface Owned {
  readonly object: UnstructuredObject;
  readonly owners: string;
}

/** How the objects of one version are owned. */
export interface OwnedVersion {
  readonly type: ApplyType;
  /** Paths this endpoint does not write, such as `status` or `metadata.labels`; nobody comes to own them through it. */
  readonly resetFields?: readonly (readonly string[])[];
  /** The only paths that it writes, where not all are; `*` is any element. */
  readonly onlyFields?: readonly (readonly string[])[];
}

/** Who writes what kind of object. */
export interface ManagedWrite extends OwnedVersion {
  /** Field manager: a query parameter, or the first word of the client's User-Agent. */
  readonly manager: string;
  readonly apiVersion: string;
  /** Empty for the object itself. */
  readonly subresource?: string;
  /** RFC 3339; where it is left out what is noted says no time. */
  readonly now?: string;
  /** How objects are in another version of the kind: undefined where that is no longer served, by default as in this one. */
  readonly inVersion?: (apiVersion: string) => OtherVersion | 'alike' | undefined;
}

export interface OtherVersion extends OwnedVersion {
  /** From the version of the write. Nothing given is changed. */
  convert(object: UnstructuredObject): UnstructuredObject;
}

/** What nobody owns: whatever says what an object is, and what only the server writes. */
const UNOWNED = FieldSet.of(false, [
  ['f:apiVersion', FieldSet.self],
  ['f:kind', FieldSet.self],
  [
    'f:metadata',
    FieldSet.of(
      true,
      [
        'name',
        'namespace',
        'creationTimestamp',
        'selfLink',
        'uid',
        'clusterName',
        'generation',
        'managedFields',
        'resourceVersion',
      ].map((name) => [`f:${name}`, FieldSet.self]),
    ),
  ],
]);

/** What somebody who wrote these fields comes to own. */
export const ownable = (fields: FieldSet): FieldSet => fields.difference(UNOWNED);

const ANY = '*';
const elementsOf = (path: readonly string[]): string[] => path.map((name) => (name === ANY ? ANY : `f:${name}`));

/** What is on the way to one of the paths and what begins with it. Behaves as structured-merge-diff FilterIncludeMatches. */
function included(fields: FieldSet, paths: readonly (readonly string[])[]): FieldSet {
  if (paths.some((path) => path.length === 0)) return fields;
  return fields.mapChildren(fields.member, (child, element) => {
    const on = paths.filter(([first]) => first === ANY || first === element);
    const rest = on.map((path) => path.slice(1));
    return rest.length > 0 ? included(child, rest) : FieldSet.empty;
  });
}

/** The part of a set that an endpoint writes. */
export function writable(fields: FieldSet, { resetFields = [], onlyFields }: OwnedVersion): FieldSet {
  const rest = resetFields.reduce((set, path) => set.without(elementsOf(path)), fields);
  return onlyFields ? included(rest, onlyFields.map(elementsOf)) : rest;
}

/** A shallow copy without what an endpoint leaves alone as a whole, which need not be compared. */
function compared(object: UnstructuredObject, resetFields: OwnedVersion['resetFields'] = []): object {
  const copy: Record<string, unknown> = { ...object };
  for (const path of resetFields) if (path.length === 1) copy[path[0] as string] = undefined;
  return copy;
}

/** How an object became another, as far as the endpoint writes it. */
export function compareObjects(old: UnstructuredObject, next: UnstructuredObject, version: OwnedVersion): Comparison {
  const { resetFields, type } = version;
  const { changed, removed } = compareValues(compared(old, resetFields), compared(next, resetFields), type);
  return { changed: writable(changed, version), removed: writable(removed, version) };
}

const NOTHING = { metadata: {} };
/** What makers of objects of one type own, by the shapes of these: most are made after few models. */
const made = new WeakMap<ApplyType, Recent<FieldSet>>();
const MADE_CAPACITY = 1024 * 1024;

/** What whoever makes an object comes to own. */
export function madeFields(next: UnstructuredObject, version: OwnedVersion): FieldSet {
  const { type, resetFields } = version;
  let known = made.get(type);
  if (!known) made.set(type, (known = new Recent(MADE_CAPACITY)));
  const said = compared(next, resetFields);
  const fields = known.get(shapeOf(said, type), () => ownable(compareValues(NOTHING, said, type).changed));
  return writable(fields, version);
}

const compareMade = (next: UnstructuredObject, version: OwnedVersion): Comparison => ({
  changed: madeFields(next, version),
  removed: FieldSet.empty,
});

/** The same as a manager sees it, whose fields are those of a version of its own; undefined where that is gone. */
export class Comparisons {
  private readonly known = new Map<string, Comparison | undefined>();

  constructor(
    private readonly old: UnstructuredObject | undefined,
    private readonly next: UnstructuredObject,
    private readonly write: ManagedWrite,
  ) {
    this.known.set(write.apiVersion, this.compared(old, next, write));
  }

  /** In the version of the write. */
  get own(): Comparison {
    return this.known.get(this.write.apiVersion) as Comparison;
  }

  in(apiVersion: string): Comparison | undefined {
    if (!this.known.has(apiVersion)) this.known.set(apiVersion, this.compare(apiVersion));
    return this.known.get(apiVersion);
  }

  private compare(apiVersion: string): Comparison | undefined {
    const version = this.write.inVersion ? this.write.inVersion(apiVersion) : 'alike';
    if (version === 'alike') return this.own;
    return version && this.compared(this.old && version.convert(this.old), version.convert(this.next), version);
  }

  private compared(old: UnstructuredObject | undefined, next: UnstructuredObject, version: OwnedVersion): Comparison {
    return old ? compareObjects(old, next, version) : compareMade(next, version);
  }
}

/** The writer as a manager of fields. */
export function writerOf(write: ManagedWrite, operation: ManagerOperation, fields: FieldSet): Manager {
  const { manager, apiVersion, subresource = '' } = write;
  return { name: manager || 'unknown', operation, apiVersion, subresource, fields };
}
