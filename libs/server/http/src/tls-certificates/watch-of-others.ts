import type { StoredObject, Watch, WatchItem } from '@binnacle/server-storage';

type Tell = (object: StoredObject) => StoredObject;

function itemOf(item: WatchItem, tell: Tell): WatchItem {
  if (item.kind === 'bookmark') return item;
  const { object, previous, ...change } = item.change;
  return { kind: 'change', change: { ...change, object: tell(object), ...(previous && { previous: tell(previous) }) } };
}

/** A watch of objects that are told in place of the ones that are watched. */
export class WatchOfOthers implements Watch {
  constructor(
    private readonly watched: Watch,
    private readonly tell: Tell,
  ) {}

  get reached(): number {
    return this.watched.reached;
  }

  close(): void {
    this.watched.close();
  }

  conclude(): void {
    this.watched.conclude();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<readonly WatchItem[]> {
    for await (const batch of this.watched) yield batch.map((item) => itemOf(item, this.tell));
  }
}
