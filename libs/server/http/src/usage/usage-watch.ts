import type { Context } from '@binnacle/machinery-context';
import {
  type ChangeType,
  type StoredObject,
  type WatchItem,
  type WatchOptions,
  WatchStream,
} from '@binnacle/server-storage';

/** As often as upstream's, in milliseconds. */
const BOOKMARK_EVERY = 60_000;

/** An object, and in few words what a reader sees of it. */
export interface Told {
  readonly object: StoredObject;
  readonly gist: string;
}

/** What there is, and when that was measured. */
export interface Measurement {
  readonly told: readonly Told[];
  readonly revision: number;
}

export interface WatchedUsage {
  readonly list: () => Promise<Measurement>;
  /** Calls whenever there is something new, until the returned call. */
  readonly follow: (listener: () => void) => () => void;
}

function item(type: ChangeType, object: StoredObject): WatchItem {
  return { kind: 'change', change: { type, object, actor: { user: '', client: '' }, time: 0 } };
}

const nameOf = ({ key }: StoredObject): string => `${key.namespace}/${key.name}`;

/** Tells after each measurement what has become another. A reader that is slow is told the next time what there is then. */
export class UsageWatch {
  readonly stream: WatchStream;
  private readonly told = new Map<string, Told>();
  private isBusy = false;
  /** Something came while it was busy. */
  private isBehind = false;
  private readonly stopFollowing: () => void;

  constructor(
    ctx: Context,
    private readonly options: WatchOptions,
    private readonly watched: WatchedUsage,
  ) {
    this.stopFollowing = watched.follow(() => {
      if (this.isBusy) this.isBehind = true;
      else void this.tell();
    });
    this.stream = new WatchStream(ctx, options.after ?? 0, {
      initial: options.after === undefined,
      ...(options.bookmarks && { bookmarkEvery: BOOKMARK_EVERY }),
      onClose: () => this.stopFollowing(),
    });
    void this.tell(true);
  }

  private async tell(isFirst = false): Promise<void> {
    this.isBusy = true;
    this.isBehind = false;
    try {
      await this.stream.drained();
      const measurement = await this.watched.list();
      const changes = this.changes(measurement);
      if (!isFirst) this.stream.pushInitial(changes, measurement.revision);
      else if (this.options.after === undefined) this.begin(changes, measurement.revision);
    } catch (error) {
      this.stream.fail(error as Error);
    }
    this.isBusy = false;
    if (this.isBehind && !this.stream.closed) await this.tell();
  }

  private begin(present: readonly WatchItem[], revision: number): void {
    this.stream.pushInitial([...present, { kind: 'bookmark', revision, initial: true }], revision);
  }

  /** Since it was asked last. */
  private changes({ told, revision }: Measurement): WatchItem[] {
    const gone = new Map(this.told);
    const changes = told.flatMap((each) => {
      const name = nameOf(each.object);
      const before = gone.get(name);
      gone.delete(name);
      if (before?.gist === each.gist) return [];
      this.told.set(name, each);
      return [item(before ? 'MODIFIED' : 'ADDED', each.object)];
    });
    for (const name of gone.keys()) this.told.delete(name);
    return [...changes, ...[...gone.values()].map(({ object }) => item('DELETED', { ...object, revision }))];
  }
}
