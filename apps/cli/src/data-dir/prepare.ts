import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError } from '@binnacle/process-config';
import { isRoot } from './postgres-account.js';
import { isAllOurs } from './inspect.js';
import type { DataDir } from './layout.js';
import { writeIfChanged } from './write-file.js';

/** The shape of the directory itself. Raised when an older program could no longer read it. */
export const DATA_DIR_FORMAT = 1;

interface Settings {
  readonly format: number;
}

function readSettings(dir: DataDir): Settings {
  try {
    return JSON.parse(readFileSync(dir.settings, 'utf8')) as Settings;
  } catch (error) {
    throw new ConfigError(
      `${dir.settings} cannot be read (${(error as Error).message}); choose another --data-dir, or remove that file`,
    );
  }
}

/** Refuses a directory that a newer program left. */
export function checkFormat(dir: DataDir): void {
  if (!existsSync(dir.settings)) return;
  const { format } = readSettings(dir);
  if (format > DATA_DIR_FORMAT) {
    throw new ConfigError(
      `the data directory ${dir.root} was written by a newer Binnacle (format ${format}, this one knows ${DATA_DIR_FORMAT}); ` +
        'use that version, or another --data-dir',
    );
  }
}

const OWNER_ALONE = 0o700;
const GROUP_MAY_ENTER = 0o010;

/** Makes a directory and those above it. What node offers for this never returns below directories such as /proc. */
function makeDirectory(path: string, mode?: number): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  mkdirSync(path, mode === undefined ? {} : { mode });
}

/** Takes everybody else's rights away, also those an earlier release gave; `kept` are those that may stay. */
function keepToOwner(path: string, kept = 0): void {
  const mode = statSync(path).mode & 0o777;
  const wanted = OWNER_ALONE | (mode & kept);
  if (mode !== wanted) chmodSync(path, wanted);
}

function makeDirectories(dir: DataDir): void {
  // Postgres's own account passes through these two (preparePostgresDirectories).
  const passage = isRoot() ? GROUP_MAY_ENTER : 0;
  makeDirectory(dir.root, OWNER_ALONE);
  // A directory that was given to us with other things in it has rights for them.
  if (isAllOurs(dir)) keepToOwner(dir.root, passage);
  const { pki, kubeconfigs, manifests, nodes, run, logs, kubelet, simulatedKubelet } = dir;
  for (const path of [pki, kubeconfigs, manifests, nodes, run, logs, kubelet, simulatedKubelet]) {
    mkdirSync(path, { recursive: true, mode: OWNER_ALONE });
    keepToOwner(path, path === run ? passage : 0);
  }
}

/** Makes the directories, which nobody but their owner may look into, and refuses what a newer program left. */
export function prepareDataDir(dir: DataDir): void {
  checkFormat(dir);
  try {
    makeDirectories(dir);
  } catch (error) {
    throw new ConfigError(
      `cannot use ${dir.root} as the data directory (${(error as Error).message}); choose another with --data-dir`,
    );
  }
  writeIfChanged(dir.settings, `${JSON.stringify({ format: DATA_DIR_FORMAT } satisfies Settings)}\n`);
}
