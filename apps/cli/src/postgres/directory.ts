import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DataDir } from '../data-dir/layout.js';
import type { PostgresUser } from './binaries.js';

/** Below `postgres/`, so that its account may replace the directory as a whole. */
export const databaseDirectory = (dir: DataDir): string => join(dir.postgres, 'data');
export const socketDirectory = (dir: DataDir): string => join(dir.run, 'postgres');

/** Makes the directories Postgres writes to and gives them to its account. */
export function preparePostgresDirectories(dir: DataDir, user: PostgresUser): void {
  for (const path of [dir.postgres, socketDirectory(dir)]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (process.getuid?.() === 0) chownSync(path, user.uid, user.gid);
  }
}

/** How the API server reaches the embedded database: over its unix socket, which nobody else may open. */
export function embeddedDatabaseUrl(dir: DataDir): string {
  return `postgres://binnacle@/postgres?host=${encodeURIComponent(socketDirectory(dir))}`;
}
