// One environment from the inside, in namespaces of its own: makes it, types the first command, and writes down what came.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Machine } from './machine.mjs';

const [, , name, checkout, scratch, quick] = process.argv;

const UP = 'stops it; the next start finds everything again';
/** A sentence must come within so many seconds; as a test, on a machine that does other things too, it need not. */
const SENTENCE_SECONDS = 10;
const LONGEST_SECONDS = 90;

/** Becomes another account, with nothing of root left. */
function asAccount(uid) {
  return uid ? ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--inh-caps=-all'] : [];
}

function started({ cwd, uid = 0, env = {}, flags = [], umask = '022', limits = '', program = 'npm start --' }) {
  const home = env.HOME ?? (uid === 4001 ? '/home/ann' : uid === 4002 ? '/home/bob' : uid ? '/nonexistent' : '/root');
  const words = ['--nodes=1', ...flags].map((flag) => `'${flag}'`).join(' ');
  const script = `umask ${umask}; ${limits} exec ${program} ${words}`;
  const [command, ...args] = [...asAccount(uid), 'sh', '-c', script];
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  const child = spawn(command, args, {
    cwd,
    env: { PATH: path, HOME: home, LANG: 'C.UTF-8', npm_config_update_notifier: 'false', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (said.out += chunk));
  child.stderr.on('data', (chunk) => (said.err += chunk));
  return { child, said };
}

/** Waits until it says that it is up, or ends. */
async function outcomeOf({ child, said }) {
  const ended = once(child, 'close').then(() => 'ended');
  const up = new Promise((resolve) => {
    child.stdout.on('data', () => said.out.includes(UP) && resolve('up'));
  });
  const late = new Promise((resolve) => setTimeout(() => resolve('nothing'), LONGEST_SECONDS * 1000).unref());
  return Promise.race([up, ended, late]);
}

/** What a person is told: of npm's own lines none. */
const sentenceOf = (text) =>
  text
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('binnacle: '))
    .join(' / ');

const isRight = (expected, outcome, words, seconds) =>
  expected === 'up'
    ? outcome === 'up'
    : outcome === 'ended' && expected.test(words) && (quick || seconds < SENTENCE_SECONDS);

async function stop({ child }) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  process.kill(-child.pid, 'SIGINT');
  await once(child, 'close');
}

const skipped = (title, words) => ({ title, outcome: 'skipped', words, seconds: 0, ok: true });

async function trial({ title, expect, keep, before, skip, ...command }, running) {
  if (skip) return skipped(title, skip);
  try {
    await before?.();
  } catch (error) {
    return skipped(title, `this machine cannot be made so: ${error.message}`);
  }
  const begun = performance.now();
  const attempt = started(command);
  const outcome = await outcomeOf(attempt);
  const seconds = (performance.now() - begun) / 1000;
  if (keep) running.push(attempt);
  else if (outcome !== 'ended') await stop(attempt);
  const words =
    outcome === 'up' ? '' : sentenceOf(attempt.said.err) || `${attempt.said.out}${attempt.said.err}`.slice(-600);
  return { title, outcome, words, seconds, ok: isRight(expect, outcome, words, seconds) };
}

const machine = new Machine(checkout, scratch);
machine.prepare();
const { default: trials } = await import(join(machine.original, 'tools', 'environments', `${name}.mjs`));
const running = [];
const results = [];
// What comes up takes its time; what ends in a sentence does not.
const wanted = (await trials(machine)).filter(({ expect, always }) => !quick || expect !== 'up' || always);
for (const each of wanted) results.push(await trial(each, running));
for (const attempt of running) await stop(attempt);
writeFileSync(join(scratch, 'results.json'), JSON.stringify(results));
process.exit(0);
