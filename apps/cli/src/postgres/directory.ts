import { chmodSync, chownSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError } from '@binnacle/process-config';
import type { DataDir } from '../data-dir/layout.js';

/** Below `postgres/`, so that its account may replace the directory as a whole. */
export const databaseDirectory = (dir: DataDir): string => join(dir.postgres, 'data');
export const socketDirectory = (dir: DataDir): string => join(dir.run, 'postgres');

const OTHERS_MAY_ENTER = 0o001;

/** Whether an account that is neither owner nor group may enter a directory and all above it. */
export function othersMayReach(path: string): boolean {
  const parent = dirname(path);
  return (statSync(path).mode & OTHERS_MAY_ENTER) !== 0 && (parent === path || othersMayReach(parent));
}

/** Opens the data directory itself for passing through, not for looking: what is secret in it has its own mode. */
function letPostgresIn(dir: DataDir): void {
  chmodSync(dir.root, statSync(dir.root).mode | OTHERS_MAY_ENTER);
  if (othersMayReach(dir.run)) return;
  throw new ConfigError(
    `Postgres does not run as root, and its own account may not enter ${dir.root}; choose a --data-dir that everybody may enter, such as /var/lib/binnacle`,
  );
}

/** Makes the directories Postgres writes to and gives them to its account. */
export function preparePostgresDirectories(dir: DataDir, user: { readonly uid: number; readonly gid: number }): void {
  const asRoot = process.getuid?.() === 0;
  if (asRoot) letPostgresIn(dir);
  for (const path of [dir.postgres, socketDirectory(dir)]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (asRoot) chownSync(path, user.uid, user.gid);
  }
}

/** How the API server reaches the embedded database: over its unix socket, which nobody else may open. */
export function embeddedDatabaseUrl(dir: DataDir): string {
  return `postgres://binnacle@/postgres?host=${encodeURIComponent(socketDirectory(dir))}`;
}
