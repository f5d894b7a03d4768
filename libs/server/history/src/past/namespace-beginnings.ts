import type { Context } from '@binnacle/machinery-context';
import { parseTime } from '@binnacle/machinery-meta';
import {
  type ChangeLog,
  type HistoryStore,
  isStorageError,
  type Revision,
  type StorageReader,
} from '@binnacle/server-storage';

/** Where nothing is a namespace's own. */
export const NEVER = Number.POSITIVE_INFINITY;
const ALWAYS = 0;
const MOST_KNOWN = 10_000;
/** Clocks of servers and of the database differ, and times of objects are whole seconds. */
const CLOCKS_MILLISECONDS = 60_000;

/** What beginnings are found in. */
export type NamespaceLog = Pick<HistoryStore, 'changes' | 'revisionAt'> &
  Pick<ChangeLog, 'head'> &
  Pick<StorageReader, 'get' | 'peek'>;

interface Namespace {
  readonly metadata?: { readonly uid?: string; readonly creationTimestamp?: string };
}

interface Known {
  readonly id: string;
  readonly since: Promise<Revision>;
}

/**
 * Knows since which revision of a cluster's log a name is that of the namespace that has it now. What was there before was
 * another's: who has rights in this one has none to that.
 */
export class NamespaceBeginnings {
  private readonly known = new Map<string, Known>();

  constructor(private readonly log: NamespaceLog) {}

  /** Never where there is no such namespace; always where it was there before the history that is kept. */
  async since(ctx: Context, cluster: string, namespace: string): Promise<Revision> {
    const key = { cluster, resource: 'namespaces', namespace: '', name: namespace };
    const stored = this.log.peek(key) ?? (await this.log.get(ctx, key));
    if (!stored) return NEVER;
    const { uid = '', creationTimestamp } = (JSON.parse(stored.body.toString()) as Namespace).metadata ?? {};
    const { incarnation } = await this.log.head(ctx, cluster);
    const [place, id] = [JSON.stringify([cluster, namespace]), JSON.stringify([incarnation, uid])];
    const known = this.known.get(place);
    if (known?.id === id) return known.since;
    const since = this.find(ctx, { cluster, name: namespace, uid }, parseTime(creationTimestamp) ?? 0);
    this.remember(place, { id, since });
    return since;
  }

  private remember(place: string, known: Known): void {
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    this.known.set(place, known);
    known.since.catch(() => this.known.get(place) === known && this.known.delete(place));
  }

  /** First where the clock says that it was made, then everywhere. */
  private async find(ctx: Context, sought: Sought, made: number): Promise<Revision> {
    const { oldest, revision } = await this.log.head(ctx, sought.cluster);
    const latest = await this.revisionAt(ctx, sought.cluster, made + CLOCKS_MILLISECONDS, revision);
    if (latest === undefined) return ALWAYS;
    const earliest = (await this.revisionAt(ctx, sought.cluster, made - CLOCKS_MILLISECONDS, revision)) ?? oldest;
    const near = earliest < latest ? await this.search(ctx, sought, earliest, latest) : undefined;
    return near ?? (await this.search(ctx, sought, oldest, revision)) ?? ALWAYS;
  }

  /** Undefined for a time before the history that is kept. */
  private async revisionAt(
    ctx: Context,
    cluster: string,
    time: number,
    newest: Revision,
  ): Promise<Revision | undefined> {
    if (time >= ctx.clock.now()) return newest;
    try {
      return await this.log.revisionAt(ctx, cluster, time);
    } catch (error) {
      if (isStorageError(error, 'expired')) return undefined;
      throw error;
    }
  }

  private async search(ctx: Context, sought: Sought, after: Revision, last: Revision): Promise<Revision | undefined> {
    const { cluster, name, uid } = sought;
    const filter = { group: '', resource: 'namespaces', namespaces: [''], name, type: 'ADDED' } as const;
    for (let upTo = last; upTo > after; ) {
      const range = { cluster, after, upTo, order: 'newestFirst', filter, limit: 1 } as const;
      const { changes, reached, more } = await this.log.changes(ctx, range);
      const [found] = changes;
      if (found && (JSON.parse(found.object.body.toString()) as Namespace).metadata?.uid === uid)
        return found.object.revision;
      if (!more) return undefined;
      upTo = reached - 1;
    }
    return undefined;
  }
}

interface Sought {
  readonly cluster: string;
  readonly name: string;
  readonly uid: string;
}
