// `npm test`: does all set-up, then runs every check and every ring of tests. Rings may be named: npm test -- unit lint
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, fail, install, requireNode, root } from './setup.mjs';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const node = (script, ...args) => [process.execPath, [join(root, 'node_modules', script), ...args]];
const reports = join(root, 'node_modules', '.binnacle', 'reports');
const reportOf = (ring) => join(reports, `${ring}.json`);
/** One ring of tests; the report is read for the counts of the last line. */
const vitest = (ring) =>
  node(
    'vitest/vitest.mjs',
    'run',
    '--project',
    ring,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportOf(ring)}`,
  );
const STEPS = {
  references: [process.execPath, [join(root, 'tools', 'references.mjs'), '--check']],
  lock: [process.execPath, [join(root, 'tools', 'complete-lock.mjs'), '--check']],
  types: node('typescript-native/bin/tsc', '-b', 'tsconfig.json'),
  format: node('@biomejs/biome/bin/biome', 'format', '.'),
  lint: node('eslint/bin/eslint.js', '.', '--max-warnings', '0'),
  circles: [process.execPath, [join(root, 'tools', 'circles.mjs')]],
  unit: vitest('unit'),
  loop: vitest('loop'),
  cluster: vitest('cluster'),
  e2e: vitest('e2e'),
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

function run(name) {
  const step = STEPS[name];
  if (!step) fail(`there is no step "${name}"; there are: ${Object.keys(STEPS).join(', ')}`);
  process.stdout.write(`\n── ${name}\n`);
  const { status } = spawnSync(step[0], step[1], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
  });
  return status === 0;
}

/** How many tests of the rings that ran passed, failed and were skipped. */
function counts(rings) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const ring of rings) {
    try {
      const report = JSON.parse(readFileSync(reportOf(ring), 'utf8'));
      sum.passed += report.numPassedTests;
      sum.failed += report.numFailedTests;
      sum.skipped += report.numPendingTests + report.numTodoTests;
    } catch {
      // A step without tests, or a ring that ended before it could report.
    }
  }
  return `${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`;
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
process.stdout.write(`\n${counts(steps)}\n`);
if (failed.length) fail(`failed: ${failed.join(', ')}`);
process.stdout.write('\nEverything passed.\n');
