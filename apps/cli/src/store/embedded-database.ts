import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, sleep } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import type { DataDir } from '../data-dir/layout.js';
import { postgres } from '../manifests/control-plane.js';
import { findBinaries, type PostgresUser, postgresUser } from '../postgres/binaries.js';
import { databaseDirectory, embeddedDatabaseUrl, preparePostgresDirectories } from '../postgres/directory.js';

/** `apps/`, seen from `apps/cli/dist/store/`. */
const programs = join(import.meta.dirname, '..', '..', '..');
const POLL_MILLISECONDS = 50;
const DEADLINE_MILLISECONDS = 60_000;

export const hasDatabase = (dir: DataDir): boolean =>
  existsSync(dir.postgres) && existsSync(join(databaseDirectory(dir), 'PG_VERSION'));

/** Postgres says in its pid file when it takes connections. */
function isReady(dir: DataDir, pid: number | undefined): boolean {
  try {
    const lines = readFileSync(join(databaseDirectory(dir), 'postmaster.pid'), 'utf8').split('\n');
    return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

/** What a child needs to run as Postgres's account where we are root. */
function asUser({ uid, gid }: PostgresUser, cwd: string): { cwd: string; uid?: number; gid?: number } {
  return process.getuid?.() === 0 ? { cwd, uid, gid } : { cwd };
}

async function untilReady(ctx: Context, dir: DataDir, child: ChildProcess, logFile: string): Promise<void> {
  const deadline = ctx.clock.now() + DEADLINE_MILLISECONDS;
  while (!isReady(dir, child.pid)) {
    if (child.exitCode !== null || ctx.clock.now() > deadline)
      throw new ConfigError(`the embedded Postgres does not start; see ${logFile}`);
    await sleep(ctx, POLL_MILLISECONDS);
  }
}

/** Runs the embedded Postgres of a cluster that does not run, for as long as `use` needs it. */
export async function withEmbeddedDatabase<T>(
  ctx: Context,
  dir: DataDir,
  use: (databaseUrl: string) => Promise<T>,
): Promise<T> {
  const user = postgresUser(process.getuid?.() ?? -1, process.getgid?.() ?? -1);
  preparePostgresDirectories(dir, user);
  const binaries = await findBinaries(user, join(dir.root, 'lib', 'postgres'));
  const { command, initCommand = [] } = postgres({ dir, programs }, { binaries, user });
  const how = asUser(user, dir.postgres);
  const logFile = join(dir.logs, 'postgres.log');
  const log = openSync(logFile, 'a');
  const [init = '', ...initArguments] = initCommand;
  const made = spawnSync(init, initArguments, { ...how, stdio: ['ignore', log, log] });
  if (made.status !== 0) throw new ConfigError(`the embedded Postgres cannot be set up; see ${logFile}`);
  const [program = '', ...args] = command;
  const child = spawn(program, args, { ...how, stdio: ['ignore', log, log], detached: true });
  const ended = once(child, 'exit');
  try {
    await untilReady(ctx, dir, child, logFile);
    return await use(embeddedDatabaseUrl(dir));
  } finally {
    child.kill('SIGINT');
    await ended;
  }
}
