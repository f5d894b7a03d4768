import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { walDamage } from './wal-state.js';

const WHOLE = 16 * 1024 * 1024;
let database = '';
beforeEach(() => {
  database = mkdtempSync(join(tmpdir(), 'binnacle-wal-'));
  for (const name of ['pg_wal', 'global']) mkdirSync(join(database, name));
  control(0x1fe);
});
afterEach(() => rmSync(database, { recursive: true }));

/** Says that the log is read from this segment on, of timeline 1. */
function control(from: number): void {
  const bytes = Buffer.alloc(8192);
  bytes.writeBigUInt64LE(BigInt(from) * BigInt(WHOLE) + 40n, 40);
  bytes.writeUInt32LE(1, 48);
  writeFileSync(join(database, 'global/pg_control'), bytes);
}

function segment(name: string, size = WHOLE): void {
  const file = openSync(join(database, 'pg_wal', name), 'w');
  ftruncateSync(file, size);
  closeSync(file);
}

test('a log whose segments follow one another is sound, over the border of a log file too', () => {
  for (const name of ['0000000100000000000000FE', '0000000100000000000000FF', '000000010000000100000000'])
    segment(name);
  segment('archive_status', 0);
  expect(walDamage(database)).toBeUndefined();
});

test('a segment that is cut is named', () => {
  segment('0000000100000001000000FE');
  segment('0000000100000001000000FF', WHOLE / 2);
  expect(walDamage(database)).toContain('0000000100000001000000FF is not whole');
});

test('a gap is named, and so is a beginning that is away', () => {
  segment('0000000100000001000000FE');
  segment('000000010000000200000000');
  expect(walDamage(database)).toContain('the segment before 000000010000000200000000 is missing');
  control(0x1fd);
  expect(walDamage(database)).toContain('the segment before 0000000100000001000000FE is missing');
});

test('what is read no more may be away: a crash can come while it is removed', () => {
  for (const name of ['0000000100000001000000FB', '0000000100000001000000FD', '0000000100000001000000FE'])
    segment(name);
  expect(walDamage(database)).toBeUndefined();
});

test('what cannot be read is left to Postgres to tell', () => {
  writeFileSync(join(database, 'global/pg_control'), 'x');
  expect(walDamage(database)).toBeUndefined();
});
