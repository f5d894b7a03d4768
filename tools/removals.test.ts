import { readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow, OUTPUT } from './files.mjs';

const root = join(import.meta.dirname, '..');
const SKIPPED = new Set([...OUTPUT, 'testing', 'conformance']);

/** Everything that may remove a directory with all that is in it, and why nobody's data can be in it. */
const ALLOWED: Readonly<Record<string, string>> = {
  'apps/cli/src/postgres/create-database.ts': 'a draft it made a moment ago under a name of its own',
  'apps/cli/src/postgres/copy-binaries.ts': 'a draft it made a moment ago under a name of its own',
  'libs/node/kubelet/src/volumes/directory-volumes.ts': 'the volumes it made for a Pod that has gone, by the uid',
  'libs/node/kubelet/src/volumes/volume-remains.ts':
    'what a volume held that its provisioner has taken away, as noted when it was mounted',
  'libs/node/kubelet/src/volumes/atomic-writer.ts': 'what it wrote into a volume made of Secrets and ConfigMaps',
  'libs/node/kubelet/src/worker/pod-actions.ts': 'the logs it wrote of a Pod that has gone, by name and uid',
  'libs/node/runtime-process/src/state-directory.ts': 'its notes of a sandbox or a container, by the number it gave',
  'tools/environments/machine.mjs': 'parts of a view of the checkout that goes with its namespace',
  'tools/environments/run.mjs': 'a directory it made a moment ago under a name of its own',
  'tools/generate-schema.mjs': 'generated files, to be generated again',
  'tools/mutation/prepare.mjs': 'what it compiled the last time, in a folder of its own below node_modules',
  'tools/test.mjs': 'reports of the last run',
};

const RECURSIVE = /\brm(?:dir)?(?:Sync)?\([^;]*\brecursive\b|\brm -[a-z]*r|'-rf?'/;

const isSource = (path: string) => /\.(ts|tsx|mjs)$/.test(path) && !/\.test\./.test(basename(path));

test('nothing removes a directory with what is in it but what has just made it', () => {
  const found = ['apps', 'libs', 'tools', 'migrations']
    .flatMap((folder) => filesBelow(join(root, folder), SKIPPED))
    .filter(isSource)
    .filter((path) => RECURSIVE.test(readFileSync(path, 'utf8')));
  expect(found.map((path) => relative(root, path)).sort()).toEqual(Object.keys(ALLOWED).sort());
});
