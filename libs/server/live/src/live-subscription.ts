import { type Context, sleep } from '@binnacle/machinery-context';
import { newInternalError, type Status, StatusError } from '@binnacle/machinery-meta';
import { fromStorage, type RequestContext, type ResourceStore, type Selection } from '@binnacle/server-registry';
import { isStorageError, type ListResult, StorageError, type StoredObject, type Watch } from '@binnacle/server-storage';
import { type DeltaBatch, DeltaQueue } from './delta-queue.js';
import type { LiveConnection } from './live-connection.js';
import { RawJson } from './raw-json.js';

/** Changes are gathered this long, so that what one commit after the other does to a list is one message. */
const TICK_MILLISECONDS = 20;
const CHUNK_ITEMS = 500;
const CHUNK_BYTES = 512 * 1024;
/** With more than this waiting for the reader, nothing is added but what is newest of each object is kept. */
const HIGH_BYTES = 1024 * 1024;
const DRAIN_MILLISECONDS = 25;
/** A reader that takes nothing for so long has gone, or should come back when it can. */
const PATIENCE_MILLISECONDS = 30_000;

export interface SubscriptionParts {
  /** Its signal ends the subscription. */
  readonly ctx: RequestContext;
  readonly store: ResourceStore;
  readonly selection: Selection;
  readonly connection: LiveConnection;
  readonly id: string;
  /** An object as it is sent. */
  readonly textOf: (stored: StoredObject) => string;
}

function* chunksOf(items: readonly StoredObject[], textOf: SubscriptionParts['textOf']): Generator<string[]> {
  let chunk: string[] = [];
  let size = 0;
  for (const item of items) {
    if (chunk.length === CHUNK_ITEMS || (size > 0 && size + item.body.length > CHUNK_BYTES)) {
      yield chunk;
      chunk = [];
      size = 0;
    }
    chunk.push(textOf(item));
    size += item.body.length;
  }
  yield chunk;
}

/** What is read on the way to a list is of no resource. */
const NOTHING = { group: '', names: { kind: '', plural: '' } };

export function statusOf(error: unknown): Status {
  if (isStorageError(error, 'expired')) return new StatusError(410, 'Expired', error.message).toStatus();
  if (error instanceof StorageError) return (fromStorage(NOTHING, '', error) as StatusError).toStatus();
  return (error instanceof StatusError ? error : newInternalError(error)).toStatus();
}

/** What a subscription begins with: a list to be sent, or only the place to go on from. */
export interface Opening {
  readonly watch: Watch;
  readonly after: number;
  readonly snapshot?: ListResult;
}

/**
 * One live list: a snapshot unless it resumes, then every change in order, nothing twice and nothing left out. Where that
 * cannot be kept up, the reader is told to list again.
 */
export class LiveSubscription {
  constructor(private readonly parts: SubscriptionParts) {}

  /** Reads what is there. Rejects with a StatusError or an expired StorageError before anything is sent. */
  async open(after: number | undefined): Promise<Opening> {
    const { ctx, store, selection } = this.parts;
    if (after !== undefined) return { after, watch: await this.watch(after) };
    const snapshot = await store.list(ctx, selection, { revision: { at: 'latest' } });
    return { snapshot, after: snapshot.revision, watch: await this.watch(snapshot.revision) };
  }

  /** Sends until the context's signal aborts. */
  async run(opening: Opening): Promise<void> {
    const { ctx } = this.parts;
    let { watch, after } = opening;
    try {
      if (opening.snapshot) await this.sendSnapshot(opening.snapshot);
      while (!ctx.signal.aborted) {
        after = await this.follow(watch, after);
        if (!ctx.signal.aborted) watch = await this.watch(after);
      }
    } catch (error) {
      if (!ctx.signal.aborted) this.send('relist', { status: statusOf(error) });
    } finally {
      watch.close();
    }
  }

  private async watch(after: number): Promise<Watch> {
    const { ctx, store, selection } = this.parts;
    const watch = await store.watch(ctx, selection, { after, bookmarks: true });
    if (ctx.signal.aborted) watch.close();
    else ctx.signal.addEventListener('abort', () => watch.close(), { once: true });
    return watch;
  }

  private send(event: 'relist' | 'bookmark', fields: object): void {
    this.parts.connection.send(event, new RawJson(JSON.stringify({ id: this.parts.id, ...fields })));
  }

  private async sendSnapshot({ items, revision }: ListResult): Promise<void> {
    const { connection, ctx, id } = this.parts;
    let sent = 0;
    for (const chunk of chunksOf(items, this.parts.textOf)) {
      await this.room(ctx);
      const first = sent === 0;
      sent += chunk.length;
      const last = sent === items.length;
      // Whoever is cut off before has not seen all of it, and must not go on from there.
      const head = JSON.stringify({ id, ...(last && { resourceVersion: String(revision) }), first, last });
      connection.send('snapshot', new RawJson(`${head.slice(0, -1)},"items":[${chunk.join(',')}]}`));
    }
  }

  /** Answers the revision reached when the watch ends by itself, which only one that was too slow does. */
  private async follow(watch: Watch, after: number): Promise<number> {
    const queue = new DeltaQueue(after);
    const sender = new Sender(this.parts, queue, (ctx) => this.room(ctx));
    try {
      for await (const batch of watch) {
        queue.add(batch);
        sender.wake();
      }
    } catch (error) {
      if (!isStorageError(error, 'overloaded')) throw error;
    } finally {
      await sender.finish();
    }
    return queue.revision;
  }

  /** Lets others go on, and waits until the reader takes more. Rejects when it takes nothing for too long. */
  private async room(ctx: Context): Promise<void> {
    const { connection } = this.parts;
    await new Promise((resolve) => setImmediate(resolve));
    ctx.signal.throwIfAborted();
    let waited = 0;
    for (let least = connection.backlog(); connection.backlog() > HIGH_BYTES; waited += DRAIN_MILLISECONDS) {
      if (connection.backlog() < least) waited = 0;
      least = Math.min(least, connection.backlog());
      if (waited >= PATIENCE_MILLISECONDS) connection.drop();
      await sleep(ctx, DRAIN_MILLISECONDS);
    }
  }
}

/** The changes of a batch, in messages of bounded size; only the last says how far everything has been told. */
function* changesMessages(
  { id, textOf }: SubscriptionParts,
  { deltas, revision }: DeltaBatch,
  before: number,
): Generator<RawJson> {
  let changes: string[] = [];
  let size = 0;
  const message = (reached: number) => {
    const head = JSON.stringify({ id, resourceVersion: String(reached) });
    return new RawJson(`${head.slice(0, -1)},"changes":[${changes.join(',')}]}`);
  };
  for (const { type, object } of deltas) {
    if (changes.length === CHUNK_ITEMS || (size > 0 && size + object.body.length > CHUNK_BYTES)) {
      yield message(before);
      changes = [];
      size = 0;
    }
    changes.push(`{"type":"${type}","object":${textOf(object)}}`);
    size += object.body.length;
  }
  yield message(revision);
}

/** Empties a queue at its own pace: at most once a tick, and not while the reader is behind. */
class Sender {
  private running: Promise<void> | undefined;
  /** The revision up to which the reader has been told everything. */
  private told: number;

  constructor(
    private readonly parts: SubscriptionParts,
    private readonly queue: DeltaQueue,
    private readonly room: (ctx: Context) => Promise<void>,
  ) {
    this.told = queue.revision;
  }

  wake(): void {
    this.running ??= this.sendSoon()
      .catch(() => undefined)
      .finally(() => {
        this.running = undefined;
        if (!this.queue.isEmpty && !this.parts.ctx.signal.aborted) this.wake();
      });
  }

  async finish(): Promise<void> {
    while (this.running) await this.running;
  }

  private async sendSoon(): Promise<void> {
    const { connection, ctx, id } = this.parts;
    await sleep(ctx, TICK_MILLISECONDS);
    await this.room(ctx);
    const batch = this.queue.take();
    if (batch.deltas.length === 0) {
      connection.send('bookmark', new RawJson(JSON.stringify({ id, resourceVersion: String(batch.revision) })));
    }
    if (batch.deltas.length > 0) await this.sendChanges(batch);
    this.told = batch.revision;
  }

  private async sendChanges(batch: DeltaBatch): Promise<void> {
    const { connection, ctx } = this.parts;
    let isFirst = true;
    for (const message of changesMessages(this.parts, batch, this.told)) {
      if (!isFirst) await this.room(ctx);
      isFirst = false;
      connection.send('changes', message);
    }
  }
}
