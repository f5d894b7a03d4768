import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { copyBinaries } from './copy-binaries.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bn-'));
  for (const folder of ['bin', 'lib']) mkdirSync(join(root, 'native', folder), { recursive: true, mode: 0o700 });
  writeFileSync(join(root, 'native', 'bin', 'postgres'), 'program', { mode: 0o700 });
  writeFileSync(join(root, 'native', 'lib', 'libicuuc.so.60.2'), 'library', { mode: 0o600 });
  const links = [{ source: 'native/lib/libicuuc.so.60.2', target: 'native/lib/libicuuc.so.60' }];
  writeFileSync(join(root, 'native', 'pg-symlinks.json'), JSON.stringify(links), { mode: 0o600 });
});
afterEach(() => rmSync(root, { recursive: true }));

const modeOf = (...path: string[]) => statSync(join(...path)).mode & 0o777;

test('what was installed under a umask of 077 is copied for everybody to run, with the links it needs', () => {
  const copy = copyBinaries(join(root, 'native'), join(root, 'lib', 'postgres-1'));
  expect(modeOf(copy, 'bin')).toBe(0o755);
  expect(modeOf(copy, 'bin', 'postgres')).toBe(0o755);
  expect(modeOf(copy, 'lib', 'libicuuc.so.60.2')).toBe(0o644);
  expect(readFileSync(join(copy, 'lib', 'libicuuc.so.60'), 'utf8')).toBe('library');
});

test('a copy is made once, and what another version left stays', () => {
  const libraries = join(root, 'lib');
  copyBinaries(join(root, 'native'), join(libraries, 'postgres-1'));
  writeFileSync(join(root, 'native', 'bin', 'postgres'), 'newer');
  expect(
    readFileSync(join(copyBinaries(join(root, 'native'), join(libraries, 'postgres-1')), 'bin', 'postgres'), 'utf8'),
  ).toBe('program');
  copyBinaries(join(root, 'native'), join(libraries, 'postgres-2'));
  expect(readdirSync(libraries).sort()).toEqual(['postgres-1', 'postgres-2']);
});

test('one that cannot be made leaves nothing behind', () => {
  rmSync(join(root, 'native', 'pg-symlinks.json'));
  expect(() => copyBinaries(join(root, 'native'), join(root, 'lib', 'postgres-1'))).toThrow('pg-symlinks.json');
  expect(readdirSync(join(root, 'lib'))).toEqual([]);
});
