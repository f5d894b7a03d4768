import type { KubeObject, UnstructuredObject } from '@binnacle/machinery-meta';

/** A kind as the server announces it. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  /** The plural, as in paths: `deployments`. */
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly subresources: readonly string[];
}

/** What the paths of a kind are made of. */
export type ResourcePath = Pick<Resource, 'group' | 'version' | 'resource'>;

/** Where one object is. `namespace` is empty for cluster-scoped kinds. */
export interface ObjectRef {
  readonly namespace: string;
  readonly name: string;
}

/** The name kubectl takes for a kind, unique in a cluster: `pods`, `deployments.apps`. */
export function resourceId(ref: Pick<Resource, 'group' | 'resource'>): string {
  return ref.group ? `${ref.resource}.${ref.group}` : ref.resource;
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

export function objectRef(object: KubeObject): ObjectRef {
  return { namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' };
}

/** Identifies a row on the page and in the URL. */
export function objectKey(object: KubeObject): string {
  const { namespace, name } = objectRef(object);
  return namespace ? `${namespace}/${name}` : name;
}

/** Every kind the server serves, found by id, short name or kind. */
export class ResourceIndex {
  private readonly names = new Map<string, Resource>();
  private readonly kinds = new Map<string, Resource>();

  constructor(readonly all: readonly Resource[]) {
    for (const resource of all) {
      this.kinds.set(`${resource.group}/${resource.kind}`, resource);
      this.names.set(resourceId(resource), resource);
    }
    for (const resource of all) {
      for (const name of [resource.resource, ...resource.shortNames]) {
        if (!this.names.has(name)) this.names.set(name, resource);
      }
    }
  }

  /** By `deployments.apps`, and forgivingly by `deployments` or `deploy`. */
  byId(id: string): Resource | undefined {
    return this.names.get(id);
  }

  byKind(apiVersion: string, kind: string): Resource | undefined {
    return this.kinds.get(`${groupOf(apiVersion)}/${kind}`);
  }

  of(object: KubeObject): Resource | undefined {
    return this.byKind(object.apiVersion, object.kind);
  }
}

export type { KubeObject, UnstructuredObject };
