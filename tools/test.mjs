// `npm test`: does all set-up, then runs every check and every ring of tests. Rings may be named: npm test -- unit lint
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { build, fail, install, requireNode, root } from './setup.mjs';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const node = (script, ...args) => [process.execPath, [join(root, 'node_modules', script), ...args]];
const STEPS = {
  references: [process.execPath, [join(root, 'tools', 'references.mjs'), '--check']],
  lock: [process.execPath, [join(root, 'tools', 'complete-lock.mjs'), '--check']],
  format: node('@biomejs/biome/bin/biome', 'format', '.'),
  lint: node('eslint/bin/eslint.js', '.', '--max-warnings', '0'),
  unit: node('vitest/vitest.mjs', 'run', '--project', 'unit'),
  cluster: node('vitest/vitest.mjs', 'run', '--project', 'cluster'),
  e2e: node('vitest/vitest.mjs', 'run', '--project', 'e2e'),
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

requireNode();
install();
build();
const wanted = process.argv.slice(2);
const steps = wanted.length ? wanted : Object.keys(STEPS);
if (steps.includes('e2e')) requireBrowser();
const failed = steps.filter((name) => !run(name));
if (failed.length) fail(`failed: ${failed.join(', ')}`);
process.stdout.write('\nEverything passed.\n');
