import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PersistentVolume } from '@binnacle/apis-kubernetes/core/v1';
import { pathOnNode } from './persistent-directory.js';

const OWNER_ALONE = 0o700;

/** On a volume: the provisioner that made it. What somebody made by hand is his. */
const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';

/** Whether what the volume holds goes with it. A directory of a node must bear its name: it is nothing else's. */
function isRemoved(volume: PersistentVolume): boolean {
  const { name, annotations } = volume.metadata;
  const path = pathOnNode(volume);
  const isOwn = path === undefined || path.endsWith(`/${name}`);
  return (
    volume.spec?.persistentVolumeReclaimPolicy === 'Delete' && annotations?.[PROVISIONED_BY] !== undefined && isOwn
  );
}

/**
 * What volumes leave behind. It is noted on the disk, since a volume may go while nobody follows; what is not noted is never
 * removed.
 */
export class VolumeRemains {
  constructor(private readonly root: string) {}

  /** The volume was mounted from that directory, which is below the root. */
  async note(volume: PersistentVolume, directory: string): Promise<void> {
    if (!isRemoved(volume)) return this.forget(volume.metadata.name ?? '');
    await mkdir(this.notes, { recursive: true, mode: OWNER_ALONE });
    await writeFile(this.noteOf(volume.metadata.name ?? ''), directory);
  }

  /** The volume is there: its policy may have changed. */
  async seen(volume: PersistentVolume): Promise<void> {
    if (!isRemoved(volume)) await this.forget(volume.metadata.name ?? '');
  }

  /** The volume is gone. */
  async gone(volume: PersistentVolume): Promise<void> {
    await this.seen(volume);
    await this.remove(volume.metadata.name ?? '');
  }

  /** These volumes are all there are. */
  async keepOnly(names: ReadonlySet<string>): Promise<void> {
    const noted = await readdir(this.notes).catch(() => []);
    for (const name of noted.map(decodeURIComponent)) if (!names.has(name)) await this.remove(name);
  }

  private async remove(name: string): Promise<void> {
    const directory = await readFile(this.noteOf(name), 'utf8').catch(() => undefined);
    if (directory === undefined) return;
    await rm(join(this.root, directory), { recursive: true, force: true });
    await this.forget(name);
  }

  private async forget(name: string): Promise<void> {
    await rm(this.noteOf(name), { force: true });
  }

  private get notes(): string {
    return join(this.root, 'volume-remains');
  }

  private noteOf(name: string): string {
    return join(this.notes, encodeURIComponent(name));
  }
}
