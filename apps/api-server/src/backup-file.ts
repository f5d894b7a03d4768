import { closeSync, createWriteStream, lstatSync, openSync, readSync, type WriteStream } from 'node:fs';
import { ConfigError } from '@binnacle/process-config';

/** How every backup begins (libs/server/storage-postgres/src/backup/format.ts). */
const BEGINNING = '{"format":"binnacle-backup"';

function beginningOf(file: string): string {
  const opened = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(BEGINNING.length);
    return bytes.subarray(0, readSync(opened, bytes)).toString();
  } finally {
    closeSync(opened);
  }
}

/** Refuses to put a backup in the place of anything but nothing, an empty file or an earlier backup. */
export function requireReplaceable(file: string): void {
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (!there || (there.isFile() && (there.size === 0 || beginningOf(file) === BEGINNING))) return;
  throw new ConfigError(`${file} is there and is no backup, so it is not replaced; choose another name`);
}

/** What a backup is written to before it is whole: nobody else's file, readable by its owner alone, flushed to the disk. */
export function draftOf(file: string): WriteStream {
  return createWriteStream(`${file}.${process.pid}.part`, { mode: 0o600, flags: 'wx', flush: true });
}
