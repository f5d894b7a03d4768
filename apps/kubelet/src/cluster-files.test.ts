import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clusterRoot, keepFilesOf } from './cluster-files.js';

const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
let root: string;

function make(uid: string): void {
  mkdirSync(join(clusterRoot(root, uid), 'logs', 'pods'), { recursive: true });
  writeFileSync(join(clusterRoot(root, uid), 'logs', 'pods', 'c.log'), 'said');
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cluster-files-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('what clusters that are no more have left is removed, and nothing else', async () => {
  for (const uid of ['1', '2', '3']) make(uid);
  writeFileSync(join(root, 'machine.json'), '{}');
  await keepFilesOf(ctx, root, new Set(['2', '9']));
  expect(readdirSync(join(root, 'clusters'))).toEqual(['2']);
  expect(existsSync(join(clusterRoot(root, '2'), 'logs', 'pods', 'c.log'))).toBe(true);
  expect(existsSync(join(root, 'machine.json'))).toBe(true);
});

test('a cluster that begins meanwhile keeps its files', async () => {
  make('1');
  const removing = keepFilesOf(ctx, root, new Set());
  make('2');
  await removing;
  expect(readdirSync(join(root, 'clusters'))).toEqual(['2']);
});

test('where no cluster ever had nodes there is nothing to remove', async () => {
  await expect(keepFilesOf(ctx, join(root, 'none'), new Set())).resolves.toBeUndefined();
});
