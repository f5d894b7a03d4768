import type { ResourceDefinition } from './definition.js';

export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The kinds a logical cluster serves. Immutable; another content is another set. */
export interface ResourceSet {
  /** A digest of the content: sets of equal version are the same object, and share everything derived from them. */
  readonly version: string;
  /** In the order of discovery. */
  readonly all: readonly ResourceDefinition[];
  find(group: string, version: string, plural: string): ResourceDefinition | undefined;
  findKind(kind: Kind): ResourceDefinition | undefined;
}

/** Makes something of each set once, when it is first asked for; it goes with the set. */
export function perSet<T extends object>(make: (set: ResourceSet) => T): (set: ResourceSet) => T {
  const made = new WeakMap<ResourceSet, T>();
  return (set) => {
    let value = made.get(set);
    if (!value) made.set(set, (value = make(set)));
    return value;
  };
}

/** Makes a set. Whoever makes several keeps those of equal version apart from no other: they have to be one object. */
export function resourceSet(version: string, all: readonly ResourceDefinition[]): ResourceSet {
  const byPlural = new Map(all.map((one) => [`${one.group}/${one.version}/${one.names.plural}`, one]));
  const byKind = new Map(all.map((one) => [`${one.group}/${one.version}/${one.names.kind}`, one]));
  return {
    version,
    all,
    find: (group, of, plural) => byPlural.get(`${group}/${of}/${plural}`),
    findKind: ({ group, version: of, kind }) => byKind.get(`${group}/${of}/${kind}`),
  };
}
