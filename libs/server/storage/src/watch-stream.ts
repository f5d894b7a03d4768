import type { Context } from '@binnacle/machinery-context';
import { StorageError } from './errors.js';
import type { Revision, Watch, WatchItem } from './types.js';

type Batch = readonly WatchItem[];

export interface WatchStreamOptions {
  /** How many items may wait for a slow reader before it is cut off. */
  readonly maxPending?: number;
  /** How far the log has been offered to this stream, for bookmarks; its own position when absent. */
  readonly newest?: () => Revision;
  /** How far the log goes that this stream is still being sent; its own position when absent. It concludes there. */
  readonly offered?: () => Revision;
  /** Emits a bookmark this often, in milliseconds. */
  readonly bookmarkEvery?: number;
  /** The stream begins with the present state, through `pushInitial`. */
  readonly initial?: boolean;
  readonly onClose?: () => void;
}

const MAX_PENDING = 10_000;

/**
 * The reader's end of a watch. A reader that does not keep up is cut off with `overloaded`, whose `info.revision` is
 * where to resume; it never makes the process hold more than `maxPending` items for it.
 */
export class WatchStream implements Watch, AsyncIterator<Batch> {
  private queue: { batch: Batch; cost: number }[] = [];
  private pending = 0;
  private ended: { error?: Error } | undefined;
  private waiting: PromiseWithResolversOf<IteratorResult<Batch>> | undefined;
  /** Where to resume; unknown until the present state has been handed over completely. */
  private delivered: Revision | undefined;
  private onDrained: (() => void)[] = [];
  /** Where it concludes, once it was told to. */
  private last: Revision | undefined;
  private cancelBookmark: (() => void) | undefined;
  private readonly onAbort = () => this.close();

  /** `position` is what the stream has seen so far, whether or not anything of it lay in the watcher's scope. */
  constructor(
    private readonly ctx: Context,
    public position: Revision,
    private readonly options: WatchStreamOptions = {},
  ) {
    if (!options.initial) this.delivered = position;
    if (ctx.signal.aborted) this.close();
    ctx.signal.addEventListener('abort', this.onAbort, { once: true });
    if (options.bookmarkEvery) this.scheduleBookmark(options.bookmarkEvery);
  }

  get closed(): boolean {
    return this.ended !== undefined;
  }

  get reached(): Revision {
    return Math.min(this.position, this.last ?? this.position);
  }

  /** Adds what one commit produced; `position` is the commit's last revision, also when nothing of it is in scope. */
  push(batch: Batch, position: Revision): void {
    this.enqueue(batch, position, batch.length);
  }

  /** Adds items that do not count against the reader: the present state a watch begins with. */
  pushInitial(batch: Batch, position: Revision): void {
    this.enqueue(batch, position, 0);
  }

  private enqueue(batch: Batch, position: Revision, cost: number): void {
    if (this.ended) return;
    this.position = Math.max(this.position, position);
    this.offer(this.upToLast(batch), cost);
    this.endAtLast();
  }

  private offer(batch: Batch, cost: number): void {
    if (batch.length === 0) return;
    if (this.waiting) {
      this.hand(this.waiting, batch);
      this.waiting = undefined;
      return;
    }
    this.queue.push({ batch, cost });
    this.pending += cost;
    if (this.pending > (this.options.maxPending ?? MAX_PENDING)) this.cutOff();
  }

  /** Resolves when the reader has taken all that is queued, or the stream has ended. */
  drained(): Promise<void> {
    if (this.ended || this.queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.onDrained.push(resolve));
  }

  /** Ends the stream after what is queued, with the error. */
  fail(error: Error): void {
    if (this.ended) return;
    this.end({ error });
  }

  conclude(): void {
    this.last ??= Math.max(this.position, this.options.offered?.() ?? 0);
    this.endAtLast();
  }

  private endAtLast(): void {
    if (!this.ended && this.last !== undefined && this.position >= this.last) this.end({});
  }

  private upToLast(batch: Batch): Batch {
    const { last } = this;
    return last === undefined ? batch : batch.filter((item) => revisionOf(item) <= last);
  }

  close(): void {
    if (this.ended) return;
    this.queue = [];
    this.end({});
  }

  [Symbol.asyncIterator](): AsyncIterator<Batch> {
    return this;
  }

  next(): Promise<IteratorResult<Batch>> {
    const next = this.queue.shift();
    if (next) {
      this.pending -= next.cost;
      this.noteDelivered(next.batch);
      if (this.queue.length === 0) this.wakeDrained();
      return Promise.resolve({ done: false, value: next.batch });
    }
    if (this.ended) return this.finish(this.ended);
    this.waiting ??= withResolvers();
    return this.waiting.promise;
  }

  return(): Promise<IteratorResult<Batch>> {
    this.close();
    return Promise.resolve({ done: true, value: undefined });
  }

  private finish(ended: { error?: Error }): Promise<IteratorResult<Batch>> {
    const { error } = ended;
    ended.error = undefined;
    return error ? Promise.reject(error) : Promise.resolve({ done: true, value: undefined });
  }

  private cutOff(): void {
    this.queue = [];
    this.pending = 0;
    const info = this.delivered === undefined ? {} : { revision: this.delivered };
    this.fail(new StorageError('overloaded', 'the watcher is too slow', info));
  }

  private hand(waiting: PromiseWithResolversOf<IteratorResult<Batch>>, batch: Batch): void {
    this.noteDelivered(batch);
    waiting.resolve({ done: false, value: batch });
  }

  private noteDelivered(batch: Batch): void {
    const last = batch[batch.length - 1];
    if (last && (last.kind === 'bookmark' || this.delivered !== undefined)) this.delivered = revisionOf(last);
  }

  private end(ended: { error?: Error }): void {
    this.ended = ended;
    this.cancelBookmark?.();
    this.ctx.signal.removeEventListener('abort', this.onAbort);
    this.wakeDrained();
    this.options.onClose?.();
    const waiting = this.waiting;
    this.waiting = undefined;
    if (waiting) this.finish(ended).then(waiting.resolve, waiting.reject);
  }

  private wakeDrained(): void {
    for (const resolve of this.onDrained.splice(0)) resolve();
  }

  private scheduleBookmark(every: number): void {
    this.cancelBookmark = this.ctx.clock.after(every, () => {
      if (this.ended) return;
      this.position = Math.max(this.position, this.options.newest?.() ?? 0);
      this.push([{ kind: 'bookmark', revision: this.position }], this.position);
      if (!this.ended) this.scheduleBookmark(every);
    });
  }
}

function revisionOf(item: WatchItem): Revision {
  return item.kind === 'bookmark' ? item.revision : item.change.object.revision;
}

interface PromiseWithResolversOf<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
}

function withResolvers<T>(): PromiseWithResolversOf<T> {
  const made: Partial<PromiseWithResolversOf<T>> = {};
  made.promise = new Promise<T>((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made as PromiseWithResolversOf<T>;
}
