import { newServiceUnavailable, StatusError } from '@binnacle/machinery-meta';
import type { RequestContext, ResourceStore, Selection } from '@binnacle/server-registry';
import { isStorageError, type Watch, type WatchItem } from '@binnacle/server-storage';
import type { GraphqlRequest, Located } from './request.js';

export interface ChangeRow {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly resourceVersion: string;
  readonly object: Located | null;
}

/** Where to resume from while the present state is being told: it comes in the order of names, so only from the start. */
const FROM_THE_START = '0';

export interface RowSource {
  readonly request: GraphqlRequest;
  readonly ctx: RequestContext;
  readonly store: ResourceStore;
  readonly selection: Selection;
}

/** What ended a watch, as a subscriber is told it. */
function reasonOf(error: unknown): unknown {
  if (isStorageError(error, 'expired')) return new StatusError(410, 'Expired', error.message);
  if (isStorageError(error, 'overloaded')) return new StatusError(410, 'Expired', 'the subscriber is too slow');
  if (isStorageError(error, 'unavailable')) return newServiceUnavailable(error.message);
  return error;
}

/** The changes of a selection, one after another, until the subscriber returns. */
export class SubscriptionRows implements AsyncIterableIterator<ChangeRow> {
  private readonly rows = this.generate();
  private closed = false;
  private close: () => void = () => undefined;
  private readonly closing = new Promise<void>((resolve) => (this.close = resolve));

  private constructor(
    private readonly source: RowSource,
    private watch: Watch,
    /** Where the reader stands; undefined until the present state has been told. */
    private position: number | undefined,
  ) {}

  /** Rejects where the subscription cannot begin, with Expired where `after` is no longer kept. */
  static async open(source: RowSource, after: number | undefined): Promise<SubscriptionRows> {
    return new SubscriptionRows(source, await watchFrom(source, after), after);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<ChangeRow>> {
    return this.rows.next();
  }

  /** Ends a wait for the next change at once; a generator alone would end only after it. */
  return(): Promise<IteratorResult<ChangeRow>> {
    this.closed = true;
    this.watch.close();
    this.close();
    return this.rows.return(undefined);
  }

  private async *generate(): AsyncGenerator<ChangeRow, undefined> {
    while (!this.closed) {
      yield* this.follow();
      if (!this.closed) await this.reopen();
    }
  }

  private async *follow(): AsyncGenerator<ChangeRow> {
    try {
      for await (const batch of this.watch) {
        this.source.request.related.forget();
        for (const item of batch) yield await this.row(item);
      }
      // Only this server's end closes a watch from here: the connection ends with it, and is what the client resumes after.
      await this.closing;
    } catch (error) {
      if (!isStorageError(error, 'overloaded') || this.position === undefined) throw reasonOf(error);
    } finally {
      this.watch.close();
    }
  }

  /** A watch that was cut off because nobody read fast enough goes on from the log. */
  private async reopen(): Promise<void> {
    this.watch = await watchFrom(this.source, this.position);
    if (this.closed) this.watch.close();
  }

  private async row(item: WatchItem): Promise<ChangeRow> {
    if (item.kind === 'bookmark') {
      this.position = item.revision;
      return { type: 'BOOKMARK', resourceVersion: String(item.revision), object: null };
    }
    const { store, request } = this.source;
    const { type, object } = item.change;
    request.budget.refill();
    await request.room();
    await request.budget.lane.step(request.budget.parse(object.body.length));
    // What comes into sight has been there for longer.
    if (this.position !== undefined) this.position = Math.max(this.position, object.revision);
    const resourceVersion = this.position === undefined ? FROM_THE_START : String(this.position);
    return { type, resourceVersion, object: { store, object: store.decode(object) } };
  }
}

function watchFrom({ ctx, store, selection }: RowSource, after: number | undefined): Promise<Watch> {
  return store.watch(ctx, selection, { bookmarks: true, ...(after !== undefined && { after }) });
}
