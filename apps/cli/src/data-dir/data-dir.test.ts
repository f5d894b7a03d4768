import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { layout } from './layout.js';
import { runningPid, takeDataDir } from './pid-file.js';
import { prepareDataDir } from './prepare.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bn-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('a data directory', () => {
  test('keeps keys to its owner', () => {
    const dir = layout(root);
    prepareDataDir(dir);
    expect(statSync(dir.pki).mode & 0o077).toBe(0);
    expect(statSync(dir.kubeconfigs).mode & 0o077).toBe(0);
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

  test('is free again when its process is gone, even if the number lives on', () => {
    const dir = layout(root);
    prepareDataDir(dir);
    writeFileSync(dir.pidFile, JSON.stringify({ pid: process.pid, started: 'long ago' }));
    expect(runningPid(dir)).toBeUndefined();
    takeDataDir(dir)();
  });
});
