import type { Context } from '@binnacle/machinery-context';
import {
  changeItem,
  type Revision,
  type Scope,
  ScopedWatch,
  type Storage,
  type Watch,
  type WatchOptions,
} from '@binnacle/server-storage';

const CHUNK = 500;

/**
 * Watches straight from the log, without a cache: the log is read again for each watcher, with what every change
 * replaced. Fit for few watchers; the watch cache serves the many.
 */
export async function watchLog(ctx: Context, storage: Storage, scope: Scope, options: WatchOptions): Promise<Watch> {
  const newest = await storage.revision(ctx, scope.cluster);
  const start = options.after ?? newest;
  if (options.after !== undefined) await storage.history(ctx, scope.cluster, start, 1);
  const live = new LogWatch(ctx, storage, scope, { ...options, position: start, newest });
  if (options.after === undefined) await live.beginWithPresent();
  live.run();
  return live.watch.stream;
}

class LogWatch {
  readonly watch: ScopedWatch;
  private stop: () => void = () => undefined;
  private newest: Revision;
  private reading = false;

  constructor(
    private readonly ctx: Context,
    private readonly storage: Storage,
    scope: Scope,
    { position, newest, ...options }: WatchOptions & { position: Revision; newest: Revision },
  ) {
    this.newest = newest;
    this.watch = new ScopedWatch(ctx, scope, position, {
      ...options,
      offered: () => this.newest,
      onClose: () => this.stop(),
    });
  }

  async beginWithPresent(): Promise<void> {
    const { scope } = this.watch;
    const { items, revision } = await this.storage.list(this.ctx, scope, { revision: { at: 'latest' } });
    this.watch.begin(items, revision);
  }

  run(): void {
    const { scope, stream } = this.watch;
    const stop = this.storage.follow(scope.cluster, stream.position, {
      changes: (batch) => {
        this.newest = Math.max(this.newest, batch[batch.length - 1]?.object.revision ?? 0);
        if (!this.reading) void this.read();
      },
      failed: (error) => stream.fail(error),
    });
    this.stop = stop;
    if (stream.closed) stop();
  }

  private async read(): Promise<void> {
    const { stream, scope } = this.watch;
    this.reading = true;
    try {
      while (!stream.closed && stream.position < this.newest) {
        const changes = await this.storage.history(this.ctx, scope.cluster, stream.position, CHUNK);
        this.watch.feed(changes.map(changeItem));
      }
    } catch (error) {
      stream.fail(error as Error);
    }
    this.reading = false;
  }
}
