import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, sleep } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import type { DataDir } from '../data-dir/layout.js';
import { postgres } from '../manifests/control-plane.js';
import { asUser } from '../data-dir/postgres-account.js';
import { howToRestore } from '../postgres/database-state.js';
import { explain } from '../postgres/diagnosis.js';
import { databaseDirectory, embeddedDatabaseUrl } from '../postgres/directory.js';
import { type EmbeddedPostgres, preparePostgres } from '../postgres/prepare-postgres.js';

const POLL_MILLISECONDS = 50;
const DEADLINE_MILLISECONDS = 60_000;

/** Postgres says in its pid file when it takes connections. */
function isReady(dir: DataDir, pid: number | undefined): boolean {
  try {
    const lines = readFileSync(join(databaseDirectory(dir), 'postmaster.pid'), 'utf8').split('\n');
    return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

interface Started {
  readonly child: ChildProcess;
  readonly logFile: string;
  /** How long the log was before. */
  readonly logStart: number;
}

function start(dir: DataDir, embedded: EmbeddedPostgres): Started {
  const logFile = join(dir.logs, 'postgres.log');
  const log = openSync(logFile, 'a');
  const logStart = statSync(logFile).size;
  const [program = '', ...args] = postgres(dir, embedded).command;
  const child = spawn(program, args, { ...asUser(embedded.user), stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  return { child, logFile, logStart };
}

function whyNot(dir: DataDir, { logFile, logStart }: Started): string {
  const words = readFileSync(logFile).subarray(logStart).toString();
  return explain(words, howToRestore(dir)) ?? `see ${logFile}`;
}

async function untilReady(ctx: Context, dir: DataDir, started: Started): Promise<void> {
  const { child } = started;
  const deadline = ctx.clock.now() + DEADLINE_MILLISECONDS;
  while (!isReady(dir, child.pid)) {
    if (child.exitCode !== null || child.signalCode !== null || ctx.clock.now() > deadline)
      throw new ConfigError(`the embedded Postgres does not start: ${whyNot(dir, started)}`);
    await sleep(ctx, POLL_MILLISECONDS);
  }
}

/** Runs the embedded Postgres of a cluster that does not run, for as long as `use` needs it; `make` makes a database first. */
export async function withEmbeddedDatabase<T>(
  ctx: Context,
  dir: DataDir,
  make: boolean,
  use: (databaseUrl: string) => Promise<T>,
): Promise<T> {
  const started = start(dir, await preparePostgres(ctx, dir, make));
  const ended = once(started.child, 'exit');
  try {
    await untilReady(ctx, dir, started);
    return await use(embeddedDatabaseUrl(dir));
  } finally {
    started.child.kill('SIGINT');
    await ended;
  }
}
