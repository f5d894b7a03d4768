import { mkdirSync } from 'node:fs';
import type { Context } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import { requireUsableDataDir } from '../data-dir/inspect.js';
import { type DataDir, layout } from '../data-dir/layout.js';
import { postgresRuns, runningPid, takeDataDir } from '../data-dir/pid-file.js';
import { prepareDataDir } from '../data-dir/prepare.js';
import { requireDatabase } from '../database-hosts.js';
import { databaseState, requireSoundDatabase } from '../postgres/database-state.js';
import { embeddedDatabaseUrl } from '../postgres/directory.js';
import { withEmbeddedDatabase } from './embedded-database.js';

/** Which store: an own Postgres, or the embedded one of a data directory. */
export interface StoreFlags {
  readonly dataDir: string;
  readonly databaseUrl?: string;
}

/** Has the data directory to itself while its database runs. */
async function alone<T>(
  ctx: Context,
  dir: DataDir,
  make: boolean,
  use: (databaseUrl: string) => Promise<T>,
): Promise<T> {
  mkdirSync(dir.run, { recursive: true });
  const release = takeDataDir(dir);
  try {
    return await withEmbeddedDatabase(ctx, dir, make, use);
  } finally {
    release();
  }
}

/**
 * Reaches the database that was asked for, the running cluster's, or that of a stopped one, which runs for as long as `use`
 * needs it. Where there is none yet, `make` makes one.
 */
export async function withDatabase<T>(
  ctx: Context,
  { dataDir, databaseUrl }: StoreFlags,
  make: boolean,
  use: (databaseUrl: string) => Promise<T>,
): Promise<T> {
  if (databaseUrl) {
    await requireDatabase(databaseUrl);
    return use(databaseUrl);
  }
  const dir = layout(dataDir);
  requireUsableDataDir(dir);
  const running = runningPid(dir) !== undefined || postgresRuns(dir);
  const state = make ? databaseState(dir) : requireSoundDatabase(dir);
  if (state === 'none' && (running || !make)) {
    throw new ConfigError(
      `there is no database in ${dir.root}; start the cluster once with "binnacle up", or give --database-url`,
    );
  }
  if (running) return use(embeddedDatabaseUrl(dir));
  if (make) prepareDataDir(dir);
  return alone(ctx, dir, make, use);
}
