import { lstat, mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Stats } from 'node:fs';

/** Whoever has no type takes what is there, or is given an empty directory. */
export type HostPathType = string;

const OWNER_ALONE = 0o700;
const DIRECTORY_MODE = 0o755;
const FILE_MODE = 0o644;

interface Check {
  readonly fits: (stats: Stats) => boolean;
  readonly what: string;
}

const CHECKS: Readonly<Record<string, Check>> = {
  Directory: { fits: (stats) => stats.isDirectory(), what: 'a directory' },
  DirectoryOrCreate: { fits: (stats) => stats.isDirectory(), what: 'a directory' },
  File: { fits: (stats) => stats.isFile(), what: 'a file' },
  FileOrCreate: { fits: (stats) => stats.isFile(), what: 'a file' },
  Socket: { fits: (stats) => stats.isSocket(), what: 'a socket file' },
  CharDevice: { fits: (stats) => stats.isCharacterDevice(), what: 'a character device' },
  BlockDevice: { fits: (stats) => stats.isBlockDevice(), what: 'a block device' },
};

const exists = async (path: string): Promise<boolean> =>
  await lstat(path).then(
    () => true,
    () => false,
  );

async function create(file: string, type: HostPathType, text: string): Promise<void> {
  if (type === 'FileOrCreate') return await writeFile(file, text, { mode: FILE_MODE });
  if (type === '' || type === 'DirectoryOrCreate') await mkdir(file, { mode: DIRECTORY_MODE });
}

/**
 * Makes what a hostPath volume may make at a path of the node, and rejects where what is there is of another type.
 * `file` is where that is kept, `text` what a new file says. Behaves as kubernetes pkg/volume/hostpath.
 */
export async function prepareHostPath(file: string, path: string, type: HostPathType, text = ''): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: OWNER_ALONE });
  if (!(await exists(file))) await create(file, type, text);
  const check = CHECKS[type];
  if (!check) return;
  const stats = await stat(file).catch(() => undefined);
  if (!stats || !check.fits(stats)) throw new Error(`hostPath type check failed: ${path} is not ${check.what}`);
}
