import { mkdirSync } from 'node:fs';
import type { Context } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import { type DataDir, layout } from '../data-dir/layout.js';
import { stoppablePid, takeDataDir } from '../data-dir/pid-file.js';
import { prepareDataDir } from '../data-dir/prepare.js';
import { requireDatabase } from '../ports.js';
import { embeddedDatabaseUrl } from '../postgres/directory.js';
import { hasDatabase, withEmbeddedDatabase } from './embedded-database.js';

/** Which store: an own Postgres, or the embedded one of a data directory. */
export interface StoreFlags {
  readonly dataDir: string;
  readonly databaseUrl?: string;
}

/** Has the data directory to itself while its database runs. */
async function alone<T>(ctx: Context, dir: DataDir, use: (databaseUrl: string) => Promise<T>): Promise<T> {
  mkdirSync(dir.run, { recursive: true });
  const release = takeDataDir(dir);
  try {
    return await withEmbeddedDatabase(ctx, dir, use);
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
  if (stoppablePid(dir) !== undefined) return use(embeddedDatabaseUrl(dir));
  if (make) prepareDataDir(dir);
  else if (!hasDatabase(dir)) {
    throw new ConfigError(
      `there is no database in ${dir.root}; start the cluster once with "binnacle up", or give --database-url`,
    );
  }
  return alone(ctx, dir, use);
}
