import { chmodSync, chownSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError } from '@binnacle/process-config';
import type { DataDir } from '../data-dir/layout.js';
import { isRoot, type PostgresUser } from '../data-dir/postgres-account.js';

/** Below `postgres/`, so that its account may replace the directory as a whole. */
export const databaseDirectory = (dir: DataDir): string => join(dir.postgres, 'data');
export const socketDirectory = (dir: DataDir): string => join(dir.run, 'postgres');

const OTHERS_MAY_ENTER = 0o001;
const GROUP_MAY_ENTER = 0o010;
const OWNER_ALONE = 0o700;

/** Whether an account that is neither owner nor group may enter a directory and all above it. */
export function othersMayReach(path: string): boolean {
  const parent = dirname(path);
  return (statSync(path).mode & OTHERS_MAY_ENTER) !== 0 && (parent === path || othersMayReach(parent));
}

/** Lets one group pass through a directory of ours, not look: what is in it has its own mode. */
function letThrough(path: string, gid: number): void {
  const { mode, uid } = statSync(path);
  chownSync(path, uid, gid);
  chmodSync(path, (mode & 0o7777) | GROUP_MAY_ENTER);
}

function letPostgresIn(dir: DataDir, { gid }: PostgresUser): void {
  if (!othersMayReach(dirname(realpathSync(dir.root))))
    throw new ConfigError(
      `Postgres does not run as root, and its own account may not enter ${dirname(dir.root)}; choose a --data-dir below a directory that everybody may enter, such as /var/lib/binnacle`,
    );
  for (const path of [dir.root, dir.run]) letThrough(path, gid);
}

/** Makes the directories Postgres writes to and gives them to its account. */
export function preparePostgresDirectories(dir: DataDir, user: PostgresUser): void {
  if (isRoot()) letPostgresIn(dir, user);
  for (const path of [dir.postgres, socketDirectory(dir)]) {
    mkdirSync(path, { recursive: true, mode: OWNER_ALONE });
    if (isRoot()) chownSync(path, user.uid, user.gid);
  }
}

/** How the API server reaches the embedded database: over its unix socket, which nobody else may open. */
export function embeddedDatabaseUrl(dir: DataDir): string {
  return `postgres://binnacle@/postgres?host=${encodeURIComponent(socketDirectory(dir))}`;
}
