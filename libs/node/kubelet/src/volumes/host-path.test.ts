import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { prepareHostPath } from './host-path.js';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'binnacle-host-'));
  await writeFile(join(root, 'file'), 'x');
  await mkdir(join(root, 'directory'));
});
afterEach(() => rm(root, { recursive: true }));

const prepare = (name: string, type: string, text?: string) =>
  prepareHostPath(join(root, name), `/${name}`, type, text);

test.each(['', 'DirectoryOrCreate'])('type %j makes a directory', async (type) => {
  await prepare('a/b', type);
  expect((await stat(join(root, 'a', 'b'))).isDirectory()).toBe(true);
});

test('a file is made with its text, and not made again', async () => {
  await prepare('a/b', 'FileOrCreate', 'text');
  await prepare('a/b', 'FileOrCreate', 'other');
  expect(await readFile(join(root, 'a', 'b'), 'utf8')).toBe('text');
});

test.each([
  ['file', 'File'],
  ['file', ''],
  ['directory', 'Directory'],
  ['directory', 'DirectoryOrCreate'],
])('%s is one for type %j', async (name, type) => {
  await expect(prepare(name, type)).resolves.toBeUndefined();
});

test.each([
  ['none', 'File', 'hostPath type check failed: /none is not a file'],
  ['none', 'Directory', 'hostPath type check failed: /none is not a directory'],
  ['directory', 'FileOrCreate', 'hostPath type check failed: /directory is not a file'],
  ['file', 'DirectoryOrCreate', 'hostPath type check failed: /file is not a directory'],
  ['file', 'Socket', 'hostPath type check failed: /file is not a socket file'],
  ['file', 'BlockDevice', 'hostPath type check failed: /file is not a block device'],
  ['file', 'CharDevice', 'hostPath type check failed: /file is not a character device'],
])('%s is none for type %j', async (name, type, message) => {
  await expect(prepare(name, type)).rejects.toThrow(message);
});
