import { type Context, sleep } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import { isStorageError } from '@binnacle/server-storage';
import { createPostgresStorage, NewerSchemaError, type PostgresStorage } from '@binnacle/server-storage-postgres';
import type { ApiServerSettings } from './options.js';

const RETRY_MILLISECONDS = 200;
/** A database that starts together with us is there long before; one that is away longer is somebody's to look at. */
const PATIENCE_MILLISECONDS = 60_000;

async function attempt(ctx: Context, settings: ApiServerSettings): Promise<PostgresStorage | undefined> {
  const { migrate, 'database-url': databaseUrl } = settings;
  try {
    return await createPostgresStorage(ctx, { databaseUrl, migrate });
  } catch (error) {
    // Marked so that whoever started us can tell it from a crash that a restart mends.
    if (error instanceof NewerSchemaError) ctx.logger.error(error.message, { fatal: true });
    if (!isStorageError(error, 'unavailable')) throw error;
    ctx.logger.info('waiting for the database', { reason: error.message });
    return undefined;
  }
}

/** Connects to the database, waiting for it while it starts. */
export async function openStorage(ctx: Context, settings: ApiServerSettings): Promise<PostgresStorage> {
  if (!settings['database-url'])
    throw new ConfigError('--database-url is required; give it or set BINNACLE_DATABASE_URL');
  const deadline = ctx.clock.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    const storage = await attempt(ctx, settings);
    if (storage) return storage;
    if (ctx.clock.now() > deadline) throw new Error('the database cannot be reached');
    await sleep(ctx, RETRY_MILLISECONDS);
  }
}
