import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

function writeAtomically(path: string, text: string, mode: number): void {
  const draft = `${path}.${process.pid}.tmp`;
  // Flushed first: after a power loss the file is the old one or the new one, not an empty one.
  writeFileSync(draft, text, { mode, flush: true });
  chmodSync(draft, mode);
  renameSync(draft, path);
}

/** Replaces a file that holds a secret: readable by its owner alone, never seen half written. */
export function writePrivate(path: string, text: string): void {
  writeAtomically(path, text, 0o600);
}

/** Replaces a file if its text differs, so that watchers of the directory are not woken for nothing. */
export function writeIfChanged(path: string, text: string, mode = 0o644): void {
  try {
    if (readFileSync(path, 'utf8') === text) return;
  } catch {
    // Not there yet.
  }
  writeAtomically(path, text, mode);
}

/** The same for what is somebody else's to edit from then on: a file that is there stays as it is. */
export function writeOnce(path: string, text: string): void {
  if (!existsSync(path)) writePrivate(path, text);
}
