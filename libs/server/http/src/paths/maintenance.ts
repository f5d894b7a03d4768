import { type Context, sleep } from '@binnacle/machinery-context';
import { type ClusterDirectory, expireEvents, type ServiceAllocation } from '@binnacle/server-registry';
import { isStorageError, type Storage } from '@binnacle/server-storage';

/** Something done now and then for each logical cluster. */
interface Chore {
  readonly name: string;
  run(ctx: Context, cluster: string): Promise<unknown>;
}

const EVERY_MILLISECONDS = 3 * 60_000;

async function doChore(ctx: Context, chore: Chore, cluster: string): Promise<void> {
  try {
    await chore.run(ctx, cluster);
  } catch (error) {
    if (!ctx.signal.aborted && !isStorageError(error, 'unknownCluster'))
      ctx.logger.warn('a chore failed and is tried again later', { chore: chore.name, cluster, error });
  }
}

/** The clusters that somebody watches, that moved, or that were read for the first time, since they were asked for last. */
class InUse {
  private readonly names = new Set<string>();
  private lookedAt: string | undefined;
  readonly stop: () => void;

  constructor(
    private readonly storage: Storage,
    directory: ClusterDirectory,
  ) {
    const add = (name: string) => this.names.add(name);
    const stops = [
      directory.follow((moves) => moves.forEach(({ name, deleted }) => deleted || add(name))),
      // What is read only because it is looked at is at rest, and would else be woken again and again.
      storage.onLoad?.((name) => name === this.lookedAt || add(name)),
    ];
    // What there is at the start is looked at when it is used.
    this.names.clear();
    this.stop = () => stops.forEach((stop) => stop?.());
  }

  /** Looks at one cluster after the other. */
  async each(look: (cluster: string) => Promise<void>): Promise<void> {
    for (const name of this.take()) {
      this.lookedAt = name;
      await look(name).finally(() => (this.lookedAt = undefined));
    }
  }

  private take(): ReadonlySet<string> {
    const taken = new Set([...this.names, ...(this.storage.watched?.() ?? [])]);
    this.names.clear();
    return taken;
  }
}

/**
 * Gives lost Service addresses back and removes old Events, again and again until the context aborts, in the clusters that are
 * in use.
 */
export async function maintain(
  ctx: Context,
  storage: Storage,
  directory: ClusterDirectory,
  allocation: Pick<ServiceAllocation, 'repair'>,
): Promise<void> {
  const chores: Chore[] = [
    { name: 'service allocation', run: (at, cluster) => allocation.repair(at, cluster) },
    { name: 'event expiry', run: (at, cluster) => expireEvents(at, storage, cluster) },
  ];
  const inUse = new InUse(storage, directory);
  while (!ctx.signal.aborted) {
    await sleep(ctx, EVERY_MILLISECONDS).catch(() => undefined);
    await inUse.each(async (cluster) => {
      for (const chore of chores) if (!ctx.signal.aborted) await doChore(ctx, chore, cluster);
    });
  }
  inUse.stop();
}
