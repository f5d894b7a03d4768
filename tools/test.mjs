// `npm test`: does all set-up, then runs every check and every ring of tests. Rings may be named: npm test -- unit lint
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { failedFiles, inWords, outcomeOf, readReport } from './reports.mjs';
import { build, fail, install, requireNode, root } from './setup.mjs';
import { unhandledOf } from './unhandled-errors.mjs';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const node = (script, ...args) => [process.execPath, [join(root, 'node_modules', script), ...args]];
const reports = join(root, 'node_modules', '.binnacle', 'reports');
/** Pure tests keep nobody waiting: they take every core, where vitest would leave one free. */
const WORKERS = { unit: ['--maxWorkers=100%'] };
const reportOf = (ring) => join(reports, `${ring}.json`);
/** Its files that mock modules are run apart from the others. */
const PROJECTS = { unit: ['unit', 'mocked'] };
/** One ring of tests, or some files of it; the report is read for the last lines. */
const vitest = (ring, report = ring, files = []) =>
  node(
    'vitest/vitest.mjs',
    'run',
    ...(PROJECTS[ring] ?? [ring]).map((project) => `--project=${project}`),
    '--reporter=default',
    '--reporter=json',
    `--reporter=${join(root, 'tools', 'unhandled-errors.mjs')}`,
    `--outputFile.json=${reportOf(report)}`,
    ...(WORKERS[ring] ?? []),
    ...files,
  );
const RINGS = ['unit', 'loop', 'cluster', 'e2e'];
/** More files than these do not fail by chance. */
const FEW = 3;
const STEPS = {
  references: [process.execPath, [join(root, 'tools', 'references.mjs'), '--check']],
  lock: [process.execPath, [join(root, 'tools', 'complete-lock.mjs'), '--check']],
  types: node('typescript-native/bin/tsc', '-b', 'tsconfig.json'),
  format: node('@biomejs/biome/bin/biome', 'format', '.'),
  lint: node('eslint/bin/eslint.js', '.', '--max-warnings', '0'),
  circles: [process.execPath, [join(root, 'tools', 'circles.mjs')]],
  ...Object.fromEntries(RINGS.map((ring) => [ring, vitest(ring)])),
};

const isThere = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The browser tests need a browser: Debian's, installed here where we may. */
function requireBrowser() {
  if (CHROMIUM.some(isThere)) return;
  const mend = 'apt-get update && apt-get install -y --no-install-recommends chromium';
  if (process.getuid?.() !== 0) fail(`the browser tests need Chromium; as root run: ${mend}`);
  process.stdout.write('  … Installing Chromium from Debian\n');
  const { status } = spawnSync('sh', ['-c', mend], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) fail(`Chromium could not be installed; run: ${mend}`);
}

function spawn([command, args]) {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', env }).status === 0;
}

function run(name) {
  const step = STEPS[name];
  if (!step) fail(`there is no step "${name}"; there are: ${Object.keys(STEPS).join(', ')}`);
  process.stdout.write(`\n── ${name}\n`);
  return spawn(step) || (RINGS.includes(name) && runAgain(name));
}

/**
 * A few files that failed are run once more, each beside nothing else: on a machine that others keep busy a test may miss its time.
 * What passes then is told at the end as unsteady. An error that no test caught is no file's, and stays. docs/decisions/2026-11-30-the-gate-is-steady.md
 */
function runAgain(ring) {
  const report = readReport(reportOf(ring));
  const files = report ? failedFiles(report, root) : [];
  if (existsSync(unhandledOf(reportOf(ring)))) return false;
  if (files.length === 0 || files.length > FEW) return false;
  process.stdout.write(`\n── ${ring}, once more: ${files.join(' ')}\n`);
  return spawn(vitest(ring, `${ring}-again`, ['--no-file-parallelism', ...files]));
}

/** What failed, what passed only when it was run again, and the counts of the last line. */
function tell(rings) {
  const told = (report) => readReport(unhandledOf(report)) ?? [];
  const runs = rings.map((ring) => ({
    first: readReport(reportOf(ring)),
    again: readReport(reportOf(`${ring}-again`)),
    unhandled: [...told(reportOf(ring)), ...told(reportOf(`${ring}-again`))],
  }));
  const outcome = outcomeOf(runs, root);
  for (const line of outcome.unsteady) process.stdout.write(`unsteady: ${line}\n`);
  for (const line of outcome.failed) process.stdout.write(`failed: ${line}\n`);
  process.stdout.write(`\n${inWords(outcome)}\n`);
}

requireNode();
install();
build();
const wanted = process.argv.slice(2);
const steps = wanted.length ? wanted : Object.keys(STEPS);
if (steps.includes('e2e')) requireBrowser();
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const failed = steps.filter((name) => !run(name));
tell(steps.filter((name) => RINGS.includes(name)));
if (failed.length) fail(`failed: ${failed.join(', ')}`);
process.stdout.write('\nEverything passed.\n');
