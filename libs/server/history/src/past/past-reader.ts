import type { Context } from '@binnacle/machinery-context';
import { pageInTurns } from '@binnacle/server-flow-control';
import {
  type ChangeLog,
  expiredRevision,
  futureRevision,
  type Key,
  type ListOptions,
  type ListResult,
  type ListRevision,
  PageSearch,
  replayLog,
  type Revision,
  type Scope,
  ScopedWatch,
  sortKey,
  type StorageReader,
  type StoredObject,
  type Watch,
  type WatchOptions,
} from '@binnacle/server-storage';
import type { LogState, Moments } from './moments.js';
import type { PastStates } from './past-states.js';

export type PresentReader = Pick<StorageReader, 'get' | 'list'> & Pick<ChangeLog, 'history'>;

const PAGE = 500;

/** Serves clusters as they were. What is newest there is what was newest then. */
export class PastReader {
  constructor(
    private readonly moments: Moments,
    private readonly present: PresentReader,
    private readonly states: PastStates,
  ) {}

  async get(ctx: Context, key: Key, asked?: ListRevision): Promise<StoredObject | undefined> {
    const at = await this.stateOf(ctx, key.cluster, asked);
    const state = await this.states.known({ ...at, resource: key.resource });
    if (state) return state.get(sortKey(key));
    return this.present.get(ctx, { ...key, cluster: at.cluster }, { at: 'exact', revision: at.revision });
  }

  async list(ctx: Context, scope: Scope, options: ListOptions): Promise<ListResult> {
    return this.page(ctx, await this.stateOf(ctx, scope.cluster, options.revision), scope, options);
  }

  /** Tells the state, or what led to it, and then stays open without a word. */
  async watch(ctx: Context, scope: Scope, options: WatchOptions): Promise<Watch> {
    const at = await this.moments.resolve(ctx, scope.cluster);
    const { after } = options;
    if (after !== undefined) refuseRevision(at, after);
    const watch = new ScopedWatch(ctx, { ...scope, cluster: at.cluster }, after ?? at.revision, options);
    const told = after === undefined ? this.tellState(ctx, at, watch) : this.tellChanges(ctx, at, watch);
    told.catch((error: Error) => watch.stream.fail(error));
    return watch.stream;
  }

  /** The state a read is about: that of the moment, or one before. */
  private async stateOf(ctx: Context, name: string, asked?: ListRevision): Promise<LogState> {
    const at = await this.moments.resolve(ctx, name);
    if (!asked || !('revision' in asked)) return at;
    refuseRevision(at, asked.revision);
    return asked.at === 'exact' ? { ...at, revision: asked.revision } : at;
  }

  private async page(ctx: Context, at: LogState, scope: Scope, options: Partial<ListOptions>): Promise<ListResult> {
    const { cluster, revision } = at;
    const state = await this.states.read(ctx, { ...at, resource: scope.resource });
    const within = { ...scope, cluster };
    const found = await pageInTurns(ctx, () => state, new PageSearch(revision, within, options));
    return found ?? this.present.list(ctx, within, { ...options, revision: { at: 'exact', revision } });
  }

  private async tellState(ctx: Context, at: LogState, watch: ScopedWatch): Promise<void> {
    const { stream, scope } = watch;
    let page: ListResult | undefined;
    do {
      const after = page?.items.at(-1)?.key;
      page = await this.page(ctx, at, scope, { limit: PAGE, ...(after && { after }) });
      watch.tell(page.items, at.revision);
      await stream.drained();
    } while (page.more && !stream.closed);
    watch.begin([], at.revision);
  }

  private async tellChanges(ctx: Context, { revision }: LogState, watch: ScopedWatch): Promise<void> {
    const history: ChangeLog['history'] = (context, cluster, after, limit) =>
      this.present.history(context, cluster, after, Math.min(limit, revision - after));
    await replayLog(ctx, { history }, watch, revision);
  }
}

function refuseRevision({ revision: newest, oldest }: LogState, asked: Revision): void {
  if (asked > newest) throw futureRevision(asked, newest);
  if (asked < oldest) throw expiredRevision(asked, oldest);
}
