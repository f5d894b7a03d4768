import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { diskUsage } from './disk-usage.js';

const MIB = 1024 * 1024;
let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'binnacle-usage-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

test('what files take is counted, in directories too, and no further than asked', async () => {
  expect(await diskUsage(root, MIB)).toBe(0);
  await mkdir(join(root, 'a', 'b'), { recursive: true });
  await writeFile(join(root, 'a', 'b', 'file'), Buffer.alloc(3 * MIB, 1));
  await writeFile(join(root, 'file'), Buffer.alloc(2 * MIB, 1));
  expect(await diskUsage(root, 100 * MIB)).toBeGreaterThanOrEqual(5 * MIB);
  expect(await diskUsage(root, MIB)).toBeLessThan(5 * MIB);
});

test('links are not followed, and what is not there takes nothing', async () => {
  await writeFile(join(root, 'large'), Buffer.alloc(2 * MIB, 1));
  await mkdir(join(root, 'volume'));
  await symlink(root, join(root, 'volume', 'up'));
  expect(await diskUsage(join(root, 'volume'), 100 * MIB)).toBeLessThan(MIB);
  expect(await diskUsage(join(root, 'nothing'), MIB)).toBe(0);
});
