import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { layout } from '../data-dir/layout.js';
import { embeddedDatabaseUrl, socketDirectory } from '../postgres/directory.js';

/** Which store: an own Postgres, or the embedded one of a data directory, which has to run. */
export interface StoreFlags {
  readonly dataDir: string;
  readonly databaseUrl?: string;
}

const PROGRAM = join(import.meta.dirname, '..', '..', '..', 'api-server', 'dist', 'store.js');

/** Whether the embedded Postgres of a data directory takes connections now. */
export function databaseRuns(dataDir: string): boolean {
  return existsSync(join(socketDirectory(layout(dataDir)), '.s.PGSQL.5432'));
}

/** Runs an operation of the API server's own program; answers its exit code. */
export async function operateStore(operation: string, flags: StoreFlags, args: readonly string[]): Promise<number> {
  const databaseUrl = flags.databaseUrl || embeddedDatabaseUrl(layout(flags.dataDir));
  // In the environment, not in the arguments: it may hold a password, which process lists would show.
  const env = { ...process.env, BINNACLE_DATABASE_URL: databaseUrl };
  const child = spawn(process.execPath, [PROGRAM, operation, ...args], { env, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
