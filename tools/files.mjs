import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders of what others wrote, or was built from the sources. */
export const OUTPUT = new Set(['node_modules', 'dist', '.next', '.nx']);

/**
 * The paths of all files below a folder, each beginning with it, without folders of the names to skip.
 * @type {(folder: string, skipped?: ReadonlySet<string>) => string[]}
 */
export const filesBelow = (folder, skipped = OUTPUT) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesBelow(path, skipped);
    return [path];
  });
