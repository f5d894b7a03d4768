import type { ResourceRef } from '@binnacle/client-rest';
import type { KubeObject, ObjectMeta, OwnerReference } from '@binnacle/machinery-meta';
import { FOREGROUND_FINALIZER, formatApiVersion, ORPHAN_FINALIZER } from '@binnacle/machinery-meta';

/** An object as far as the garbage collector knows it: what it is, who owns it, what it owns. */
export interface GraphNode {
  readonly uid: string;
  readonly resource: ResourceRef;
  readonly name: string;
  readonly namespace?: string;
  readonly owners: readonly OwnerReference[];
  readonly deleting: boolean;
  /** On its way out, but only after its blocking dependents. */
  readonly foreground: boolean;
  /** On its way out, after letting its dependents go free. */
  readonly orphaning: boolean;
}

export function nodeOf(resource: ResourceRef, { metadata }: KubeObject): GraphNode {
  const deleting = metadata.deletionTimestamp !== undefined;
  const has = (finalizer: string) => deleting && (metadata.finalizers ?? []).includes(finalizer);
  return {
    uid: metadata.uid ?? '',
    resource,
    name: metadata.name ?? '',
    ...(metadata.namespace && { namespace: metadata.namespace }),
    owners: metadata.ownerReferences ?? [],
    deleting,
    foreground: has(FOREGROUND_FINALIZER),
    orphaning: has(ORPHAN_FINALIZER),
  };
}

const apiVersionOf = ({ group, version }: ResourceRef): string => formatApiVersion({ group, version });

/** A namespaced owner owns only in its own namespace, whatever uid a reference gives. */
export function isInReach(owner: GraphNode, dependent: GraphNode): boolean {
  return !owner.namespace || owner.namespace === dependent.namespace;
}

/** Whether a reference of `dependent` means that very owner: the uid alone can be anybody's claim. */
export function refersTo(dependent: GraphNode, reference: OwnerReference, owner: GraphNode): boolean {
  const { uid, resource, name } = owner;
  if (reference.uid !== uid || reference.name !== name || !isInReach(owner, dependent)) return false;
  return reference.kind === resource.kind && reference.apiVersion === apiVersionOf(resource);
}

/** References of `dependent` to owners that are known to live in another namespace. */
export function strayReferences(graph: OwnerGraph, dependent: GraphNode): OwnerReference[] {
  return dependent.owners.filter(({ uid }) => {
    const owner = graph.get(uid);
    return owner !== undefined && !isInReach(owner, dependent);
  });
}

/** All the garbage collector keeps of an object; the rest is dropped before it is stored. */
export function onlyOwnership(object: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, ownerReferences, finalizers, deletionTimestamp } = object.metadata;
  const metadata: ObjectMeta = { name, namespace, uid, resourceVersion };
  if (ownerReferences?.length) metadata.ownerReferences = ownerReferences;
  if (finalizers?.length) metadata.finalizers = finalizers;
  if (deletionTimestamp) metadata.deletionTimestamp = deletionTimestamp;
  return { apiVersion: object.apiVersion, kind: object.kind, metadata };
}

/** Who owns whom, by uid. Dependents are known even of owners that were never seen. */
export class OwnerGraph {
  private readonly nodes = new Map<string, GraphNode>();
  private readonly dependentsOf = new Map<string, Set<string>>();

  get(uid: string): GraphNode | undefined {
    return this.nodes.get(uid);
  }

  dependents(uid: string): GraphNode[] {
    const uids = this.dependentsOf.get(uid) ?? [];
    return [...uids].flatMap((dependent) => this.nodes.get(dependent) ?? []);
  }

  /** Answers what was known before. */
  put(node: GraphNode): GraphNode | undefined {
    const old = this.nodes.get(node.uid);
    this.unlink(old);
    this.nodes.set(node.uid, node);
    for (const { uid } of node.owners) {
      const dependents = this.dependentsOf.get(uid) ?? new Set();
      dependents.add(node.uid);
      this.dependentsOf.set(uid, dependents);
    }
    return old;
  }

  remove(uid: string): GraphNode | undefined {
    const old = this.nodes.get(uid);
    this.unlink(old);
    this.nodes.delete(uid);
    return old;
  }

  private unlink(node: GraphNode | undefined): void {
    for (const { uid } of node?.owners ?? []) {
      const dependents = this.dependentsOf.get(uid);
      dependents?.delete(node?.uid ?? '');
      if (dependents?.size === 0) this.dependentsOf.delete(uid);
    }
  }
}
