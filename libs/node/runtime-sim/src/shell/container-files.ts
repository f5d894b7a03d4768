import { readFileSync, statSync } from 'node:fs';
import { InMemoryFs, MountableFs, OverlayFs } from 'just-bash';
import type { RunScript } from './protocol.js';
import { ReadOnlyRoot } from './read-only-root.js';
import { SHELL_COMMANDS } from './shell-commands.js';
import { VolumeFiles } from './volume-files.js';

/** What a container's root holds besides its volumes. */
const ROOT: Readonly<Record<string, string>> = {
  '/tmp/.keep': '',
  '/root/.keep': '',
  '/dev/null': '',
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
  '/etc/group': 'root:x:0:\nnobody:x:65534:\n',
};

/** Every command has a path, as in images. */
const PROGRAMS = Object.fromEntries(
  SHELL_COMMANDS.map((name) => [`/bin/${name}`, { content: `#!/bin/sh\n${name} "$@"\n`, mode: 0o755 }]),
);

/** Of all files that are in no volume: they are not in the heap that bounds a thread. */
const MOST_BYTES = 32 * 1024 * 1024;

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** What of a script says which files its container has. */
export type FilesOf = Pick<RunScript, 'mounts' | 'hostname' | 'files' | 'readonlyRoot'>;

/** The files a container sees: some of its own in memory, and its volumes. Nothing else of this machine. */
export function containerFiles({ mounts, hostname, files: image, readonlyRoot }: FilesOf): MountableFs {
  const files = mounts.filter(({ hostPath }) => isFile(hostPath));
  const single = Object.fromEntries(
    files.map(({ hostPath, containerPath }) => [containerPath, readFileSync(hostPath)]),
  );
  const programs = Object.fromEntries(Object.entries(image).map(([path, content]) => [path, { content, mode: 0o755 }]));
  const content = { ...ROOT, ...PROGRAMS, ...programs, '/etc/hostname': `${hostname}\n`, ...single };
  const Root = readonlyRoot ? ReadOnlyRoot : InMemoryFs;
  const fs = new MountableFs({ base: new Root(content, { maxTotalBytes: MOST_BYTES }) });
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
