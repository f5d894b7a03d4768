// Tries `npm start` in environments where a first command often fails: node tools/environments/run.mjs [names…] [--record]
// Needs root on Linux, for namespaces of mounts, processes and network; the machine itself is not changed. Each environment is
// a file of this folder; what comes of it is `up`, or the sentence it ended with. `--record` writes the table of
// docs/install.md, `--quick` leaves out what takes a whole start, `--json` prints the results for tests.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, install } from '../setup.mjs';
import { memoryGroups } from './machine.mjs';
import { fetchNode, VERSIONS } from './nodes.mjs';

const here = import.meta.dirname;
const root = join(here, '..', '..');
const NOT_ENVIRONMENTS = ['run.mjs', 'inside.mjs', 'machine.mjs', 'nodes.mjs'];
const UNSHARE = ['--mount', '--net', '--pid', '--fork', '--mount-proc', '--kill-child', '--propagation', 'private'];
const TABLE = /(<!-- environments: begin -->\n)([^]*)(<!-- environments: end -->)/;
const HEAD = '| environment | what comes |';

const names = readdirSync(here)
  .filter((file) => file.endsWith('.mjs') && !NOT_ENVIRONMENTS.includes(file))
  .map((file) => file.slice(0, -4));

function fail(sentence) {
  process.stderr.write(`environments: ${sentence}\n`);
  process.exit(2);
}

function requireMachine() {
  if (process.platform !== 'linux' || process.getuid() !== 0) fail('needs root on Linux, for namespaces');
  const { status, stderr } = spawnSync('unshare', [...UNSHARE, 'ip', 'link', 'set', 'lo', 'up'], { encoding: 'utf8' });
  if (status !== 0) fail(`this machine gives no namespaces of its own: ${stderr ?? 'unshare and ip are needed'}`);
}

/** `{ title, outcome, words, seconds }` of each run of an environment. */
function tryOne(name, quick) {
  const scratch = mkdtempSync('/run/bn-env-');
  let noise = '';
  try {
    const inside = [process.execPath, join(here, 'inside.mjs'), name, root, scratch, ...(quick ? ['quick'] : [])];
    noise = spawnSync('unshare', [...UNSHARE, ...inside], { encoding: 'utf8', cwd: '/', timeout: 180_000 }).stderr;
    return JSON.parse(readFileSync(join(scratch, 'results.json'), 'utf8')).map((row) => ({ name, ...row, noise }));
  } catch (error) {
    return [{ name, title: name, outcome: 'broken', words: `${error.message} ${noise}`, seconds: 0, ok: false }];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    for (const group of memoryGroups(scratch)) rmdirSync(group);
  }
}

const cell = (text) => text.replaceAll('|', '\\|').replace(/^binnacle: /, '');

/** The rows of the table by their titles: those of environments that were not tried now stay. */
function merged(table, rows) {
  const lines = table.split('\n').filter((line) => line.startsWith('| ') && line !== HEAD);
  const byTitle = new Map(lines.map((line) => [line.split(' | ')[0].slice(2), line]));
  for (const { title, outcome, words } of rows)
    byTitle.set(title, `| ${title} | ${outcome === 'up' ? 'up' : cell(words)} |`);
  return [HEAD, '|---|---|', ...byTitle.values()].join('\n');
}

export function record(rows) {
  const file = join(root, 'docs', 'install.md');
  const text = readFileSync(file, 'utf8');
  const replaced = text.replace(TABLE, (_, begin, table, end) => `${begin}${merged(table, rows)}\n${end}`);
  writeFileSync(file, replaced);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const flags = process.argv.slice(2).filter((word) => word.startsWith('--'));
  const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown) fail(`there is no environment "${unknown}"; there are: ${names.join(', ')}`);
  requireMachine();
  install();
  build();
  const chosen = wanted.length ? wanted : names;
  // Inside there is no network.
  if (chosen.includes('other-node-versions')) for (const version of VERSIONS) fetchNode(root, version);
  const rows = [];
  for (const name of chosen) {
    const results = tryOne(name, flags.includes('--quick'));
    rows.push(...results);
    if (flags.includes('--json')) continue;
    for (const { ok, title, outcome, words, seconds } of results)
      process.stdout.write(
        `${ok ? '✓' : '✗'} ${title}: ${outcome === 'up' ? 'up' : words} (${seconds.toFixed(1)} s)\n`,
      );
  }
  if (flags.includes('--json')) process.stdout.write(JSON.stringify(rows));
  if (flags.includes('--record')) record(rows);
  process.exitCode = rows.every(({ ok }) => ok) ? 0 : 1;
}
