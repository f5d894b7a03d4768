import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { circlesOf, violations } from './circles.mjs';

const root = '/repository';
const folder = `${root}/libs/planted`;

/** The circles of a package with these files below `src`, each given by what it imports. */
function planted(files: Record<string, readonly string[]>): string[] {
  const texts = new Map(
    Object.entries(files).map(([path, imports]) => [
      `${folder}/src/${path}`,
      imports.map((imported) => `import { one } from '${imported}';`).join('\n'),
    ]),
  );
  return circlesOf(root, folder, texts).map(({ place, names }) => `${place}: ${names.join(' ')}`);
}

describe('the rule of circles', () => {
  test('finds folders that import each other, though no two files do', () => {
    const files = {
      'pods/list.ts': ['../nodes/link.js'],
      'pods/name.ts': [],
      'nodes/link.ts': [],
      'nodes/page.ts': ['../pods/name.js'],
    };
    expect(planted(files)).toEqual(['libs/planted/src: nodes pods']);
  });

  test('finds a circle of three, and of folders within a folder', () => {
    const files = {
      'a/x/one.ts': ['../y/one.js'],
      'a/y/one.ts': ['../z/one.js'],
      'a/z/one.ts': ['../x/two.js'],
      'a/x/two.ts': [],
    };
    expect(planted(files)).toEqual(['libs/planted/src/a: x y z']);
  });

  test('finds a folder and a file beside it, and files alone', () => {
    expect(planted({ 'list/page.tsx': ['../names.js'], 'names.ts': ['./list/page.jsx'] })).toEqual([
      'libs/planted/src: list names.ts',
    ]);
    expect(planted({ 'one.ts': ['./two.js'], 'two.ts': ['./one.js'] })).toEqual(['libs/planted/src: one.ts two.ts']);
  });

  test('lets files that stand together name types of each other, but not folders', () => {
    const typed = (path: string) => `import type { One } from '${path}';`;
    const files = new Map([
      [`${folder}/src/list.ts`, typed('./value.js')],
      [`${folder}/src/value.ts`, typed('./list.js')],
    ]);
    expect(circlesOf(root, folder, files)).toEqual([]);
    const folders = new Map([
      [`${folder}/src/a/list.ts`, typed('../b/value.js')],
      [`${folder}/src/b/value.ts`, typed('../a/list.js')],
    ]);
    expect(circlesOf(root, folder, folders)).toHaveLength(1);
  });

  test('finds imports of types, through a door, written to be late, and for their effect', () => {
    const texts = new Map([
      [`${folder}/src/a/index.ts`, "export type { B } from '../b/b.js';"],
      [`${folder}/src/b/b.ts`, "const late = () => import('../c/c.js');"],
      [`${folder}/src/c/c.ts`, "import '../a';"],
    ]);
    expect(circlesOf(root, folder, texts)).toEqual([{ place: 'libs/planted/src', names: ['a', 'b', 'c'] }]);
  });

  test('lets folders lean on each other one way', () => {
    const files = {
      'a/one.ts': ['../b/one.js', './two.js'],
      'a/two.ts': ['../b/two.js'],
      'b/one.ts': [],
      'b/two.ts': [],
    };
    expect(planted(files)).toEqual([]);
  });

  test('holds in this repository', () => {
    expect(violations(join(import.meta.dirname, '..'))).toEqual([]);
  });
});
