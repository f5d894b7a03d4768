import type { Context } from '@binnacle/machinery-context';
import type { Snapshot, StoredObject } from '@binnacle/server-storage';
import type { Pool, PoolClient } from 'pg';
import { connect } from './connect.js';
import { translated } from './errors.js';
import { objectsIn, type ReadPoint, readPoint } from './reads.js';
import { BEGIN_SNAPSHOT, giveBack } from './transactions.js';

const EVERYTHING = { from: '', to: '\uffff' };
const CHUNK = 1_000;

/** All that is alive in a cluster at one revision, streamed from one transaction, which ends with the iteration. */
export async function openSnapshot(ctx: Context, pool: Pool, cluster: string): Promise<Snapshot> {
  let client: PoolClient | undefined;
  try {
    client = await connect(ctx, pool);
    await client.query(BEGIN_SNAPSHOT);
    const at = await readPoint(client, cluster, { at: 'latest' });
    return { revision: at.revision, oldest: at.oldest, incarnation: at.id, items: stream(ctx, client, at, cluster) };
  } catch (error) {
    await giveBack(client, error);
    throw translated(error, 'the snapshot cannot be read');
  }
}

async function* stream(
  ctx: Context,
  client: PoolClient,
  at: ReadPoint,
  cluster: string,
): AsyncGenerator<readonly StoredObject[]> {
  let failure: unknown;
  try {
    for await (const chunk of objectsIn(client, cluster, at, EVERYTHING, CHUNK)) {
      ctx.signal.throwIfAborted();
      if (chunk.length > 0) yield chunk;
    }
  } catch (error) {
    failure = error;
    throw translated(error, 'the snapshot cannot be read');
  } finally {
    await giveBack(client, failure);
  }
}
