import type { FlowResource } from '../types.js';

interface Watched extends Pick<FlowResource, 'group' | 'resource' | 'namespace'> {
  readonly cluster: string;
  /** Empty for a watch on many. */
  readonly name: string;
}

const kindOf = ({ cluster, group, resource }: Watched): string => `${cluster} ${group}/${resource}`;
const scopeOf = (namespace: string, name: string): string => `${namespace}/${name}`;

/** How many watches are told of a change. Behaves as apiserver pkg/util/flowcontrol watch_tracker. */
export class WatchCounts {
  /** By kind, since most that are written are watched by few; by namespace and name in each. */
  private readonly counts = new Map<string, Map<string, number>>();

  /** Answers what forgets the watch again. */
  add(watched: Watched): () => void {
    const [kind, scope] = [kindOf(watched), scopeOf(watched.namespace, watched.name)];
    let ofKind = this.counts.get(kind);
    if (!ofKind) this.counts.set(kind, (ofKind = new Map()));
    ofKind.set(scope, (ofKind.get(scope) ?? 0) + 1);
    let isCounted = true;
    return () => {
      if (isCounted) this.remove(kind, scope);
      isCounted = false;
    };
  }

  get isEmpty(): boolean {
    return this.counts.size === 0;
  }

  /** Watches of everything, of the namespace, and of the object itself. */
  interestedIn(changed: Watched): number {
    const ofKind = this.counts.get(kindOf(changed));
    if (!ofKind) return 0;
    const { namespace, name } = changed;
    const of = (scope: string): number => ofKind.get(scope) ?? 0;
    let count = of('/');
    if (namespace) count += of(scopeOf(namespace, ''));
    if (name) count += of(scopeOf('', name));
    if (namespace && name) count += of(scopeOf(namespace, name));
    return count;
  }

  private remove(kind: string, scope: string): void {
    const ofKind = this.counts.get(kind);
    if (!ofKind) return;
    const left = (ofKind.get(scope) ?? 0) - 1;
    if (left > 0) ofKind.set(scope, left);
    else ofKind.delete(scope);
    if (ofKind.size === 0) this.counts.delete(kind);
  }
}
