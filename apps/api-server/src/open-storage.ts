import { readFileSync } from 'node:fs';
import { type Context, sleep } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import type { MetricsRegistry } from '@binnacle/process-telemetry';
import { isStorageError } from '@binnacle/server-storage';
import {
  createPostgresStorage,
  DatabaseUrlError,
  NewerSchemaError,
  type PostgresStorage,
  StoreMetrics,
} from '@binnacle/server-storage-postgres';
import type { ApiServerSettings } from './options.js';

/** A password in it is not for the command line nor for the environment, which a Pod's manifest shows. */
function databaseUrlOf({ 'database-url': url, 'database-url-file': file }: ApiServerSettings): string {
  if (url || file) return url || readFileSync(file, 'utf8').trim();
  throw new ConfigError(
    '--database-url or --database-url-file is required; give one or set BINNACLE_DATABASE_URL or BINNACLE_DATABASE_URL_FILE',
  );
}

const RETRY_MILLISECONDS = 200;
/** A database that starts together with us is there long before; one that is away longer is somebody's to look at. */
const PATIENCE_MILLISECONDS = 60_000;

async function attempt(
  ctx: Context,
  settings: ApiServerSettings,
  metrics: StoreMetrics,
): Promise<PostgresStorage | undefined> {
  try {
    const databaseUrl = databaseUrlOf(settings);
    return await createPostgresStorage(ctx, { databaseUrl, migrate: settings.migrate, onCommit: metrics.onCommit });
  } catch (error) {
    // Marked so that whoever started us can tell it from a crash that a restart mends.
    if (error instanceof NewerSchemaError) ctx.logger.error(error.message, { fatal: true });
    if (error instanceof DatabaseUrlError) throw new ConfigError(error.message, { cause: error });
    if (!isStorageError(error, 'unavailable')) throw error;
    ctx.logger.info('waiting for the database', { reason: error.message });
    return undefined;
  }
}

/** Connects to the database, waiting for it while it starts. */
export async function openStorage(
  ctx: Context,
  settings: ApiServerSettings,
  registry: MetricsRegistry,
): Promise<PostgresStorage> {
  const metrics = new StoreMetrics(registry);
  const deadline = ctx.clock.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    const storage = await attempt(ctx, settings, metrics);
    if (storage) {
      metrics.watch(storage);
      return storage;
    }
    if (ctx.clock.now() > deadline) throw new Error('the database cannot be reached');
    await sleep(ctx, RETRY_MILLISECONDS);
  }
}
