import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, closeSync, fsyncSync, mkdtempSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Context } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import type { DataDir } from '../data-dir/layout.js';
import { asUser, isRoot, type PostgresUser } from '../data-dir/postgres-account.js';
import type { PostgresBinaries } from './binaries.js';
import { explain } from './diagnosis.js';
import { databaseDirectory } from './directory.js';

const FLAGS = ['-U', 'binnacle', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-instructions'];

/** Runs initdb, which flushes what it wrote. Rejects with its last words and what to do about them. */
async function initialize(ctx: Context, initdb: string, directory: string, user: PostgresUser): Promise<void> {
  const child = spawn(initdb, ['-D', directory, ...FLAGS], { ...asUser(user), stdio: ['ignore', 'ignore', 'pipe'] });
  const stop = () => child.kill();
  ctx.signal.addEventListener('abort', stop, { once: true });
  const [words, [code]] = await Promise.all([text(child.stderr), once(child, 'exit') as Promise<[number | null]>]);
  ctx.signal.removeEventListener('abort', stop);
  ctx.signal.throwIfAborted();
  if (code !== 0)
    throw new ConfigError(`the database cannot be made: ${explain(words) ?? `initdb ended with ${code}`}`);
}

function flushDirectory(path: string): void {
  const directory = openSync(path, 'r');
  fsyncSync(directory);
  closeSync(directory);
}

/**
 * Makes the database cluster where there is none. It is built beside and renamed when it is whole and on the disk, so that a
 * start cut off half way leaves nothing to trip over and nothing that was there before is ever touched.
 */
export async function createDatabase(
  ctx: Context,
  dir: DataDir,
  { initdb }: PostgresBinaries,
  user: PostgresUser,
): Promise<void> {
  const draft = mkdtempSync(join(dir.postgres, 'new-'));
  try {
    if (isRoot()) chownSync(draft, user.uid, user.gid);
    await initialize(ctx, initdb, draft, user);
    renameSync(draft, databaseDirectory(dir));
    flushDirectory(dir.postgres);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}
