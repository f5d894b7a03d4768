import { readFile, realpath, stat } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import type { Mount } from '@binnacle/node-cri';

/** Where web server images look for their pages. */
const PAGE_ROOTS = ['/usr/share/nginx/html', '/usr/local/apache2/htdocs', '/usr/share/caddy', '/var/www/html'];
const LARGEST_PAGE = 4 * 1024 * 1024;

/** A page from a volume mounted where the image has its pages; undefined where there is no such page, or no such volume. */
export async function mountedPage(mounts: readonly Mount[], path: string): Promise<Buffer | undefined> {
  const mount = mounts.find(({ containerPath }) => PAGE_ROOTS.includes(containerPath));
  if (!mount) return undefined;
  try {
    const root = await realpath(mount.hostPath);
    const wanted = normalize(`/${decodeURIComponent(path)}`);
    const file = await realpath(join(root, wanted.endsWith('/') ? `${wanted}index.html` : wanted));
    // A link in a volume must not lead out of it.
    if (!file.startsWith(root + sep)) return undefined;
    return (await stat(file)).size <= LARGEST_PAGE ? await readFile(file) : undefined;
  } catch {
    return undefined;
  }
}

export const hasMountedPages = (mounts: readonly Mount[]): boolean =>
  mounts.some(({ containerPath }) => PAGE_ROOTS.includes(containerPath));
