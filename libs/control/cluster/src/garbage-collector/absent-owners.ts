import type { KubeClient, ResourceRef } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { ignoreNotFound, type KubeObject, type OwnerReference } from '@binnacle/machinery-meta';
import type { GraphNode } from './graph.js';

const MOST_REMEMBERED = 1000;

/** Where to find an object by the apiVersion and kind in a reference; undefined for kinds the server does not have. */
export type ResourceOf = (apiVersion: string, kind: string) => ResourceRef | undefined;

/** What the server says of an owner; nothing can be said where a cluster-scoped dependent names a namespaced one. */
export type OwnerAnswer = KubeObject | 'absent' | 'unreachable';

/** All that a reference says: two that give one uid and differ elsewhere are answered apart. */
function keyOf({ apiVersion, kind, name, uid }: OwnerReference, namespace: string): string {
  return JSON.stringify([apiVersion, kind, namespace, name, uid]);
}

/** Asks the server about owners that no watch has shown, and remembers which are gone: a uid never comes back. */
export class AbsentOwners {
  private readonly absent = new Set<string>();

  constructor(
    private readonly client: KubeClient,
    private readonly resourceOf: ResourceOf,
  ) {}

  /** @throws Error where the kind is not known, since then nobody can tell. */
  async ask(ctx: Context, dependent: GraphNode, owner: OwnerReference): Promise<OwnerAnswer> {
    const resource = this.resourceOf(owner.apiVersion, owner.kind);
    if (!resource) throw new Error(`no resource is known for owner ${owner.apiVersion} ${owner.kind}`);
    // A namespaced owner lives where its dependent lives; a cluster-scoped dependent can have none.
    if (resource.namespaced && !dependent.namespace) return 'unreachable';
    const namespace = resource.namespaced ? dependent.namespace : undefined;
    const key = keyOf(owner, namespace ?? '');
    if (this.absent.has(key)) return 'absent';
    const found = await ignoreNotFound(this.client.resource(resource).get(ctx, { name: owner.name, namespace }));
    if (found?.metadata.uid === owner.uid) return found;
    this.remember(key);
    return 'absent';
  }

  private remember(key: string): void {
    this.absent.add(key);
    for (const oldest of this.absent) {
      if (this.absent.size <= MOST_REMEMBERED) return;
      this.absent.delete(oldest);
    }
  }
}
