import type { Context } from '@binnacle/machinery-context';
import { type DecisionLimits, DEFAULT_DECISION_LIMITS } from '@binnacle/server-storage';
import type { DataSource } from 'typeorm';
import { makeDataSource, migrate, refuseNewerSchema } from './data-source.js';
import { parseDatabaseUrl } from './database-url.js';
import { NewerSchemaError, translated } from './errors.js';
import { DEFAULT_RETENTION, type RetentionPolicy } from './history/retention.js';
import { PostgresStorage } from './postgres-storage.js';
import { LONG_PATIENCE, PATIENCE, Primary } from './primary-pool.js';

export interface CreatePostgresStorageOptions {
  /** See `parseDatabaseUrl`. */
  readonly databaseUrl: string;
  /** Brings the schema forward first; replicas that start together wait for each other. On by default. */
  readonly migrate?: boolean;
  /** How much history is kept; seven days by default. */
  readonly retention?: Partial<RetentionPolicy> | false;
  /** How many decisions of the scheduler are kept. */
  readonly decisionLimits?: Partial<DecisionLimits>;
  /** Milliseconds the database may keep silent while it owes an answer; 15 seconds by default. */
  readonly patience?: number;
  /** Called after each commit with the size of the batch and how long it took, in milliseconds. */
  readonly onCommit?: (size: number, milliseconds: number) => void;
}

/** Connects. Rejects with `NewerSchemaError`, or with `unavailable` when no database answers. */
export async function createPostgresStorage(
  ctx: Context,
  options: CreatePostgresStorageOptions,
): Promise<PostgresStorage> {
  const primary = new Primary(parseDatabaseUrl(options.databaseUrl), ctx.logger);
  await bringForward(primary, options.migrate !== false);
  const { patience = PATIENCE, onCommit } = options;
  const dataSource = await connect(primary, patience);
  const decisionLimits = { ...DEFAULT_DECISION_LIMITS, ...options.decisionLimits };
  const kept = { ...DEFAULT_RETENTION, decisionAge: decisionLimits.age };
  const retention = options.retention !== false && { ...kept, ...options.retention };
  const limits = { retention, decisionLimits };
  return new PostgresStorage(ctx, { primary, dataSource, ...limits, patience, ...(onCommit && { onCommit }) });
}

/** Migrations may take long: they have connections of their own. */
async function bringForward(primary: Primary, allowed: boolean): Promise<void> {
  const dataSource = await connect(primary, LONG_PATIENCE);
  try {
    if (allowed) await migrate(dataSource);
    else await refuseNewerSchema(dataSource);
  } catch (error) {
    throw error instanceof NewerSchemaError ? error : translated(error, 'the tables cannot be brought forward');
  } finally {
    await dataSource.destroy();
  }
}

/** Tries each host once, from the first. */
async function connect(primary: Primary, patience: number): Promise<DataSource> {
  let failure: unknown;
  for (const _host of primary.address.hosts) {
    const dataSource = makeDataSource(primary, patience);
    try {
      return await dataSource.initialize();
    } catch (error) {
      failure = error;
    }
  }
  throw translated(failure, 'the database cannot be reached');
}
