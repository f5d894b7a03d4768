import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { VolumeFile, VolumeFiles } from './volume-files.js';

const DATA = '..data';
const DRAFT = '..data_tmp';
const DIRECTORY_MODE = 0o755;
const MODES = 0o7777;
const LONGEST_PATH = 4096;
const LONGEST_NAME = 255;

/** Throws for a path that could leave the volume or meet the writer's own names. Behaves as the upstream's validatePath. */
function requirePlain(path: string): void {
  const refuse = (why: string): never => {
    throw new Error(`invalid path: ${why}: ${path}`);
  };
  const parts = path.split('/');
  if (path === '') refuse('must not be empty');
  if (path.startsWith('/')) refuse('must be relative path');
  if (path.length > LONGEST_PATH) refuse(`must be less than or equal to ${LONGEST_PATH} characters`);
  if (parts.includes('..')) refuse("must not contain '..'");
  if (path.startsWith('..')) refuse("must not start with '..'");
  if (parts.some((part) => part === '' || part === '.' || part.includes('\0'))) refuse('must be clean');
  if (parts.some((part) => part.length > LONGEST_NAME)) refuse('holds a name that is too long');
}

async function isSame(path: string, { content, mode }: VolumeFile): Promise<boolean> {
  try {
    const [now, before] = [(await stat(path)).mode & MODES, await readFile(path)];
    return now === mode && before.equals(content);
  } catch {
    return false;
  }
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map(({ parentPath, name }) => join(parentPath, name).slice(directory.length + 1)).sort();
}

async function isUpToDate(directory: string, files: VolumeFiles): Promise<boolean> {
  const paths = Object.keys(files).sort();
  const found = await filesBelow(directory);
  if (found.length !== paths.length || found.some((path, at) => path !== paths[at])) return false;
  const same = await Promise.all(Object.entries(files).map(([path, file]) => isSame(join(directory, path), file)));
  return same.every(Boolean);
}

async function writeAll(directory: string, files: VolumeFiles): Promise<void> {
  await chmod(directory, DIRECTORY_MODE);
  for (const [path, { content, mode }] of Object.entries(files)) {
    const target = join(directory, path);
    await mkdir(dirname(target), { recursive: true, mode: DIRECTORY_MODE });
    await writeFile(target, content, { flag: 'wx', mode: 0o600 });
    // Set afterwards: the mode of a new file is cut by our umask.
    await chmod(target, mode);
  }
}

/** Links the first part of each path into the present data, and takes away what is linked no longer. */
async function link(target: string, files: VolumeFiles): Promise<void> {
  const names = new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''));
  for (const entry of await readdir(target, { withFileTypes: true })) {
    const isOurs = entry.name.startsWith('..');
    if (isOurs || (names.has(entry.name) && entry.isSymbolicLink())) continue;
    await rm(join(target, entry.name), { recursive: true, force: true });
  }
  for (const name of names) await symlink(join(DATA, name), join(target, name)).catch(ifThere);
}

function ifThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/**
 * Makes a directory hold exactly the files: a reader sees all of the old ones or all of the new. Rejects for paths that could
 * leave it. Behaves as kubernetes pkg/volume/util AtomicWriter.
 */
export async function writeVolume(target: string, files: VolumeFiles): Promise<void> {
  for (const path of Object.keys(files)) requirePlain(path);
  await mkdir(target, { recursive: true, mode: DIRECTORY_MODE });
  const before = await readlink(join(target, DATA)).catch(() => undefined);
  if (before !== undefined && (await isUpToDate(join(target, before), files))) return;
  const made = await mkdtemp(join(target, '..v'));
  await writeAll(made, files);
  await rm(join(target, DRAFT), { force: true });
  await symlink(made.slice(target.length + 1), join(target, DRAFT));
  await rename(join(target, DRAFT), join(target, DATA));
  await link(target, files);
  await removeOthers(target, made.slice(target.length + 1));
}

async function removeOthers(target: string, current: string): Promise<void> {
  const kept = [DATA, current];
  const names = (await readdir(target)).filter((name) => name.startsWith('..') && !kept.includes(name));
  for (const name of names) await rm(join(target, name), { recursive: true, force: true });
}
