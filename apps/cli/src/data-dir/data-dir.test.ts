import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { requireUsableDataDir, someoneElses } from './inspect.js';
import { layout } from './layout.js';
import { runningPid, takeDataDir } from './pid-file.js';
import { prepareDataDir } from './prepare.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bn-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('a data directory', () => {
  test.each([0o000, 0o077])('keeps everything to its owner, under a umask of %o', (umask) => {
    const dir = layout(root);
    const before = process.umask(umask);
    prepareDataDir(dir);
    process.umask(before);
    for (const path of [root, ...Object.values(dir).filter((each) => existsSync(each) && statSync(each).isDirectory())])
      expect([path, statSync(path).mode & 0o777]).toEqual([path, 0o700]);
  });

  test('takes away what an earlier release let others do', () => {
    const dir = layout(root);
    prepareDataDir(dir);
    chmodSync(root, 0o755);
    chmodSync(dir.logs, 0o755);
    prepareDataDir(dir);
    expect([root, dir.logs].map((path) => statSync(path).mode & 0o067)).toEqual([0, 0]);
  });

  test('that holds other things is no place for a cluster, and keeps its rights', () => {
    const dir = layout(root);
    chmodSync(root, 0o755);
    writeFileSync(join(root, 'letter.txt'), '');
    expect(() => requireUsableDataDir(dir)).toThrow('it holds other things, such as letter.txt, and no cluster');
    mkdirSync(dir.postgres);
    requireUsableDataDir(dir);
    prepareDataDir(dir);
    expect(statSync(root).mode & 0o777).toBe(0o755);
  });

  test('of somebody else is told with both names', () => {
    const dir = layout(root);
    prepareDataDir(dir);
    const { uid } = statSync(root);
    expect(someoneElses(dir, uid)).toBeUndefined();
    expect(someoneElses(dir, 54_321)).toMatch(/belongs to .* \(uid \d+\), and this is uid 54321; run it as its owner/);
  });

  test.each(['file', 'file/data'])('that is or is below a file is refused: %s', (path) => {
    writeFileSync(join(root, 'file'), '');
    expect(() => requireUsableDataDir(layout(join(root, path)))).toThrow('as the data directory');
  });

  test('of a newer format is refused and left as it is', () => {
    const dir = layout(root);
    writeFileSync(dir.settings, '{"format": 99}');
    expect(() => prepareDataDir(dir)).toThrow('written by a newer Binnacle');
  });

  test('whose path is too long for sockets is refused', () => {
    expect(() => layout(`/${'x'.repeat(100)}`)).toThrow('too long');
  });

  test('where none can be made is refused', () => {
    expect(() => prepareDataDir(layout('/proc/none/data'))).toThrow('cannot use /proc/none/data as the data directory');
  });

  test('is taken by one process at a time', () => {
    const dir = layout(root);
    prepareDataDir(dir);
    const release = takeDataDir(dir);
    expect(runningPid(dir)).toBe(process.pid);
    expect(() => takeDataDir(dir)).toThrow('already runs');
    release();
    expect(runningPid(dir)).toBeUndefined();
  });

  test('that was given back stays with who took it then', () => {
    const dir = layout(root);
    prepareDataDir(dir);
    const release = takeDataDir(dir);
    writeFileSync(dir.pidFile, '{"pid":1,"started":"1"}');
    release();
    expect(readdirSync(dir.run)).toEqual(['binnacle.pid']);
  });

  test('is free again when its process is gone, even if the number lives on', () => {
    const dir = layout(root);
    prepareDataDir(dir);
    writeFileSync(dir.pidFile, JSON.stringify({ pid: process.pid, started: 'long ago' }));
    expect(runningPid(dir)).toBeUndefined();
    takeDataDir(dir)();
  });
});
