import type { Context } from '@binnacle/machinery-context';
import { newBadRequest, StatusError } from '@binnacle/machinery-meta';
import type { ObjectSource, RequestContext } from '@binnacle/server-registry';
import {
  CHANGE_PAGE_BYTES,
  type ChangeLog,
  type ChangeRange,
  expiredRevision,
  futureRevision,
  type HistoryStore,
  isStorageError,
  type Key,
  type ListOptions,
  type ListResult,
  type ListRevision,
  type ResourceSize,
  type Revision,
  type Scope,
  type StoredObject,
  type Watch,
  type WatchOptions,
} from '@binnacle/server-storage';
import { beyondHistory, type LogState, type Moments } from '../past/moments.js';
import type { NamespaceBeginnings } from '../past/namespace-beginnings.js';
import { type ChangeQuery, changeQuery, isWithin, revisionOfName } from './change-query.js';
import { ChangeWatch, type WatchedPart } from './change-watch.js';
import { type MayRead, visibleChanges } from './visible-changes.js';

/** Changes a page holds, also where none are asked for. */
const PAGE = 500;
/** Pages of the log that are read for one of a list while nothing is found in them. */
const LOOKS = 10;

/** What a page costs to make: reading the log, and objects twice. */
const CHANGE_PAGE: ResourceSize = { objects: 2 * PAGE, bytes: CHANGE_PAGE_BYTES };

/** The log that changes are read from. */
export type ReadableLog = Pick<HistoryStore, 'changes' | 'revisionAt'> & Pick<ChangeLog, 'follow'>;

/** Serves the entries of a cluster's log as objects, the newest first. Nothing can be written. */
export class ChangeSource implements ObjectSource {
  readonly listSize = CHANGE_PAGE;

  constructor(
    private readonly moments: Moments,
    private readonly log: ReadableLog,
    private readonly mayRead: MayRead,
    private readonly beginnings: Pick<NamespaceBeginnings, 'since'>,
  ) {}

  async get(ctx: RequestContext, key: Key, asked?: ListRevision): Promise<StoredObject | undefined> {
    const at = await this.stateOf(ctx, key.cluster, asked);
    const revision = revisionOfName(key.name);
    if (revision === undefined || revision > at.revision) return undefined;
    if (revision <= at.oldest) throw beyondHistory(at.cluster, at, `change ${revision}`);
    const scope = { cluster: key.cluster, resource: key.resource, namespace: key.namespace };
    const [found] = (await this.look(ctx, at, scope, only(at.cluster, revision))).items;
    return found?.key.namespace === key.namespace ? found : undefined;
  }

  async list(ctx: RequestContext, scope: Scope, options: ListOptions): Promise<ListResult> {
    const at = await this.stateOf(ctx, scope.cluster, options.revision);
    const query = changeQuery(scope, ctx.clock.now());
    const range = await this.rangeOf(ctx, at, query, options);
    const items: StoredObject[] = [];
    for (let looks = 1; range && range.upTo > range.after; looks += 1) {
      const page = await this.look(ctx, at, scope, { ...range, limit: range.limit - items.length });
      items.push(...page.items);
      if (!page.more) break;
      range.upTo = page.reached - 1;
      const next = { namespace: '', name: String(page.reached) };
      if (items.length >= range.limit || looks === LOOKS) return { revision: at.revision, items, more: true, next };
    }
    return { revision: at.revision, items, more: false };
  }

  /** Without a revision it begins with all changes there are, the oldest first. */
  async watch(ctx: RequestContext, scope: Scope, options: WatchOptions): Promise<Watch> {
    const at = await this.stateOf(ctx, scope.cluster, { at: 'latest' });
    const { after } = options;
    if (after !== undefined && after > at.revision) throw futureRevision(after, at.revision);
    if (after !== undefined && after < at.oldest) throw expiredRevision(after, at.oldest);
    const query = changeQuery(scope, ctx.clock.now());
    const from = after ?? Math.max(at.oldest, await this.before(ctx, at, query.since));
    const part = await this.partOf(ctx, at, query, from);
    const watch = new ChangeWatch(ctx, { at, filter: query.filter, ...part }, options, {
      log: this.log,
      shown: (changes) => {
        const meant = changes.filter(({ time }) => isWithin(query, time));
        return visibleChanges(ctx, at, scope, { changes: meant, ...this.rights(ctx, at) });
      },
    });
    return watch.stream;
  }

  peek(): undefined {
    return undefined;
  }

  async write(): Promise<never> {
    throw new StatusError(405, 'MethodNotAllowed', 'the log of changes is written by what is changed');
  }

  private async stateOf(ctx: Context, name: string, asked?: ListRevision): Promise<LogState> {
    const at = await this.moments.resolve(ctx, name);
    if (!asked || !('revision' in asked)) return at;
    if (asked.revision > at.revision) throw futureRevision(asked.revision, at.revision);
    return asked.at === 'exact' ? { ...at, revision: asked.revision } : at;
  }

  /** The part of the log a page is looked for in; undefined where there can be nothing. */
  private async rangeOf(
    ctx: Context,
    at: LogState,
    query: ChangeQuery,
    { limit, after }: ListOptions,
  ): Promise<{ -readonly [Member in keyof ChangeRange]: ChangeRange[Member] } | undefined> {
    if (query.isEmpty) return undefined;
    const { cluster, revision } = at;
    const begun = after ? goesOn(after.name) : revision;
    const until = query.until === undefined ? begun : Math.min(begun, await this.upTo(ctx, at, query.until));
    const named = query.revision;
    if (named !== undefined && named > until) return undefined;
    const from = named === undefined ? await this.before(ctx, at, query.since) : named - 1;
    const { filter } = query;
    const order = 'newestFirst' as const;
    return { cluster, after: from, upTo: named ?? until, order, filter, limit: Math.min(limit || PAGE, PAGE) };
  }

  /** The part of the log that a watch has something to tell of. It has an end only where nothing can come to it any more. */
  private async partOf(ctx: Context, at: LogState, query: ChangeQuery, from: Revision): Promise<WatchedPart> {
    const { revision, until, isEmpty } = query;
    if (isEmpty) return { from, upTo: from };
    if (revision !== undefined) return { from: Math.max(from, Math.min(revision - 1, at.revision)), upTo: revision };
    const last = until === undefined ? at.revision : await this.upTo(ctx, at, until);
    return last < at.revision ? { from, upTo: last } : { from };
  }

  /** The newest revision before a time; of a time that is forgotten, where history begins. */
  private async before(ctx: Context, at: LogState, time: number | undefined): Promise<Revision> {
    return time === undefined ? at.oldest : this.upTo(ctx, at, time - 1);
  }

  private async upTo(ctx: Context, { cluster, oldest }: LogState, time: number): Promise<Revision> {
    try {
      return await this.log.revisionAt(ctx, cluster, time);
    } catch (error) {
      if (isStorageError(error, 'expired')) return oldest;
      throw error;
    }
  }

  private rights(ctx: Context, { cluster }: LogState) {
    return { mayRead: this.mayRead, since: (namespace: string) => this.beginnings.since(ctx, cluster, namespace) };
  }

  private async look(ctx: RequestContext, at: LogState, scope: Scope, range: ChangeRange) {
    const { changes, reached, more } = await this.log.changes(ctx, range);
    const items = await visibleChanges(ctx, at, scope, { changes, ...this.rights(ctx, at) });
    return { items, reached, more };
  }
}

function only(cluster: string, revision: Revision): ChangeRange {
  return { cluster, after: revision - 1, upTo: revision, order: 'newestFirst', limit: 1 };
}

/** The newest revision of the next page, from the name that a list goes on after. */
function goesOn(name: string): Revision {
  const revision = revisionOfName(name);
  if (revision === undefined) throw newBadRequest('continue key is not valid: it is of another resource');
  return revision - 1;
}
