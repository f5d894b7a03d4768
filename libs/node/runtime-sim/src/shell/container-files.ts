import { readFileSync, statSync } from 'node:fs';
import type { Mount } from '@binnacle/node-cri';
import { InMemoryFs, MountableFs, OverlayFs, ReadWriteFs } from 'just-bash';

/** What a container's root holds besides its volumes. */
const ROOT = {
  '/etc/hostname': '',
  '/tmp/.keep': '',
  '/root/.keep': '',
  '/dev/null': '',
};

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** The files a container sees: some of its own in memory, and its volumes. Nothing else of this machine. */
export function containerFiles(mounts: readonly Mount[]): MountableFs {
  const files = mounts.filter(({ hostPath }) => isFile(hostPath));
  const single = Object.fromEntries(
    files.map(({ hostPath, containerPath }) => [containerPath, readFileSync(hostPath)]),
  );
  const fs = new MountableFs({ base: new InMemoryFs({ ...ROOT, ...single }) });
  for (const mount of mounts) {
    const { hostPath: root, containerPath, readonly } = mount;
    if (files.includes(mount) || containerPath === '/') continue;
    const filesystem = readonly ? new OverlayFs({ root, mountPoint: '/', readOnly: true }) : new ReadWriteFs({ root });
    fs.mount(containerPath, filesystem);
  }
  return fs;
}
