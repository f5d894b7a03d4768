import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow, OUTPUT } from './files.mjs';

const folder = import.meta.dirname;
const files = filesBelow(folder).map((path) => relative(folder, path));

test('files are found in a folder and in the folders in it', () => {
  expect(files).toEqual(expect.arrayContaining(['files.mjs', 'environments/run.mjs']));
});

test('folders to be skipped are, however deep, and those of output where nothing else is said', () => {
  const without = filesBelow(join(folder, '..', 'tools'), new Set(['environments']));
  expect(without.filter((path) => path.includes('environments'))).toEqual([]);
  const root = filesBelow(join(folder, '..', 'libs', 'machinery'));
  expect(root.filter((path) => path.split('/').some((name) => OUTPUT.has(name)))).toEqual([]);
});
