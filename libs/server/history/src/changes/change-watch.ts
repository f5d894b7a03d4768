import type { Context } from '@binnacle/machinery-context';
import {
  type Change,
  type ChangeFilter,
  type ChangeLog,
  type HistoryStore,
  type Revision,
  type StoredObject,
  type WatchItem,
  type WatchOptions,
  WatchStream,
} from '@binnacle/server-storage';
import type { LogState } from '../past/moments.js';

/** Where a watch of changes begins to read, and where it has read all that it will ever tell. */
export interface WatchedPart {
  /** Exclusive. */
  readonly from: Revision;
  /** Inclusive; absent where there may always be more. */
  readonly upTo?: Revision;
}

/** What a watch of changes reads. */
export interface WatchedLog extends WatchedPart {
  readonly at: LogState;
  readonly filter: ChangeFilter;
}

export interface ChangeWatchParts {
  readonly log: Pick<HistoryStore, 'changes'> & Pick<ChangeLog, 'follow'>;
  /** What the watcher is shown of some changes. */
  readonly shown: (changes: readonly Change[]) => Promise<readonly StoredObject[]>;
}

const PAGE = 500;
/** As often as upstream's, in milliseconds. */
const BOOKMARK_EVERY = 60_000;

/**
 * Reads the log onwards at its reader's pace: nothing but a page is held for it, and being told that there is more only makes
 * it read again. A watch of the past comes to its end and stays there.
 */
export class ChangeWatch {
  readonly stream: WatchStream;
  private newest: Revision;
  private wake: () => void = () => undefined;
  private stopFollowing: () => void = () => undefined;

  constructor(
    private readonly ctx: Context,
    private readonly watched: WatchedLog,
    private readonly options: WatchOptions,
    private readonly parts: ChangeWatchParts,
  ) {
    this.newest = watched.at.revision;
    this.stream = new WatchStream(ctx, watched.from, {
      initial: options.after === undefined,
      ...(options.bookmarks && { bookmarkEvery: BOOKMARK_EVERY }),
      offered: () => this.newest,
      onClose: () => this.end(),
    });
    this.run().catch((error: Error) => this.stream.fail(error));
  }

  private async run(): Promise<void> {
    await this.readOn();
    if (this.options.after === undefined) this.tellBeginning();
    if (!this.watched.at.isPast && !this.stream.closed) this.follow();
    while (!this.stream.closed) {
      if (this.stream.position >= this.newest) await new Promise<void>((resolve) => (this.wake = resolve));
      await this.readOn();
    }
  }

  private async readOn(): Promise<void> {
    const { stream } = this;
    const { at, filter, upTo: last = Number.POSITIVE_INFINITY } = this.watched;
    while (!stream.closed && stream.position < this.newest) {
      const upTo = Math.min(last, this.newest);
      if (stream.position >= upTo) return stream.pushInitial([], this.newest);
      const range = { cluster: at.cluster, after: stream.position, upTo, filter, limit: PAGE };
      const page = await this.parts.log.changes(this.ctx, { ...range, order: 'oldestFirst' });
      const items = (await this.parts.shown(page.changes)).map(added);
      stream.pushInitial(items, page.reached);
      await stream.drained();
    }
  }

  private tellBeginning(): void {
    const revision = this.stream.position;
    this.stream.pushInitial([{ kind: 'bookmark', revision, initial: true }], revision);
  }

  private follow(): void {
    const { cluster, incarnation } = this.watched.at;
    const changes = (batch: readonly Change[]) => {
      this.newest = batch.at(-1)?.object.revision ?? this.newest;
      this.wake();
    };
    const failed = (error: Error) => this.stream.fail(error);
    this.stopFollowing = this.parts.log.follow(cluster, this.newest, { changes, failed }, incarnation);
  }

  private end(): void {
    this.stopFollowing();
    this.wake();
  }
}

/** A change never becomes another. */
function added(object: StoredObject): WatchItem {
  return { kind: 'change', change: { type: 'ADDED', object, actor: { user: '', client: '' }, time: 0 } };
}
