import { readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import * as wellKnown from '../libs/apis/kubernetes/src/well-known/index.js';
import { filesBelow, OUTPUT } from './files.mjs';

const root = join(import.meta.dirname, '..');
const SKIPPED = new Set([...OUTPUT, 'generated', 'testing', 'conformance', 'fixtures']);
/** Where they are said. */
const HOMES = ['libs/apis/kubernetes/src/well-known/index.ts', 'libs/machinery/meta/src/last-applied.ts'];

const isSource = (path: string) => /\.tsx?$/.test(path) && !/\.(test|bench|generated)\.|\.d\.ts$/.test(basename(path));

test('labels, annotations and taints that mean something to several parts are said once', () => {
  const words = Object.values(wellKnown).map((word) => `'${word}'`);
  const found = ['apps', 'libs']
    .flatMap((folder) => filesBelow(join(root, folder), SKIPPED))
    .filter(isSource)
    .flatMap((path) => {
      const text = readFileSync(path, 'utf8');
      return words.filter((word) => text.includes(word)).map((word) => `${relative(root, path)}: ${word}`);
    });
  expect(found.filter((line) => !HOMES.some((home) => line.startsWith(home)))).toEqual([]);
});
