import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';

const DIRECTORY_MODE = 0o750;

const isBelow = (path: string, base: string): boolean => path === base || path.startsWith(base + sep);

const exists = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/**
 * Where a part of a volume really is, made where it is missing. Throws where a link leads out of the volume, which whoever
 * writes into it could have made. Behaves as kubernetes pkg/volume/util/subpath.
 */
export function safeSubPath(volume: string, path: string): string {
  if (!exists(volume)) mkdirSync(volume, { recursive: true, mode: 0o700 });
  const base = realpathSync(volume);
  let current = base;
  for (const part of path.split('/').filter((each) => each !== '' && each !== '.')) {
    if (part === '..') throw new Error(`subPath ${path} must not contain '..'`);
    const next = join(current, part);
    if (!exists(next)) mkdirSync(next, { mode: DIRECTORY_MODE });
    current = realpathSync(next);
    if (!isBelow(current, base)) throw new Error(`subPath ${path} leads out of its volume`);
  }
  return current;
}
