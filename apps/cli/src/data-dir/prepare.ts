import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError } from '@binnacle/process-config';
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

/** Makes a directory and those above it. What node offers for this never returns below directories such as /proc. */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  mkdirSync(path);
}

/** Makes the directories, private where they hold keys, and refuses what a newer program left. */
export function prepareDataDir(dir: DataDir): void {
  checkFormat(dir);
  try {
    makeDirectory(dir.root);
    for (const path of [dir.kubeconfigs, dir.manifests, dir.nodes, dir.run, dir.logs, dir.kubelet]) {
      mkdirSync(path, { recursive: true });
    }
    mkdirSync(dir.pki, { recursive: true, mode: 0o700 });
    for (const path of [dir.pki, dir.kubeconfigs]) chmodSync(path, 0o700);
  } catch (error) {
    throw new ConfigError(
      `cannot use ${dir.root} as the data directory (${(error as Error).message}); choose another with --data-dir`,
    );
  }
  writeIfChanged(dir.settings, `${JSON.stringify({ format: DATA_DIR_FORMAT } satisfies Settings)}\n`);
}
