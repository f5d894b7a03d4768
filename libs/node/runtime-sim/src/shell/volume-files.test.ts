import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { containerFiles } from './container-files.js';
import { VolumeFiles } from './volume-files.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'binnacle-volume-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const NO_SPACE = 'ENOSPC: no space left on device';
const limited = (bytes: number) => new VolumeFiles(directory, { bytes, leftOver: 0 });

test('a volume takes no more than its limit, whichever way it is written', async () => {
  const volume = limited(40_000);
  await volume.writeFile('/a', 'x'.repeat(20_000));
  await expect(volume.appendFile('/a', 'x'.repeat(20_000))).rejects.toThrow(NO_SPACE);
  await expect(volume.cp('/a', '/b')).rejects.toThrow(NO_SPACE);
  await volume.mkdir('/c');
  expect(statSync(join(directory, 'a')).size).toBe(20_000);
});

test('what was removed can be written again', async () => {
  const volume = limited(40_000);
  for (let i = 0; i < 5; i += 1) {
    await volume.writeFile('/a', 'x'.repeat(30_000));
    await volume.rm('/a');
  }
});

test('many small files count as what they take', async () => {
  const volume = limited(10 * 4096);
  const write = async () => {
    for (let i = 0; i < 20; i += 1) await volume.writeFile(`/${i}`, '');
  };
  await expect(write()).rejects.toThrow(NO_SPACE);
});

test("the machine's disk is not filled", async () => {
  const volume = new VolumeFiles(directory, { bytes: 1e6, leftOver: Number.MAX_SAFE_INTEGER });
  await expect(volume.writeFile('/a', 'x')).rejects.toThrow(NO_SPACE);
});

test("a container's own files are bounded, too", async () => {
  const files = containerFiles({
    mounts: [{ hostPath: directory, containerPath: '/data', readonly: false }],
    hostname: 'pod',
    files: {},
    readonlyRoot: false,
  });
  const write = async () => {
    for (let i = 0; i < 40; i += 1) await files.writeFile(`/tmp/${i}`, new Uint8Array(1024 * 1024));
  };
  await expect(write()).rejects.toThrow();
  await files.writeFile('/data/a', 'x');
  expect(statSync(join(directory, 'a')).size).toBe(1);
});

test('where the root is read only, volumes and devices can be written, and nothing else', async () => {
  const files = containerFiles({
    mounts: [{ hostPath: directory, containerPath: '/data', readonly: false }],
    hostname: 'pod',
    files: { '/agnhost': 'x' },
    readonlyRoot: true,
  });
  await files.writeFile('/data/a', 'x');
  await files.writeFile('/dev/termination-log', 'x');
  expect(await files.readFile('/agnhost')).toBe('x');
  for (const write of [
    () => files.writeFile('/tmp/a', 'x'),
    () => files.appendFile('/etc/hostname', 'x'),
    () => files.mkdir('/new'),
    () => files.rm('/etc/hostname'),
    () => files.chmod('/etc/hostname', 0o777),
    () => files.cp('/etc/hostname', '/etc/b'),
    () => files.mv('/etc/hostname', '/etc/b'),
    () => files.symlink('/etc/hostname', '/etc/b'),
  ])
    await expect(write()).rejects.toThrow(/EROFS/);
});
