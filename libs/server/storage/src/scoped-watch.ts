import type { Context } from '@binnacle/machinery-context';
import { scopedBatch } from './scoped-change.js';
import type { ChangeItem } from './scoped-change.js';
import type { Actor, Change, ChangeLog, Revision, Scope, StoredObject, WatchItem, WatchOptions } from './types.js';
import { WatchStream } from './watch-stream.js';

/** Bookmarks go out about this often, in milliseconds, as upstream's do. */
const BOOKMARK_EVERY = 60_000;
const CHUNK = 500;
const NOBODY: Actor = { user: '', client: '' };

export interface ScopedWatchOptions extends WatchOptions {
  readonly maxPending?: number;
  /** See `WatchStreamOptions`. */
  readonly newest?: () => Revision;
  /** See `WatchStreamOptions`. */
  readonly offered?: () => Revision;
  readonly onClose?: () => void;
}

/** A watch of one scope, fed with whole batches of a cluster's log. */
export class ScopedWatch {
  readonly stream: WatchStream;

  constructor(
    ctx: Context,
    readonly scope: Scope,
    position: Revision,
    options: ScopedWatchOptions,
  ) {
    this.stream = new WatchStream(ctx, position, {
      initial: options.after === undefined,
      ...(options.bookmarks && { bookmarkEvery: BOOKMARK_EVERY }),
      ...(options.maxPending !== undefined && { maxPending: options.maxPending }),
      ...(options.newest && { newest: options.newest }),
      ...(options.offered && { offered: options.offered }),
      ...(options.onClose && { onClose: options.onClose }),
    });
  }

  /** Delivers a part of the present state, as ADDED. */
  tell(items: readonly StoredObject[], revision: Revision): void {
    for (let at = 0; at < items.length; at += CHUNK) {
      this.stream.pushInitial(items.slice(at, at + CHUNK).map(presentItem), revision);
    }
  }

  /** Delivers the rest of the present state and the bookmark that ends it. */
  begin(items: readonly StoredObject[], revision: Revision): void {
    this.tell(items, revision);
    this.stream.pushInitial([{ kind: 'bookmark', revision, initial: true }], revision);
  }

  /** Delivers consecutive changes; what was delivered before is left out. */
  feed(batch: readonly ChangeItem[]): void {
    const fresh = this.fresh(batch);
    const last = fresh[fresh.length - 1];
    if (last) this.stream.push(scopedBatch(this.scope, fresh), last.change.object.revision);
  }

  /** The same for changes of the past, which a reader has had no chance yet to keep up with. */
  replay(batch: readonly ChangeItem[]): void {
    const fresh = this.fresh(batch);
    const last = fresh[fresh.length - 1];
    if (last) this.stream.pushInitial(scopedBatch(this.scope, fresh), last.change.object.revision);
  }

  private fresh(batch: readonly ChangeItem[]): readonly ChangeItem[] {
    const { position } = this.stream;
    const first = batch[0];
    if (!first || first.change.object.revision > position) return batch;
    return batch.filter((item) => item.change.object.revision > position);
  }
}

const REPLAY_CHUNK = 500;

/** Delivers the log up to a revision at the reader's pace, holding no more than a chunk of it. */
export async function replayLog(
  ctx: Context,
  log: Pick<ChangeLog, 'history'>,
  watch: ScopedWatch,
  upTo: Revision,
): Promise<void> {
  const { stream, scope } = watch;
  while (!stream.closed && stream.position < upTo) {
    const changes = await log.history(ctx, scope.cluster, stream.position, REPLAY_CHUNK);
    if (changes.length === 0) return;
    watch.replay(changes.map(changeItem));
    await stream.drained();
  }
}

export function changeItem(change: Change): ChangeItem {
  return { kind: 'change', change };
}

function presentItem(object: StoredObject): WatchItem {
  return { kind: 'change', change: { type: 'ADDED', object, actor: NOBODY, time: 0 } };
}
