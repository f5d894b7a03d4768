import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow } from './files.mjs';

const root = join(import.meta.dirname, '..');
const IN_PLACE = /\bvi\.(mock|doMock)\(/;

/** Files of the unit ring share their modules: what stands in the place of one would stand there for the next file too. */
test('tests that put something in the place of a module are run apart', () => {
  const found = ['apps', 'libs']
    .flatMap((plane) => filesBelow(join(root, plane)))
    .filter((path) => /\.test\.tsx?$/.test(path) && IN_PLACE.test(readFileSync(path, 'utf8')))
    .map((path) => relative(root, path));
  expect(found.length).toBeGreaterThan(0);
  expect(found.filter((path) => !/\.mocked\.test\.tsx?$/.test(path))).toEqual([]);
});
