import type { Context } from '@binnacle/machinery-context';
import type { DataSource } from 'typeorm';
import { makeDataSource, migrate, refuseNewerSchema } from './data-source.js';
import { parseDatabaseUrl } from './database-url.js';
import { translated } from './errors.js';
import { DEFAULT_RETENTION, type RetentionPolicy } from './history/retention.js';
import { PostgresStorage } from './postgres-storage.js';
import { Primary } from './primary-pool.js';

export interface CreatePostgresStorageOptions {
  /** See `parseDatabaseUrl`. */
  readonly databaseUrl: string;
  /** Brings the schema forward first; replicas that start together wait for each other. On by default. */
  readonly migrate?: boolean;
  /** How much history is kept; seven days by default. */
  readonly retention?: Partial<RetentionPolicy> | false;
  /** Called after each commit with the size of the batch and how long it took, in milliseconds. */
  readonly onCommit?: (size: number, milliseconds: number) => void;
}

/** Connects. Rejects with `NewerSchemaError`, or with `unavailable` when no database answers. */
export async function createPostgresStorage(
  ctx: Context,
  options: CreatePostgresStorageOptions,
): Promise<PostgresStorage> {
  const primary = new Primary(parseDatabaseUrl(options.databaseUrl), ctx.logger);
  const dataSource = await connect(primary);
  try {
    if (options.migrate === false) await refuseNewerSchema(dataSource);
    else await migrate(dataSource);
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
  const { onCommit } = options;
  const retention = options.retention !== false && { ...DEFAULT_RETENTION, ...options.retention };
  return new PostgresStorage(ctx, { primary, dataSource, retention, ...(onCommit && { onCommit }) });
}

/** Tries each host once, from the first. */
async function connect(primary: Primary): Promise<DataSource> {
  let failure: unknown;
  for (const _host of primary.address.hosts) {
    const dataSource = makeDataSource(primary);
    try {
      return await dataSource.initialize();
    } catch (error) {
      failure = error;
    }
  }
  throw translated(failure, 'the database cannot be reached');
}
