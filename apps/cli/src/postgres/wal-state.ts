import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** As initdb makes them; Postgres fills a segment with zeros before it gives it its name. */
const SEGMENT_BYTES = 16 * 1024 * 1024;
const SEGMENTS_OF_A_LOG = 0x100;
/** Where `global/pg_control` says from where the log is read after a crash, and on which timeline. */
const REDO_AT = 40;
const TIMELINE_AT = 48;

interface Redo {
  readonly timeline: string;
  readonly segment: number;
}

function redoOf(database: string): Redo | undefined {
  const control = readFileSync(join(database, 'global', 'pg_control'));
  // Postgres itself says what is wrong with it.
  if (control.length < TIMELINE_AT + 4) return undefined;
  return {
    timeline: control.readUInt32LE(TIMELINE_AT).toString(16).padStart(8, '0').toUpperCase(),
    segment: Number(control.readBigUInt64LE(REDO_AT) / BigInt(SEGMENT_BYTES)),
  };
}

/** The number of a segment among all of its timeline. */
function ordinal(name: string): number {
  return Number.parseInt(name.slice(8, 16), 16) * SEGMENTS_OF_A_LOG + Number.parseInt(name.slice(16), 16);
}

/**
 * What is wrong with the part of a database's write-ahead log that is read after a crash, if anything. Postgres takes the first segment
 * that is cut or missing for the log's end, starts well, and has lost what came after.
 */
export function walDamage(database: string): string | undefined {
  const directory = join(database, 'pg_wal');
  const redo = redoOf(database);
  if (!redo || !existsSync(directory)) return undefined;
  const names = readdirSync(directory)
    .filter((name) => /^[0-9A-F]{24}$/.test(name) && name.startsWith(redo.timeline) && ordinal(name) >= redo.segment)
    .sort();
  for (const [index, name] of names.entries()) {
    if (ordinal(name) !== redo.segment + index) return `in ${directory} the segment before ${name} is missing`;
    if (statSync(join(directory, name)).size !== SEGMENT_BYTES) return `${join(directory, name)} is not whole`;
  }
  return undefined;
}
