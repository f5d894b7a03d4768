import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DataDir, layout } from '../data-dir/layout.js';
import { databaseState, noteDatabase, requireMajor, requireSoundDatabase } from './database-state.js';
import { databaseDirectory } from './directory.js';

let dir: DataDir;
let data = '';
beforeEach(() => {
  dir = layout(mkdtempSync(join(tmpdir(), 'bn-')));
  data = databaseDirectory(dir);
});
afterEach(() => rmSync(dir.root, { recursive: true }));

function makeDatabase(): void {
  mkdirSync(join(data, 'global'), { recursive: true });
  writeFileSync(join(data, 'PG_VERSION'), '18\n');
  writeFileSync(join(data, 'global', 'pg_control'), 'x');
}

describe('the database directory', () => {
  test('is none where nothing or nothing in it is', () => {
    expect(databaseState(dir)).toBe('none');
    mkdirSync(data, { recursive: true });
    expect(databaseState(dir)).toBe('none');
  });

  test.each(['PG_VERSION', 'global/pg_control', 'global'])(
    'without %s is damaged, named, and left as it is',
    (missing) => {
      makeDatabase();
      rmSync(join(data, missing), { recursive: true });
      const before = readdirSync(data, { recursive: true });
      expect(() => requireSoundDatabase(dir)).toThrow(join(data, missing));
      expect(() => requireSoundDatabase(dir)).toThrow(`mv ${data} ${data}.damaged && binnacle restore`);
      expect(readdirSync(data, { recursive: true })).toEqual(before);
    },
  );

  test('of one forgotten file alone is no place for a new database', () => {
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, 'notes.txt'), '');
    expect(() => databaseState(dir)).toThrow('is damaged');
  });

  test('that was there before and is gone is missed', () => {
    makeDatabase();
    noteDatabase(dir, 0);
    rmSync(dir.postgres, { recursive: true });
    expect(() => requireSoundDatabase(dir)).toThrow(`to begin with an empty one remove ${dir.databaseNote}`);
    expect(databaseState(dir)).toBe('none');
  });

  test('behind a link that leads nowhere is not absent', () => {
    symlinkSync(join(dir.root, 'disk'), dir.postgres);
    expect(() => databaseState(dir)).toThrow('which is not there; mount it');
  });

  test.each([
    ['17\n', 'is of Postgres 17, and this Binnacle has Postgres 18'],
    ['', 'PG_VERSION holds no version'],
  ])('whose PG_VERSION is %j is refused', (version, message) => {
    makeDatabase();
    writeFileSync(join(data, 'PG_VERSION'), version);
    expect(() => requireMajor(dir, 18)).toThrow(message);
  });
});
