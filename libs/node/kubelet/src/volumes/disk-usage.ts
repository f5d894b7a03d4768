import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Blocks of stat are of so many bytes, whatever the file system's are. */
const BLOCK_BYTES = 512;
/** Counted at the most: more files than that cost the node more than their bytes. */
const MOST_ENTRIES = 50_000;

const listed = (directory: string): Promise<Dirent[]> => readdir(directory, { withFileTypes: true }).catch(() => []);

/** What there is may have gone since it was listed. */
async function sizeOf(path: string): Promise<number> {
  const status = await lstat(path).catch(() => undefined);
  return (status?.blocks ?? 0) * BLOCK_BYTES;
}

/**
 * Bytes that the files below a directory take of the disk, counted until they are more than `most`. Links are not followed. 0 for
 * a directory that is not there.
 */
export async function diskUsage(directory: string, most: number): Promise<number> {
  const left = [directory];
  let [bytes, entries] = [0, 0];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    for (const entry of await listed(next)) {
      const path = join(next, entry.name);
      bytes += await sizeOf(path);
      entries += 1;
      if (bytes > most || entries >= MOST_ENTRIES) return bytes;
      if (entry.isDirectory()) left.push(path);
    }
  }
  return bytes;
}
