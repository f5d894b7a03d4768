import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DataDir } from '../data-dir/layout.js';
import { holdsDatabase } from '../postgres/database-state.js';
import type { Finding } from './finding.js';

const MIB = 1024 ** 2;
/** A new database with its first log files, and a copy of Postgres's programs where one is needed. */
const TO_BEGIN = 320 * MIB;
const TO_GO_ON = 64 * MIB;
const LEAST_INODES = 3000;

const nearest = (path: string): string => (existsSync(path) ? path : nearest(dirname(path)));

/** Whether there is room to begin, or to go on; `comfort` is what to advise, in bytes. */
export function diskSpace(dir: DataDir, comfort = 0): Finding {
  const { bavail, bsize, files, ffree } = statfsSync(nearest(dir.root));
  const free = bavail * bsize;
  const least = Math.max(comfort, holdsDatabase(dir) ? TO_GO_ON : TO_BEGIN);
  if (free < least)
    return `only ${Math.floor(free / MIB)} MiB are free on the disk of ${dir.root}; free at least ${Math.ceil(least / MIB)} MiB there, or choose another --data-dir`;
  // Some file systems count none.
  if (files > 0 && ffree < LEAST_INODES && !holdsDatabase(dir))
    return `only ${ffree} more files can be made on the disk of ${dir.root}; remove some, or choose another --data-dir`;
  return undefined;
}
