import { readFileSync, statSync } from 'node:fs';
import { ConfigError } from '@binnacle/process-config';
import { allowedEnvironment } from '../environment.js';

/** Who runs Postgres: it refuses to run as root. */
export interface PostgresUser {
  readonly uid: number;
  readonly gid: number;
}

const PREFERRED_USERS = ['postgres', 'nobody'];

export const isRoot = (): boolean => process.getuid?.() === 0;

/** What a child needs to run as Postgres's account where we are root; nobody's terminal, nobody's directory, nobody's keys. */
export function asUser({ uid, gid }: PostgresUser) {
  const place = { cwd: '/', env: allowedEnvironment() };
  return isRoot() ? { ...place, uid, gid } : place;
}

/** Name and ids of an account, by `/etc/passwd` alone: Postgres asks no more of it. */
function accountNamed(name: string, passwd: string): PostgresUser | undefined {
  const [, , uid, gid] =
    passwd
      .split('\n')
      .find((line) => line.startsWith(`${name}:`))
      ?.split(':') ?? [];
  const account = { uid: Number(uid), gid: Number(gid) };
  // Never root by another name, and never an entry that is broken.
  return account.uid > 0 && account.gid >= 0 ? account : undefined;
}

function ownerOf(directory: string): PostgresUser | undefined {
  const { uid = 0, gid = 0 } = statSync(directory, { throwIfNoEntry: false }) ?? {};
  return uid > 0 ? { uid, gid } : undefined;
}

/**
 * The account Postgres runs as: ours; where we are root the one the database belongs to, and for a database that is yet to be
 * made `postgres` or `nobody`.
 */
export function postgresUser(database: string, passwd = readFileSync('/etc/passwd', 'utf8')): PostgresUser {
  if (!isRoot()) return { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 };
  const owner = ownerOf(database);
  if (owner) return owner;
  for (const name of PREFERRED_USERS) {
    const account = accountNamed(name, passwd);
    if (account) return account;
  }
  throw new ConfigError(
    'Postgres refuses to run as root, and there is neither a "postgres" nor a "nobody" account to run it as; make one with "useradd --system --shell /bin/false postgres", or set DATABASE_URL',
  );
}
