// Which mistakes in the plans of libs/control would no test notice?
//   node tools/mutation/main.mjs                          (all of them: some tens of minutes)
//   node tools/mutation/main.mjs --only workloads/src/job (some of them, by the tests of their package)
//   node tools/mutation/main.mjs --write                  (and docs/mutation.md)
// StrykerJS wants Node 22, so this is a small one of our own, with its mutators: docs/decisions/2026-11-30-mutants-of-our-own.md
import { fork } from 'node:child_process';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare } from './prepare.mjs';
import { tell, write } from './report.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const out = join(root, 'node_modules', '.binnacle', 'mutation');
const argument = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : (process.argv[at + 1] ?? '');
};

/** A process that can be asked one thing at a time. */
class Worker {
  #child = fork(join(here, 'worker.mjs'), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });

  ask(message, milliseconds) {
    return new Promise((resolve, reject) => {
      const end = (act, value) => {
        clearTimeout(timer);
        this.#child.removeAllListeners();
        act(value);
      };
      const timer = setTimeout(() => end(reject, new Error('no answer')), milliseconds);
      this.#child.once('message', (answer) => end(resolve, answer));
      this.#child.once('exit', () => end(reject, new Error('it ended')));
      this.#child.send(message);
    });
  }

  end() {
    this.#child.kill('SIGKILL');
  }
}

const LOADED_WITHIN = 300_000;
const SURVEYED_WITHIN = 1_200_000;
/** A mutant that makes its tests so much slower turns in circles. */
const patience = (tests) => 15_000 + 10 * tests.reduce((sum, { took }) => sum + took, 0);

async function workerWith(files) {
  const worker = new Worker();
  const hits = await worker.ask({ what: 'load', files }, LOADED_WITHIN);
  return { worker, hits };
}

/** Tests that come by a mutant, the quickest first. */
function coverage(survey) {
  const covering = new Map();
  for (const test of [...survey].sort((a, b) => a.took - b.took))
    for (const id of test.hits) covering.set(id, [...(covering.get(id) ?? []), test]);
  return covering;
}

async function main() {
  const { mutants, tests } = prepare({ root, out, shim: join(here, 'vitest-shim.mjs'), only: argument('only') });
  const begun = await workerWith(tests);
  let { worker } = begun;
  const loading = new Set(begun.hits);
  const survey = await worker.ask({ what: 'survey' }, SURVEYED_WITHIN);
  const broken = survey.filter(({ failure }) => failure);
  for (const { name, file, failure } of broken)
    console.log(`fails without any mutant: ${relative(out, file)} ${name}: ${failure}`);
  const covering = coverage(survey.filter(({ failure }) => !failure));
  console.log(`${mutants.length} mutants, ${survey.length} tests`);
  for (const [count, mutant] of mutants.entries()) {
    if (count % 250 === 0) console.log(`  ${count} …`);
    const able = covering.get(mutant.id) ?? [];
    if (able.length === 0) {
      mutant.end = loading.has(mutant.id) ? 'while loading' : 'not covered';
      continue;
    }
    try {
      const indexes = able.map(({ index }) => index);
      mutant.end = await worker.ask({ what: 'try', id: mutant.id, indexes }, patience(able));
    } catch {
      mutant.end = 'timed out';
      worker.end();
      ({ worker } = await workerWith(tests));
    }
  }
  worker.end();
  tell(mutants);
  if (process.argv.includes('--write')) write(root, mutants, survey.length);
}

await main();
