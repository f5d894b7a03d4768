import { type Context, sleep } from '@binnacle/machinery-context';
import { expireEvents, type ServiceAllocation } from '@binnacle/server-registry';
import type { Storage } from '@binnacle/server-storage';

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
    if (!ctx.signal.aborted)
      ctx.logger.warn('a chore failed and is tried again later', { chore: chore.name, cluster, error });
  }
}

/** Gives lost Service addresses back and removes old Events, again and again until the context aborts. */
export async function maintain(ctx: Context, storage: Storage, allocation: ServiceAllocation): Promise<void> {
  const chores: Chore[] = [
    { name: 'service allocation', run: (at, cluster) => allocation.repair(at, cluster) },
    { name: 'event expiry', run: (at, cluster) => expireEvents(at, storage, cluster) },
  ];
  while (!ctx.signal.aborted) {
    await sleep(ctx, EVERY_MILLISECONDS).catch(() => undefined);
    const clusters = ctx.signal.aborted ? [] : await storage.listClusters(ctx).catch(() => []);
    for (const { name } of clusters) for (const chore of chores) await doChore(ctx, chore, name);
  }
}
