import { constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { join } from 'node:path';

const LONGEST_BYTES = 1024 * 1024;
const NAME = /^[^./][^/]*\.(ya?ml|json)$/;
const WORLD_WRITABLE = 0o002;
const GROUP_WRITABLE = 0o020;

export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** Whose files may say what runs here: those of the account of this process, and root's. */
export interface Trusted {
  readonly uid: number;
  readonly gid: number;
}

const ourselves = (): Trusted => ({ uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 });

/** Says why a file or directory must not decide what runs on this machine; undefined where it may. */
export function distrust({ uid, gid, mode }: FileOwner, trusted: Trusted = ourselves()): string | undefined {
  if (uid !== 0 && uid !== trusted.uid)
    return `it belongs to user ${uid}; only root's and our own may be used (chown it)`;
  if (mode & WORLD_WRITABLE) return 'everybody may write it (chmod o-w)';
  const ownGroup = gid === 0 || gid === trusted.gid;
  if (mode & GROUP_WRITABLE && !ownGroup) return `group ${gid} may write it (chmod g-w)`;
  return undefined;
}

/** Whether a directory entry can be a manifest by its name. */
export const isManifestName = (name: string): boolean => NAME.test(name);

/** Throws where somebody else than root and ourselves may put manifests there. */
export async function requireTrustedDirectory(directory: string): Promise<void> {
  const found = await lstat(directory);
  const why = found.isDirectory() ? distrust(found) : 'it is no directory (a link is not followed)';
  if (why) throw new Error(`the manifest directory ${directory} is not used: ${why}`);
}

async function textOf(file: FileHandle, path: string): Promise<string> {
  const found = await file.stat();
  const why = found.isFile() ? distrust(found) : 'it is no regular file';
  if (why) throw new Error(`${path} is not used: ${why}`);
  if (found.size > LONGEST_BYTES) throw new Error(`${path} is not used: it is longer than ${LONGEST_BYTES} bytes`);
  return await file.readFile('utf8');
}

/**
 * The text of one manifest of a directory. Rejects for what is not a plain file of a trusted owner directly in it: a link, a
 * path that leads elsewhere, a device, or what others may write.
 */
export async function readManifestFile(directory: string, name: string): Promise<string> {
  const path = join(directory, name);
  if (!isManifestName(name)) throw new Error(`${name} is not used: it is no name of a manifest`);
  await requireTrustedDirectory(directory);
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ELOOP' ? new Error(`${path} is not used: it is a link`) : error;
  });
  try {
    return await textOf(file, path);
  } finally {
    await file.close();
  }
}
