import type { Event } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import { isStorageError, type ListOptions, parseBody, type StoredObject } from '@binnacle/server-storage';
import { actorOf, systemContext } from '../request-context.js';
import type { ResourceStorage } from '../resource-core.js';

const LIFETIME_MILLISECONDS = 60 * 60_000;
const PAGE = 500;

/** When the event was last heard of, in milliseconds since the epoch. */
function lastSeen(stored: StoredObject): number {
  const event = parseBody(stored) as unknown as Event;
  const times = [
    event.metadata.creationTimestamp,
    event.lastTimestamp,
    event.eventTime,
    event.series?.lastObservedTime,
  ];
  return Math.max(0, ...times.map((time) => Date.parse(time ?? '')).filter((time) => !Number.isNaN(time)));
}

async function remove(ctx: Context, storage: ResourceStorage, stored: StoredObject): Promise<void> {
  const { key, body, attributes, revision: expected } = stored;
  const actor = actorOf(systemContext(ctx, key.cluster));
  try {
    await storage.write(ctx, { op: 'delete', key, body, attributes, expected, actor });
  } catch (error) {
    // Heard of again, or removed by a replica.
    if (!isStorageError(error, 'conflict') && !isStorageError(error, 'notFound')) throw error;
  }
}

/** Removes Events that nobody has heard of for an hour. Answers how many. */
export async function expireEvents(ctx: Context, storage: ResourceStorage, cluster: string): Promise<number> {
  const before = ctx.clock.now() - LIFETIME_MILLISECONDS;
  let removed = 0;
  let after: ListOptions['after'];
  do {
    const options: ListOptions = { revision: { at: 'any' }, limit: PAGE, ...(after && { after }) };
    const page = await storage.list(ctx, { cluster, resource: 'events' }, options);
    const old = page.items.filter((item) => lastSeen(item) < before);
    await Promise.all(old.map((item) => remove(ctx, storage, item)));
    removed += old.length;
    after = page.more ? page.items.at(-1)?.key : undefined;
  } while (after && !ctx.signal.aborted);
  return removed;
}
