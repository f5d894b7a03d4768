import type { Change, ChangeType, Revision, StoredObject, WatchItem } from '@binnacle/server-storage';

export interface Delta {
  readonly type: ChangeType;
  readonly object: StoredObject;
}

export interface DeltaBatch {
  readonly deltas: readonly Delta[];
  /** Everything up to here is in this batch or was in an earlier one. */
  readonly revision: Revision;
}

type Entry = { delta: Delta | undefined };

/** What two changes of one object in a row come to; undefined where the second cannot be told together with the first. */
function merge(first: Delta, { type, object }: Change): Delta | 'nothing' | undefined {
  if (first.type === 'DELETED') return undefined;
  if (type === 'MODIFIED') return { type: first.type, object };
  if (type === 'DELETED') return first.type === 'ADDED' ? 'nothing' : { type: 'DELETED', object };
  return undefined;
}

/**
 * Changes that wait to be sent. What happens to one object while it waits becomes one change, so that a slow reader costs the
 * number of objects and not the number of changes; what it is told is still true and in order.
 */
export class DeltaQueue {
  private entries: Entry[] = [];
  private readonly last = new Map<string, Entry>();

  /** `revision`: where the reader stands already. */
  constructor(public revision: Revision) {}

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  add(items: readonly WatchItem[]): void {
    for (const item of items) {
      if (item.kind === 'bookmark') this.revision = Math.max(this.revision, item.revision);
      else this.addChange(item.change);
    }
  }

  take(): DeltaBatch {
    const deltas = this.entries.flatMap(({ delta }) => (delta ? [delta] : []));
    this.entries = [];
    this.last.clear();
    return { deltas, revision: this.revision };
  }

  private addChange(change: Change): void {
    const { key, revision } = change.object;
    this.revision = Math.max(this.revision, revision);
    const name = `${key.namespace}/${key.name}`;
    const waiting = this.last.get(name);
    const merged = waiting?.delta && merge(waiting.delta, change);
    if (!waiting || !merged) return this.append(name, change);
    waiting.delta = merged === 'nothing' ? undefined : merged;
    if (merged === 'nothing') this.last.delete(name);
  }

  private append(name: string, { type, object }: Change): void {
    const entry = { delta: { type, object } };
    this.entries.push(entry);
    this.last.set(name, entry);
  }
}
