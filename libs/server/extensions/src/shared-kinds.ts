import { createHash } from 'node:crypto';
import {
  type CustomResourceDefinition,
  type CustomTools,
  definitionOf,
  storageVersionOf,
} from '@binnacle/apis-extensions';
import { type ResourceDefinition, type ResourceSet, resourceSet, Shared } from '@binnacle/apis-registry';
import { compareVersions } from '@binnacle/machinery-meta';
import type { StoredObject } from '@binnacle/server-storage';
import { readDefinition, wholeDefinition } from './stored-definitions.js';

type Kinds = readonly ResourceDefinition[];

const placeOf = ({ group, version, names }: ResourceDefinition): string => `${group}/${version}/${names.plural}`;

/** Groups by name, in each the best version first, as discovery shows them. */
function inOrder(left: ResourceDefinition, right: ResourceDefinition): number {
  if (left.group !== right.group) return left.group < right.group ? -1 : 1;
  return compareVersions(left.version, right.version) || (left.names.plural < right.names.plural ? -1 : 1);
}

/** Makes kinds of definitions and sets of kinds. What is equal is one object, in however many clusters it is. */
export class SharedKinds {
  private readonly kinds = new Shared<Kinds>();
  private readonly sets = new Shared<ResourceSet>();

  constructor(
    /** What every cluster serves. */
    readonly base: ResourceSet,
    private readonly tools: CustomTools,
  ) {}

  /** The set of a cluster with those definitions; the base itself where none of them is served. */
  setOf(definitions: readonly StoredObject[]): ResourceSet {
    const served = definitions.filter((stored) => readDefinition(stored).isServed);
    if (served.length === 0) return this.base;
    const hash = createHash('sha256').update(this.base.version);
    for (const digest of served.map((stored) => readDefinition(stored).digest).sort()) hash.update(digest);
    const version = hash.digest('base64url');
    return this.sets.get(version, () => this.makeSet(version, served));
  }

  /** The one kind of a definition, in the version that its objects are stored in. */
  storedAs(definition: CustomResourceDefinition): ResourceSet {
    const version = storageVersionOf(definition)?.name ?? '';
    const { uid, resourceVersion } = definition.metadata;
    const key = `stored ${uid} ${resourceVersion}`;
    return this.sets.get(key, () => resourceSet(key, [definitionOf(definition, version, key, this.tools)]));
  }

  private makeSet(version: string, served: readonly StoredObject[]): ResourceSet {
    const taken = new Set(this.base.all.map(placeOf));
    const custom = served.flatMap((stored) => this.kindsOf(stored)).filter((kind) => !taken.has(placeOf(kind)));
    return resourceSet(version, [...this.base.all, ...custom.sort(inOrder)]);
  }

  private kindsOf(stored: StoredObject): Kinds {
    const { digest } = readDefinition(stored);
    return this.kinds.get(digest, () => {
      const definition = wholeDefinition(stored);
      const served = definition.spec.versions.filter((version) => version.served);
      return served.map(({ name }) => definitionOf(definition, name, digest, this.tools));
    });
  }
}
