import type { StatusError } from '@binnacle/machinery-meta';
import { type Holder, sameNamespaces } from '@binnacle/server-auth';
import { type Revision, StorageError, type StoredObject, type Watch, type WatchItem } from '@binnacle/server-storage';
import type { Visible } from '../visible-sets.js';

type Batch = readonly WatchItem[];
type Next = IteratorResult<Batch, undefined>;

/** What a watch that may show other namespaces later is made of. */
export interface VisibleSource {
  /** A watch of these namespaces, after a revision. */
  watch(visible: Visible, after: Revision): Promise<Watch>;
  /** What there was at a revision in some namespaces and not in others. */
  list(visible: Visible, except: Visible, revision: Revision): Promise<readonly StoredObject[]>;
  /** Nothing of these was told at any revision before. */
  changed(visible: Visible): void;
  /** The whole state of a revision has been told. */
  told(visible: Visible, revision: Revision): void;
}

const DONE: Next = { done: true, value: undefined };
const CHUNK = 500;
const NOBODY = { user: '', client: '' };

const item = (type: 'ADDED' | 'DELETED', object: StoredObject): WatchItem => ({
  kind: 'change',
  change: { type, object, actor: NOBODY, time: 0 },
});

/** Objects come with revisions of their own: by their order none goes back behind another. */
function* batchesOf(added: readonly StoredObject[], gone: readonly StoredObject[]): Generator<Batch> {
  const items = [...added.map((object) => item('ADDED', object)), ...gone.map((object) => item('DELETED', object))];
  items.sort((a, b) => revisionOf(a) - revisionOf(b));
  for (let at = 0; at < items.length; at += CHUNK) yield items.slice(at, at + CHUNK);
}

const revisionOf = (one: WatchItem): Revision => (one.kind === 'change' ? one.change.object.revision : one.revision);

/**
 * A watch that lasts as long as it is allowed. Where it is of those namespaces that its reader may see, these may become others: the
 * objects that come into sight are told as ADDED, those that go out of it as DELETED, and a bookmark says that all of them were.
 */
export class HeldWatch implements Watch, AsyncIterator<Batch, undefined>, Holder {
  private iterator: AsyncIterator<Batch>;
  private queued: Batch[] = [];
  private wanted: Visible;
  private lost: Error | undefined;
  private isClosed = false;
  /** What lets go of the right. */
  letGo: () => void = () => undefined;

  constructor(
    private inner: Watch,
    private shown: Visible,
    private isBegun: boolean,
    private readonly source: VisibleSource | undefined,
  ) {
    this.iterator = inner[Symbol.asyncIterator]();
    this.wanted = shown;
  }

  get reached(): Revision {
    return this.inner.reached;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  end(why: StatusError): void {
    this.fail(why);
  }

  narrow(visible: Visible): void {
    this.wanted = visible;
    if (!this.source) return;
    // What is not told yet was read for other eyes.
    if (!this.isBegun) return this.fail(new StorageError('expired', 'other namespaces are visible now'));
    this.inner.conclude();
  }

  close(): void {
    this.isClosed = true;
    this.letGo();
    this.queued = [];
    this.inner.close();
  }

  conclude(): void {
    this.isClosed = true;
    this.letGo();
    this.inner.conclude();
  }

  next(): Promise<Next> {
    if (this.lost) return Promise.reject(this.lost);
    const batch = this.queued.shift();
    if (batch) return Promise.resolve({ done: false, value: batch });
    return this.iterator.next().then(
      (next) => (next.done ? this.goOn() : this.noted(next)),
      (error: unknown) => {
        this.letGo();
        throw error;
      },
    );
  }

  return(): Promise<Next> {
    this.close();
    return Promise.resolve(DONE);
  }

  private fail(why: Error): void {
    if (this.isClosed) return;
    this.lost = why;
    this.letGo();
    this.queued = [];
    this.inner.close();
  }

  private noted(next: Next): Next {
    if (this.isBegun) return next;
    for (const one of next.value ?? []) {
      if (one.kind !== 'bookmark' || !one.initial) continue;
      this.isBegun = true;
      this.source?.told(this.shown, one.revision);
    }
    return next;
  }

  private async goOn(): Promise<Next> {
    if (this.lost) throw this.lost;
    const isOver = this.isClosed || !this.source || sameNamespaces(this.shown, this.wanted);
    if (isOver) {
      this.letGo();
      return DONE;
    }
    try {
      await this.move(this.source);
    } catch (error) {
      this.close();
      throw error;
    }
    return this.next();
  }

  /** Shows other namespaces from where it stands. */
  private async move(source: VisibleSource): Promise<void> {
    const at = this.inner.reached;
    const [before, now] = [this.shown, this.wanted];
    source.changed(now);
    const [added, gone] = await Promise.all([source.list(now, before, at), source.list(before, now, at)]);
    this.inner = await source.watch(now, at);
    this.iterator = this.inner[Symbol.asyncIterator]();
    this.shown = now;
    this.queued = [...batchesOf(added, gone), [{ kind: 'bookmark', revision: at }]];
    if (this.isClosed || this.lost) this.inner.close();
    // They may have become others again meanwhile.
    else if (!sameNamespaces(now, this.wanted)) this.inner.conclude();
  }
}
