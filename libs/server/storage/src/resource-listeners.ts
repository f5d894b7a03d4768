/** Who wants to be told of which resources. */
export class ResourceListeners {
  private readonly listeners = new Map<string, Set<(cluster: string) => void>>();

  add(resource: string, listener: (cluster: string) => void): () => void {
    let listeners = this.listeners.get(resource);
    if (!listeners) this.listeners.set(resource, (listeners = new Set()));
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** Something of the resource changed in the cluster. */
  tell(cluster: string, resource: string): void {
    for (const listener of this.listeners.get(resource) ?? []) listener(cluster);
  }

  /** The same for what a batch of changes is about, once for each resource. */
  tellOf(cluster: string, resources: Iterable<string>): void {
    if (this.listeners.size === 0) return;
    const listened = new Set([...resources].filter((resource) => this.listeners.has(resource)));
    for (const resource of listened) this.tell(cluster, resource);
  }

  /** The cluster became known, with whatever is in it. */
  tellAll(cluster: string): void {
    for (const resource of this.listeners.keys()) this.tell(cluster, resource);
  }
}
