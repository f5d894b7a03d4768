// Compiles libs/control with its tests once, all mutants in place.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import ts from 'typescript';
import { filesBelow } from '../files.mjs';
import { instrument } from './instrument.mjs';

const OPTIONS = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
const RINGS = /\.(cluster|e2e|bench)(\.test)?\.ts$/;

const isTest = (file) => file.endsWith('.test.ts');
const isTesting = (file) => isTest(file) || file.split(sep).includes('testing');

/** Where nothing waits and nobody is asked: the plans, and what they are made of. */
const isPlan = (file, text) =>
  !isTesting(file) &&
  !/\basync\b|Promise/.test(text) &&
  !/\.(controller|reconciler)\.ts$/.test(file) &&
  basename(file) !== 'index.ts';

/** Imports lead to what was compiled here, or to the built packages. */
function redirected(text, from, out, shim) {
  const to = (path) => {
    const found = relative(dirname(from), path).split(sep).join('/');
    return found.startsWith('.') ? found : `./${found}`;
  };
  return text
    .replace(
      /from '@binnacle\/control-([a-z]+)'/g,
      (_, name) => `from '${to(join(out, 'libs/control', name, 'src/index.js'))}'`,
    )
    .replace(
      /from '@binnacle\/control-([a-z]+)\/([a-z-]+)'/g,
      (_, name, sub) => `from '${to(join(out, 'libs/control', name, 'src', sub, 'index.js'))}'`,
    )
    .replace(/from 'vitest'/g, `from '${to(shim)}'`);
}

/** Who looks at a part alone is told by the tests of its package. */
const isNear = (path, only) => !only || path.startsWith(join('libs/control', only.split('/')[0]));

/** Answers the mutants and the compiled tests. `only` chooses files to mutate, such as `workloads/src/job`. */
export function prepare({ root, out, shim, only }) {
  rmSync(out, { recursive: true, force: true });
  const [mutants, tests] = [[], []];
  for (const file of filesBelow(join(root, 'libs', 'control'))) {
    if (!file.endsWith('.ts') || file.endsWith('.d.ts') || RINGS.test(file)) continue;
    const path = relative(root, file);
    let text = readFileSync(file, 'utf8');
    if (isPlan(path, text) && (!only || path.startsWith(join('libs/control', only)))) {
      const made = instrument(path, text, mutants.length + 1);
      mutants.push(...made.mutants);
      text = made.text;
    }
    const target = join(out, path.replace(/\.ts$/, '.js'));
    const { outputText } = ts.transpileModule(text, { compilerOptions: OPTIONS, fileName: path });
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, redirected(outputText, target, out, shim));
    if (isTest(file) && isNear(path, only)) tests.push(target);
  }
  return { mutants, tests };
}
