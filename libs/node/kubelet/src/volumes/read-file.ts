import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';

const LONGEST_BYTES = 1024 * 1024;

/**
 * The text of a file that a container wrote into a volume. Rejects where it is no plain file, is too long, or where a link
 * leads out of the volume.
 */
export async function readVolumeFile(volume: string, path: string): Promise<string> {
  const base = await realpath(volume);
  const found = await realpath(join(base, path));
  if (!found.startsWith(base + sep)) throw new Error(`${path} leads out of its volume`);
  const file = await open(found, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const status = await file.stat();
    if (!status.isFile()) throw new Error(`${path} is no regular file`);
    if (status.size > LONGEST_BYTES) throw new Error(`${path} is longer than ${LONGEST_BYTES} bytes`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
