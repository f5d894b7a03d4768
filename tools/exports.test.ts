import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow, OUTPUT } from './files.mjs';

const root = join(import.meta.dirname, '..');
const SKIPPED = new Set([...OUTPUT, 'fixtures']);
const EXPORT = /^export (?:declare |abstract |async )*(?:const|function\*?|class|interface|type) (\w+)/gm;

const files = ['apps', 'libs', 'tools', 'bench']
  .flatMap((folder) => filesBelow(join(root, folder), SKIPPED))
  .filter((path) => /\.(tsx?|mjs)$/.test(path) && !path.endsWith('.d.ts'))
  .map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }));

test('nothing is exported that nobody speaks of', () => {
  const spoken = new Map<string, number>();
  for (const { text } of files) {
    for (const [word] of text.matchAll(/\w+/g)) spoken.set(word, (spoken.get(word) ?? 0) + 1);
  }
  const exported = files
    .filter(
      ({ path }) =>
        !/generated|\.(?:test|bench)\.|next-env/.test(path) &&
        /^(?:apps|libs)\//.test(path) &&
        !path.startsWith('apps/web/app/'),
    )
    .flatMap(({ path, text }) => [...text.matchAll(EXPORT)].map(([, name = '']) => ({ path, name })));
  expect(exported.length).toBeGreaterThan(2_000);
  expect(exported.filter(({ name }) => spoken.get(name) === 1)).toEqual([]);
});
