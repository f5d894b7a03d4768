// Holds the tests of libs/control and runs some of them with one mutant at a time, as it is told.
import { pathToFileURL } from 'node:url';
import { collect, run, tests } from './vitest-shim.mjs';

const LONGEST_TEST = 20_000;
let active = 0;
let hits = new Set();

globalThis.$m = (id) => {
  hits.add(id);
  return id === active;
};

const timeout = () =>
  new Promise((_, reject) => {
    setTimeout(() => reject(new Error('timed out')), LONGEST_TEST).unref();
  });

async function load(files) {
  for (const file of files) await collect(file, () => import(pathToFileURL(file).href));
  return [...hits];
}

/** Each test with what of the mutants it came by, and how long it took. */
async function survey() {
  const found = [];
  for (const [index, test] of tests.entries()) {
    hits = new Set();
    const began = performance.now();
    const failure = await Promise.race([run(test), timeout()]).then(
      () => undefined,
      (error) => String(error?.message ?? error),
    );
    found.push({ index, name: test.name, file: test.file, took: performance.now() - began, hits: [...hits], failure });
  }
  return found;
}

/** The first of the tests that fails. */
async function tryMutant(id, indexes) {
  active = id;
  try {
    for (const index of indexes) {
      try {
        await Promise.race([run(tests[index]), timeout()]);
      } catch {
        return index;
      }
    }
    return undefined;
  } finally {
    active = 0;
  }
}

process.on('unhandledRejection', () => undefined);
process.on('uncaughtException', () => undefined);
process.on('message', async ({ what, id = 0, files, indexes }) => {
  if (what === 'load') {
    // One that acts while modules are read acts from here on.
    active = id;
    process.send({ what, hits: await load(files), count: tests.length });
  } else if (what === 'survey') process.send({ what, found: await survey() });
  else process.send({ what, killer: await tryMutant(id, indexes) });
});
