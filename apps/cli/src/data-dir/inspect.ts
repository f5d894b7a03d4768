import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { ConfigError } from '@binnacle/process-config';
import { type DataDir, entriesOf } from './layout.js';

/** What the root of a file system may hold before anybody used it. */
const OF_NOBODY = ['lost+found'];

/** `ann (uid 1000)`, or the number alone. */
function accountOf(uid: number): string {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.split(':')[2] === String(uid));
    return line ? `${line.split(':')[0]} (uid ${uid})` : `uid ${uid}`;
  } catch {
    return `uid ${uid}`;
  }
}

function unusable(dir: DataDir, why: string): ConfigError {
  return new ConfigError(`cannot use ${dir.root} as the data directory (${why}); choose another with --data-dir`);
}

/** Who made the cluster in it, undefined where there is none or nothing tells. */
function ownerOf(dir: DataDir): number | undefined {
  for (const path of [dir.settings, dir.pki]) {
    try {
      return statSync(path).uid;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EACCES') return statSync(dir.root).uid;
    }
  }
  return undefined;
}

/** Whose the cluster in a directory is, where it is not that of whoever asks: a sentence. */
export function someoneElses(dir: DataDir, uid = process.getuid?.()): string | undefined {
  const owner = ownerOf(dir);
  if (owner === undefined || owner === uid || uid === undefined) return undefined;
  const [theirs, ours] = [owner, uid].map(accountOf);
  return `the cluster in ${dir.root} belongs to ${theirs}, and this is ${ours}; run it as its owner, or choose another --data-dir`;
}

function requireEmptyOrOurs(dir: DataDir): void {
  const entries = readdirSync(dir.root).filter((name) => !OF_NOBODY.includes(name));
  const marks = [dir.settings, dir.databaseNote, dir.postgres, dir.kubeconfigs].map((path) => basename(path));
  if (entries.length === 0 || entries.some((name) => marks.includes(name))) return;
  throw unusable(dir, `it holds other things, such as ${entries[0]}, and no cluster`);
}

/** Refuses a directory with a cluster that somebody else made. */
export function requireOwnDataDir(dir: DataDir): DataDir {
  const theirs = someoneElses(dir);
  if (theirs) throw new ConfigError(theirs);
  return dir;
}

/** Refuses a directory without a cluster of ours. */
export function requireCluster(dir: DataDir): DataDir {
  requireOwnDataDir(dir);
  if (existsSync(dir.settings)) return dir;
  throw new ConfigError(`there is no cluster in ${dir.root}; start one with "binnacle up", or give its --data-dir`);
}

/** Refuses a directory that is no place for a cluster of ours. Changes nothing; one that is not there yet is fine. */
export function requireUsableDataDir(dir: DataDir): void {
  let isDirectory = true;
  try {
    isDirectory = statSync(dir.root).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw unusable(dir, (error as Error).message);
  }
  if (!isDirectory) throw unusable(dir, 'it is no directory');
  requireOwnDataDir(dir);
  try {
    accessSync(dir.root, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusable(dir, (error as Error).message);
  }
  requireEmptyOrOurs(dir);
}

/** Whether all there is in it is ours, so that its rights are ours to set. */
export function isAllOurs(dir: DataDir): boolean {
  const ours = [...entriesOf(dir), ...OF_NOBODY];
  return readdirSync(dir.root).every((name) => ours.includes(name));
}
