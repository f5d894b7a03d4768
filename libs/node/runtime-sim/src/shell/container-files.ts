import { readFileSync, statSync } from 'node:fs';
import type { Mount } from '@binnacle/node-cri';
import { InMemoryFs, MountableFs, OverlayFs } from 'just-bash';
import { VolumeFiles } from './volume-files.js';

/** What a container's root holds besides its volumes. */
const ROOT = {
  '/tmp/.keep': '',
  '/root/.keep': '',
  '/dev/null': '',
};

/** Of all files that are in no volume: they are not in the heap that bounds a thread. */
const MOST_BYTES = 32 * 1024 * 1024;

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** The files a container sees: some of its own in memory, and its volumes. Nothing else of this machine. */
export function containerFiles(mounts: readonly Mount[], hostname: string): MountableFs {
  const files = mounts.filter(({ hostPath }) => isFile(hostPath));
  const single = Object.fromEntries(
    files.map(({ hostPath, containerPath }) => [containerPath, readFileSync(hostPath)]),
  );
  const fs = new MountableFs({
    base: new InMemoryFs({ ...ROOT, '/etc/hostname': `${hostname}\n`, ...single }, { maxTotalBytes: MOST_BYTES }),
  });
  for (const mount of mounts) {
    const { hostPath: root, containerPath, readonly } = mount;
    if (files.includes(mount) || containerPath === '/') continue;
    // What a volume is filled with is linked within itself (..data); links that lead out of it are not followed.
    const filesystem = readonly
      ? new OverlayFs({ root, mountPoint: '/', readOnly: true, allowSymlinks: true })
      : new VolumeFiles(root);
    fs.mount(containerPath, filesystem);
  }
  return fs;
}
