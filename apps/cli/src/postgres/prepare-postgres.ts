import type { Context } from '@binnacle/machinery-context';
import type { DataDir } from '../data-dir/layout.js';
import { type PostgresUser, postgresUser } from '../data-dir/postgres-account.js';
import { findBinaries, type PostgresBinaries } from './binaries.js';
import { createDatabase } from './create-database.js';
import { databaseState, noteDatabase, requireMajor, requireSoundDatabase } from './database-state.js';
import { databaseDirectory, preparePostgresDirectories } from './directory.js';

export interface EmbeddedPostgres {
  readonly binaries: PostgresBinaries;
  readonly user: PostgresUser;
}

/**
 * Makes ready everything Postgres needs to be started with: its account, its directories, programs it may run, and the
 * database where there is none yet. `again` also makes one where there was one before, for a backup to be restored into.
 */
export async function preparePostgres(ctx: Context, dir: DataDir, again = false): Promise<EmbeddedPostgres> {
  const state = again ? databaseState(dir) : requireSoundDatabase(dir);
  const user = postgresUser(databaseDirectory(dir));
  preparePostgresDirectories(dir, user);
  const binaries = await findBinaries(user, dir.libraries);
  if (state === 'none') await createDatabase(ctx, dir, binaries, user);
  else requireMajor(dir, binaries.major);
  noteDatabase(dir, ctx.clock.now());
  return { binaries, user };
}
