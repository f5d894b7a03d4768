import type { ListQuery, ListWatcher } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { isExpired, type KubeObject, type WatchEvent } from '@binnacle/machinery-meta';
import { Backoff } from './backoff.js';

/** What a reflector tells its reader, in order. */
export interface ReflectorSink<T extends KubeObject> {
  /** Everything there is at `resourceVersion`. */
  replace(objects: readonly T[], resourceVersion: string): void;
  change(event: WatchEvent<T>): void;
}

export type Selection = Pick<ListQuery, 'namespace' | 'labelSelector' | 'fieldSelector'>;

/** A server that restarts on the same machine is back within a second or two: do not sleep through it. */
const BACKOFF = { first: 100, most: 5_000 };
const SHORTEST_WATCH_SECONDS = 300;
/** A watch that ended sooner than this without an event is a sign of trouble. */
const VERY_SHORT_MILLISECONDS = 1_000;
/** A restart of the server is over before so many tries; what lasts longer, people should hear of, once. */
const TRIES_BEFORE_WARNING = 8;

/**
 * Follows a resource by list and watch. A broken watch is resumed where it stopped; only when the server has forgotten
 * that revision (410) is everything listed again. Behaves as kubernetes client-go tools/cache/reflector.go.
 */
export class Reflector<T extends KubeObject> {
  private readonly backoff = new Backoff(BACKOFF);
  private resourceVersion: string | undefined;
  /** The revision to list at: '0' (anything the cache has) at first, '' (the newest) once the server said 410. */
  private listAt = '0';
  private failures = 0;

  constructor(
    private readonly source: ListWatcher<T>,
    private readonly selection: Selection,
    private readonly sink: ReflectorSink<T>,
  ) {}

  /** Runs until the context aborts. */
  async run(ctx: Context): Promise<void> {
    while (!ctx.signal.aborted) {
      try {
        await this.turn(ctx);
      } catch (error) {
        if (ctx.signal.aborted) return;
        await this.recover(ctx, error).catch(() => undefined);
      }
    }
  }

  private async turn(ctx: Context): Promise<void> {
    this.resourceVersion ??= await this.relist(ctx);
    const started = ctx.clock.now();
    const before = this.resourceVersion;
    await this.follow(ctx, before);
    if (this.resourceVersion === before && ctx.clock.now() - started < VERY_SHORT_MILLISECONDS) {
      await this.backoff.wait(ctx);
    }
  }

  private async relist(ctx: Context): Promise<string> {
    const list = await this.source.list(ctx, { ...this.selection, resourceVersion: this.listAt });
    const resourceVersion = list.metadata.resourceVersion ?? '';
    this.succeeded();
    this.sink.replace(list.items, resourceVersion);
    return resourceVersion;
  }

  private async follow(ctx: Context, resourceVersion: string): Promise<void> {
    const timeoutSeconds = Math.round(SHORTEST_WATCH_SECONDS * (1 + Math.random()));
    const query = { ...this.selection, resourceVersion, allowWatchBookmarks: true, timeoutSeconds };
    for await (const event of this.source.watch(ctx, query)) {
      this.succeeded();
      this.resourceVersion = event.object.metadata.resourceVersion ?? this.resourceVersion;
      this.sink.change(event);
    }
  }

  private async recover(ctx: Context, error: unknown): Promise<void> {
    if (isExpired(error)) {
      ctx.logger.debug('watch expired, listing again', { error: error.message });
      this.resourceVersion = undefined;
      this.listAt = '';
    } else this.report(ctx, error);
    await this.backoff.wait(ctx);
  }

  private succeeded(): void {
    this.failures = 0;
    this.backoff.reset();
  }

  private report(ctx: Context, error: unknown): void {
    this.failures += 1;
    const fields = { error: error instanceof Error ? error.message : String(error), failures: this.failures };
    ctx.logger[this.failures === TRIES_BEFORE_WARNING ? 'warn' : 'debug']('list or watch failed', fields);
  }
}
