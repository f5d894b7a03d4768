import { chmodSync, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';

const MODES = 0o7777;

const isBelow = (path: string, base: string): boolean => path === base || path.startsWith(base + sep);

const exists = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/** Who may use the volume may use what is in it; our umask would cut the mode. */
function makeDirectory(path: string, mode: number): void {
  mkdirSync(path);
  chmodSync(path, mode);
}

/**
 * Where a part of a volume really is, made where it is missing. Throws where a link leads out of the volume, which whoever
 * writes into it could have made. Behaves as kubernetes pkg/volume/util/subpath.
 */
export function safeSubPath(volume: string, path: string): string {
  if (!exists(volume)) mkdirSync(volume, { recursive: true, mode: 0o700 });
  const base = realpathSync(volume);
  const mode = lstatSync(base).mode & MODES;
  let current = base;
  for (const part of path.split('/').filter((each) => each !== '' && each !== '.')) {
    if (part === '..') throw new Error(`subPath ${path} must not contain '..'`);
    const next = join(current, part);
    if (!exists(next)) makeDirectory(next, mode);
    current = realpathSync(next);
    if (!isBelow(current, base)) throw new Error(`subPath ${path} leads out of its volume`);
  }
  return current;
}
