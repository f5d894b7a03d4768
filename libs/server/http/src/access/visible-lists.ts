import type { IncomingHttpHeaders } from 'node:http';
import { type Context, type Soon, soon } from '@binnacle/machinery-context';
import type { RightsChangedAfter } from '@binnacle/server-registry';
import {
  isPast,
  parseBody,
  presentCluster,
  type Storage,
  type StorageReader,
  type StoredObject,
} from '@binnacle/server-storage';

/** Asks, of a list or watch across namespaces, for those that one may see where one may not see all. */
export const VISIBLE_HEADER = 'binnacle-visible';
/** On the Namespace kube-system of a logical cluster: everybody is answered so there, whatever their client can send. */
export const VISIBLE_ANNOTATION = 'binnacle.dev/visible-lists';
const RBAC = 'rbac.authorization.k8s.io';
/** The Namespace that says so. */
export const KEPT_AT = { namespace: '', name: 'kube-system' };

export const asksForVisible = (headers: IncomingHttpHeaders): boolean => headers[VISIBLE_HEADER] === 'true';

/** Whether roles or bindings of a cluster have changed after a revision, as its log says; of what is not kept any more, they have. */
export function rightsChangedAfter(log: Pick<Storage, 'changes' | 'revision'>): RightsChangedAfter {
  return async (ctx, cluster, after) => {
    if (isPast(cluster)) return true;
    const upTo = await log.revision(ctx, cluster);
    if (after >= upTo) return false;
    const range = { cluster, after, upTo, order: 'oldestFirst', filter: { group: RBAC }, limit: 1 } as const;
    const { changes, more } = await log.changes(ctx, range).catch(() => ({ changes: [], more: true }));
    return changes.length > 0 || more;
  };
}

/** In which logical clusters lists across namespaces hold what one may see, and are not refused, without being asked to. */
export class VisibleLists {
  private readonly known = new WeakMap<StoredObject, boolean>();

  constructor(private readonly storage: Pick<StorageReader, 'peek' | 'get'>) {}

  isOn(ctx: Context, cluster: string): Soon<boolean> {
    const key = { ...KEPT_AT, resource: 'namespaces', cluster: presentCluster(cluster) };
    const stored = this.storage.peek(key);
    if (stored) return this.saysSo(stored);
    // Of a cluster that is not there nothing is said.
    return soon(
      this.storage.get(ctx, key, { at: 'any' }).catch(() => undefined),
      (read) => read !== undefined && this.saysSo(read),
    );
  }

  private saysSo(stored: StoredObject): boolean {
    let says = this.known.get(stored);
    if (says === undefined) {
      says = parseBody(stored).metadata.annotations?.[VISIBLE_ANNOTATION] === 'true';
      this.known.set(stored, says);
    }
    return says;
  }
}
