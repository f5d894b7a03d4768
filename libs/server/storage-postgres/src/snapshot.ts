import type { Snapshot, StoredObject } from '@binnacle/server-storage';
import type { Pool, PoolClient } from 'pg';
import { translated } from './errors.js';
import { objectsIn, type ReadPoint, readPoint } from './reads.js';
import { BEGIN_SNAPSHOT, giveBack } from './transactions.js';

const EVERYTHING = { from: '', to: '\uffff' };
const CHUNK = 1_000;

/** All that is alive in a cluster at one revision, streamed from one transaction, which ends with the iteration. */
export async function openSnapshot(pool: Pool, cluster: string): Promise<Snapshot> {
  let client: PoolClient | undefined;
  try {
    client = await pool.connect();
    await client.query(BEGIN_SNAPSHOT);
    const at = await readPoint(client, cluster, { at: 'latest' });
    return { revision: at.revision, oldest: at.oldest, incarnation: at.id, items: stream(client, cluster, at) };
  } catch (error) {
    await giveBack(client);
    throw translated(error, 'the snapshot cannot be read');
  }
}

async function* stream(client: PoolClient, cluster: string, at: ReadPoint): AsyncGenerator<readonly StoredObject[]> {
  try {
    for await (const chunk of objectsIn(client, cluster, at, EVERYTHING, CHUNK)) {
      if (chunk.length > 0) yield chunk;
    }
  } catch (error) {
    throw translated(error, 'the snapshot cannot be read');
  } finally {
    await giveBack(client);
  }
}
