// Set-up shared by `npm start` and `npm test`: plain Node, nothing installed yet. Installs when the lock file changed
// and builds when a source changed, so that a second run does neither.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamps = join(root, 'node_modules', '.binnacle');
const OLDEST = [20, 19];
const SOURCES = [
  'apps',
  'libs',
  'migrations',
  'types',
  'tools',
  'package.json',
  'tsconfig.base.json',
  'tsconfig.node.json',
  'tsconfig.pure.json',
  'tsconfig.browser.json',
];
const SKIPPED = new Set(['node_modules', 'dist', '.next', 'out', '.nx']);

export function fail(sentence) {
  process.stderr.write(`binnacle: ${sentence}\n`);
  process.exit(2);
}

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  fail(`Node.js ${process.versions.node} is too old; install ${OLDEST.join('.')} or newer (https://nodejs.org)`);
}

/** Runs a step quietly: its output is kept and shown only when it fails. */
function run(label, command, args) {
  const begun = Date.now();
  process.stdout.write(`  … ${label}\n`);
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
    fail(`${label} failed; run "${[command, ...args].join(' ')}" to see why`);
  }
  process.stdout.write(`  ✓ ${label} (${((Date.now() - begun) / 1000).toFixed(1)} s)\n`);
}

const stampFile = (name) => join(stamps, name);
const isStamped = (name, value) => existsSync(stampFile(name)) && readFileSync(stampFile(name), 'utf8') === value;

function stamp(name, value) {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stampFile(name), value);
}

function files(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => !SKIPPED.has(name))
    .sort()
    .flatMap((name) => files(join(path, name)));
}

function digest(paths) {
  const hash = createHash('sha256');
  for (const path of paths.filter((candidate) => existsSync(candidate)).flatMap(files))
    hash.update(path.slice(root.length)).update(readFileSync(path));
  return hash.digest('hex');
}

export function install() {
  const wanted = digest([join(root, 'package-lock.json')]);
  // A tree that npm itself finished installing carries this file; one made by hand may be newer than our stamp.
  const present = existsSync(join(root, 'node_modules', '.package-lock.json'));
  if (present && isStamped('installed', wanted)) return;
  run('Installing packages', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  stamp('installed', wanted);
}

export function build() {
  const wanted = digest(SOURCES.map((name) => join(root, name)));
  if (isStamped('built', wanted) && existsSync(join(root, 'apps', 'cli', 'dist', 'main.js'))) return;
  run('Compiling', process.execPath, [join('node_modules', 'typescript-native', 'bin', 'tsc'), '-b', 'tsconfig.json']);
  run('Building the dashboard', process.execPath, [
    join('node_modules', 'nx', 'dist', 'bin', 'nx.js'),
    'run',
    '@binnacle/web:build',
  ]);
  stamp('built', wanted);
}
