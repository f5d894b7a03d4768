import { readFile, realpath, stat } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import type { Mount } from '@binnacle/node-cri';

const LARGEST_FILE = 4 * 1024 * 1024;

const isAt = (path: string, { containerPath }: Mount): boolean =>
  path === containerPath || path.startsWith(`${containerPath.replace(/\/$/, '')}/`);

/** A file of a directory on this machine; undefined where there is none, or only by a link that leads out of it. */
export async function readWithin(directory: string, path: string): Promise<Buffer | undefined> {
  try {
    const root = await realpath(directory);
    const file = await realpath(join(root, normalize(`/${path}`)));
    if (file !== root && !file.startsWith(root + sep)) return undefined;
    const { size } = await stat(file);
    return size <= LARGEST_FILE ? await readFile(file) : undefined;
  } catch {
    return undefined;
  }
}

/** A file of a container's volumes, by its path in the container. */
export async function readMounted(mounts: readonly Mount[], path: string): Promise<Buffer | undefined> {
  const wanted = normalize(`/${path}`);
  const candidates = mounts.filter((mount) => isAt(wanted, mount));
  const [mount] = candidates.sort((a, b) => b.containerPath.length - a.containerPath.length);
  return mount && (await readWithin(mount.hostPath, wanted.slice(mount.containerPath.length)));
}
