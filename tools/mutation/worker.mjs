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

/** Whether one of the tests fails with it. */
async function tryMutant(id, indexes) {
  active = id;
  try {
    for (const index of indexes) await Promise.race([run(tests[index]), timeout()]);
    return 'survived';
  } catch {
    return 'killed';
  } finally {
    active = 0;
  }
}

process.on('unhandledRejection', () => undefined);
process.on('uncaughtException', () => undefined);
const ACTS = {
  load: ({ files }) => load(files),
  survey,
  try: ({ id, indexes }) => tryMutant(id, indexes),
};
process.on('message', async (asked) => process.send(await ACTS[asked.what](asked)));
