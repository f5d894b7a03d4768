import { Backoff } from '@binnacle/client-informers';
import type { ClusterObject, KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';

/** What is told of the clusters of a server. */
export interface ClusterSink {
  /** A cluster is there, with the revision it has got to; `isInitial` while those are told that were there before. */
  present(cluster: ClusterObject, isInitial: boolean): void;
  gone(name: string, uid: string): void;
  /** All there are have been told: others are no more. */
  complete(names: ReadonlySet<string>): void;
}

/** A server that restarts is back within a second or two; one that is away for longer is asked less and less often. */
const BACKOFF = { first: 100, most: 5_000 };
const TRIES_BEFORE_WARNING = 8;

const nameOf = ({ metadata }: ClusterObject): string => metadata.name ?? '';

/** Follows all logical clusters through every kind of failure. */
export class ClusterFeed {
  private readonly backoff = new Backoff(BACKOFF);
  private failures = 0;

  constructor(
    private readonly client: Pick<KubeClient, 'watchClusters'>,
    private readonly sink: ClusterSink,
  ) {}

  /** Runs until the context aborts. */
  async run(ctx: Context): Promise<void> {
    while (!ctx.signal.aborted) {
      try {
        await this.followOnce(ctx);
      } catch (error) {
        if (!ctx.signal.aborted) this.failed(ctx, error);
      }
      await this.backoff.wait(ctx).catch(() => undefined);
    }
  }

  /** Until the server ends the stream. */
  private async followOnce(ctx: Context): Promise<void> {
    const told = new Set<string>();
    let isInitial = true;
    for await (const { type, object } of this.client.watchClusters(ctx)) {
      this.failures = 0;
      this.backoff.reset();
      if (type === 'BOOKMARK') {
        if (isInitial) this.sink.complete(told);
        isInitial = false;
      } else if (type === 'DELETED') this.sink.gone(nameOf(object), object.metadata.uid ?? '');
      else {
        if (isInitial) told.add(nameOf(object));
        this.sink.present(object, isInitial);
      }
    }
  }

  private failed(ctx: Context, error: unknown): void {
    this.failures += 1;
    const level = this.failures === TRIES_BEFORE_WARNING ? 'warn' : 'debug';
    ctx.logger[level]('the logical clusters are not followed', { error: String(error), failures: this.failures });
  }
}
