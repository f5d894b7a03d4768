import type { ResourceListening } from '@binnacle/server-storage';

/** Tells when rights of a logical cluster may have changed. */
export interface RightsChanges {
  /**
   * Calls the listener after rules or bindings of the cluster may have changed, whoever wrote them, until the returned call. What
   * is decided from then on knows of it. It must not throw.
   */
  onChange(cluster: string, listener: () => void): () => void;
}

/** What rights follow from, as the store names it. */
export const RBAC_RESOURCES: readonly string[] = ['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings'].map(
  (plural) => `rbac.authorization.k8s.io/${plural}`,
);

/** Tells of changes to roles and bindings as they become known. */
export class StoredRightsChanges implements RightsChanges {
  private readonly listeners = new Map<string, Set<() => void>>();

  /**
   * `before` is told of the cluster first, so that nobody hears of what would still be decided as before. A source that tells
   * of nothing has nothing told of it.
   */
  constructor(source: Partial<ResourceListening>, before: (cluster: string) => void = () => undefined) {
    for (const resource of RBAC_RESOURCES) {
      source.onChange?.(resource, (cluster) => {
        before(cluster);
        this.tell(cluster);
      });
    }
  }

  onChange(cluster: string, listener: () => void): () => void {
    let listeners = this.listeners.get(cluster);
    if (!listeners) this.listeners.set(cluster, (listeners = new Set()));
    // The same function may be given twice.
    const own = (): void => listener();
    listeners.add(own);
    return () => this.forget(cluster, own);
  }

  private forget(cluster: string, listener: () => void): void {
    const listeners = this.listeners.get(cluster);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.listeners.delete(cluster);
  }

  private tell(cluster: string): void {
    for (const listener of [...(this.listeners.get(cluster) ?? [])]) listener();
  }
}
