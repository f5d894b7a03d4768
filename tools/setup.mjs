// Set-up shared by `npm start` and `npm test`: plain Node, nothing installed yet. Installs when the lock file changed
// and builds when a source changed, so that a second run does neither.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
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

/** `ann (uid 1000)`, or the number alone. */
function accountOf(uid) {
  const lines = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8').split('\n') : [];
  const name = lines.find((line) => line.split(':')[2] === String(uid))?.split(':')[0];
  return name ? `${name} (uid ${uid})` : `uid ${uid}`;
}

/** Why this account cannot change the checkout, and what helps; undefined where it can. */
function whyNotWritable(path, code) {
  const { uid } = statSync(path);
  const copy = `or work in a copy of your own: cp -r ${root} ~/binnacle`;
  const steps = '"npm ci && node tools/build.mjs"';
  if (code === 'EROFS')
    return `${path} cannot be written (read-only file system); run ${steps} where it can be, ${copy}`;
  if (uid !== process.getuid?.())
    return `${path} belongs to ${accountOf(uid)}, and this is ${accountOf(process.getuid?.())}; let its owner run ${steps}, ${copy}`;
  return `${path} cannot be written (${code}); give yourself the right to it (chmod u+w) and run ${steps}, ${copy}`;
}

/** Refuses a step that writes into the checkout where this account may not, before the step is tried. */
function requireWritable(label, paths) {
  for (const path of paths.filter((candidate) => existsSync(candidate))) {
    try {
      accessSync(path, constants.W_OK);
    } catch ({ code }) {
      fail(`${label} is still to be done, and ${whyNotWritable(path, code)}`);
    }
  }
}

/** What a step's end without an exit code means. */
function whyNotRun(label, command, { code, message }) {
  if (code === 'ENOENT')
    return `${label} needs "${command}", which is not on PATH; install Node.js with npm (https://nodejs.org)`;
  return `${label} cannot be run (${message})`;
}

/** Runs a step quietly: its output is kept and shown only when it fails. */
function run(label, command, args) {
  const begun = Date.now();
  process.stdout.write(`  … ${label}\n`);
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    // Nx copies its library to be loaded from there: the temporary directory may forbid programs (noexec).
    env: { ...process.env, NX_DAEMON: 'false', NX_NATIVE_FILE_CACHE_DIRECTORY: join(stamps, 'nx') },
  });
  if (result.error) fail(whyNotRun(label, command, result.error));
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
  try {
    for (const path of paths.filter((candidate) => existsSync(candidate)).flatMap(files))
      hash.update(path.slice(root.length)).update(readFileSync(path));
  } catch (error) {
    fail(`the checkout cannot be read (${error.message}); let this account read it: chmod -R a+rX ${root}`);
  }
  return hash.digest('hex');
}

export function install() {
  const wanted = digest([join(root, 'package-lock.json')]);
  // A tree that npm itself finished installing carries this file; one made by hand may be newer than our stamp.
  const present = existsSync(join(root, 'node_modules', '.package-lock.json'));
  if (present && isStamped('installed', wanted)) return;
  requireWritable('installing the packages', [root, join(root, 'node_modules')]);
  run('Installing packages', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  stamp('installed', wanted);
}

export function build() {
  const wanted = digest(SOURCES.map((name) => join(root, name)));
  if (isStamped('built', wanted) && existsSync(join(root, 'apps', 'cli', 'dist', 'main.js'))) return;
  const written = ['', 'node_modules', 'apps/cli', 'apps/cli/dist', 'apps/web', 'libs/machinery/meta'];
  requireWritable(
    'building',
    written.map((path) => join(root, path)),
  );
  run('Compiling', process.execPath, [
    join('node_modules', 'typescript-native', 'bin', 'tsc'),
    '-b',
    'tsconfig.build.json',
  ]);
  run('Building the dashboard', process.execPath, [
    join('node_modules', 'nx', 'dist', 'bin', 'nx.js'),
    'run',
    '@binnacle/web:build',
  ]);
  stamp('built', wanted);
}
