import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '@binnacle/process-config';
import type { DataDir } from '../data-dir/layout.js';
import { writeIfChanged } from '../data-dir/write-file.js';
import { quoted } from '../terminal/quoted.js';
import { databaseDirectory } from './directory.js';
import { walDamage } from './wal-state.js';

/** Without these Postgres does not know a database as one; in the order in which their absence is told. */
const MARKS = ['PG_VERSION', 'global/pg_control'];

/** How a person gets from a damaged or lost database to the last backup. */
export function howToRestore(dir: DataDir): string {
  const [data, aside, root] = [databaseDirectory(dir), `${databaseDirectory(dir)}.damaged`, dir.root].map(quoted);
  return `bring it back from a copy, or move the rest away and restore a backup: mv ${data} ${aside} && binnacle restore <file> --data-dir ${root}`;
}

function damaged(dir: DataDir, what: string): ConfigError {
  return new ConfigError(
    `the database in ${databaseDirectory(dir)} is damaged: ${what}; nothing was changed; ${howToRestore(dir)}`,
  );
}

/** A link whose target is away, such as a disk that is not mounted, is not the absence of a database. */
function requireTarget(dir: DataDir): void {
  for (const path of [dir.postgres, databaseDirectory(dir)]) {
    if (existsSync(path) || !lstatSync(path, { throwIfNoEntry: false })) continue;
    throw new ConfigError(`${path} leads to ${readlinkSync(path)}, which is not there; mount it, or make it`);
  }
}

/**
 * Whether the embedded database has been made. Throws, having changed nothing, where there is something that is none: it may
 * be all that is left of one.
 */
export function databaseState(dir: DataDir): 'none' | 'made' {
  requireTarget(dir);
  const data = databaseDirectory(dir);
  if (!existsSync(data) || readdirSync(data).length === 0) return 'none';
  const missing = MARKS.find((path) => !existsSync(join(data, path)));
  if (missing) throw damaged(dir, `${join(data, missing)} is missing`);
  const broken = walDamage(data);
  if (broken) throw damaged(dir, broken);
  return 'made';
}

/** Refuses a database of another major version of Postgres, whose files are laid out differently. */
export function requireMajor(dir: DataDir, major: number): void {
  const file = join(databaseDirectory(dir), 'PG_VERSION');
  const version = readFileSync(file, 'utf8').trim();
  if (version === String(major)) return;
  if (!/^\d+$/.test(version)) throw damaged(dir, `${file} holds no version`);
  throw new ConfigError(
    `the database in ${databaseDirectory(dir)} is of Postgres ${version}, and this Binnacle has Postgres ${major}; use the release that made it, back it up there and restore the backup here into another --data-dir`,
  );
}

/** Notes that a database was made here, so that its absence later is seen for what it is. */
export function noteDatabase(dir: DataDir, now: number): void {
  if (existsSync(dir.databaseNote)) return;
  writeIfChanged(dir.databaseNote, `${JSON.stringify({ noted: new Date(now).toISOString() })}\n`);
}

/** Refuses to begin with an empty database where there was one before. */
function requireNoneBefore(dir: DataDir): void {
  if (!existsSync(dir.databaseNote)) return;
  const data = databaseDirectory(dir);
  throw new ConfigError(
    `there was a database in ${data} and it is gone; mount or bring it back, or restore a backup with "binnacle restore <file> --data-dir ${quoted(dir.root)}"; to begin with an empty one remove ${dir.databaseNote}`,
  );
}

/** Answers whether the database has been made; throws where it is damaged, and where there was one before. */
export function requireSoundDatabase(dir: DataDir): 'none' | 'made' {
  const state = databaseState(dir);
  if (state === 'none') requireNoneBefore(dir);
  return state;
}

/** Whether there is a database that can be looked into. */
export function holdsDatabase(dir: DataDir): boolean {
  try {
    return databaseState(dir) === 'made';
  } catch {
    return false;
  }
}
