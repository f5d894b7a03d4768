import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@binnacle/process-lifecycle';
import { startCluster } from '../cluster.js';
import { type Case, caseOf, CUT_OFF, NOT_RUN, type Outcome } from './cases.js';
import { SuiteProgram } from './program.js';
import { runAll } from './queue.js';
import { reasonOf } from './reasons.js';
import { reportOf } from './report.js';

const PAGE = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'conformance.md');
const NODES = 4;
const say = (text: string) => void process.stdout.write(`${text}\n`);

interface Settings {
  /** Only cases whose names match. */
  readonly only: RegExp;
  readonly workers: number;
  /** Where every case is noted, one JSON value a line. */
  readonly log: string | undefined;
  /** Of a cluster that runs already. */
  readonly kubeconfig: string | undefined;
  /** Outcomes that count, from the log of an earlier run. */
  readonly earlier: readonly Outcome[];
  readonly skipsKnown: boolean;
}

/** What earlier runs noted, each case as it ended last; one that was cut off does not count. */
function earlierOf(resume: string | undefined): Outcome[] {
  const lines = resume ? readFileSync(resume, 'utf8').trim().split('\n').filter(Boolean) : [];
  const outcomes = lines
    .map((line) => JSON.parse(line) as Outcome)
    .filter(({ message }) => !message.startsWith(CUT_OFF));
  return [...new Map(outcomes.map((outcome) => [outcome.name, outcome])).values()];
}

function settingsOf(options: Readonly<Record<string, string>>): Settings {
  const { only = '', workers = '3', log, kubeconfig, resume, known: reasons } = options;
  const skipsKnown = reasons === 'skip';
  return { only: new RegExp(only), workers: Number(workers), log, kubeconfig, earlier: earlierOf(resume), skipsKnown };
}

const notRun = (name: string, message: string): Outcome => ({ name, passed: false, seconds: 0, message });

/** What need not be run: cases that passed earlier, and with `--known skip` those of which it is known why they cannot pass. */
function known(cases: readonly Case[], { earlier, skipsKnown }: Settings): Outcome[] {
  const passed = new Map(earlier.filter((one) => one.passed).map((outcome) => [outcome.name, outcome]));
  return cases.flatMap(({ name }) => {
    const before = passed.get(name);
    if (before) return [before];
    return skipsKnown && reasonOf(name) ? [notRun(name, '')] : [];
  });
}

/** Every case as a log tells of it, and none run. */
async function told(path: string, { earlier }: Settings): Promise<Outcome[]> {
  const names = await new SuiteProgram(path, '').list();
  const outcomes = new Map(earlier.map((outcome) => [outcome.name, outcome]));
  return names.map((name) => outcomes.get(name) ?? notRun(name, NOT_RUN));
}

async function play(path: string, settings: Settings, kubeconfig: string): Promise<Outcome[]> {
  const program = new SuiteProgram(path, kubeconfig);
  const cases = (await program.list()).filter((name) => settings.only.test(name)).map(caseOf);
  const outcomes = known(cases, settings);
  const done = new Set(outcomes.map(({ name }) => name));
  const tell = (some: readonly Outcome[]) => {
    outcomes.push(...some);
    for (const one of some) {
      if (settings.log) appendFileSync(settings.log, `${JSON.stringify(one)}\n`);
      say(`${one.passed ? 'passed' : 'FAILED'} ${one.seconds} s  ${one.name}`);
    }
    const passed = outcomes.filter((one) => one.passed).length;
    say(`${outcomes.length} of ${cases.length}: ${passed} passed`);
  };
  const left = cases.filter(({ name }) => !done.has(name));
  await runAll(left, settings.workers, (names) => program.run(names), tell);
  return outcomes;
}

async function onCluster(path: string, settings: Settings): Promise<Outcome[]> {
  if (settings.kubeconfig) return await play(path, settings, settings.kubeconfig);
  const cluster = await startCluster({ nodes: NODES, web: false });
  try {
    return await play(path, settings, cluster.kubeconfig);
  } finally {
    await cluster.dispose();
  }
}

/** Runs upstream's conformance suite and writes the page that tells of every case; `--only` takes a part and writes none. */
export async function run(options: Readonly<Record<string, string>>): Promise<object> {
  const path = process.env.BINNACLE_E2E_TEST;
  if (!path) {
    say('BINNACLE_E2E_TEST names no e2e.test of Kubernetes to run');
    return { record: false, failed: true };
  }
  const { from } = options;
  const settings = settingsOf({ ...options, ...(from && { resume: from }) });
  const outcomes = from ? await told(path, settings) : await onCluster(path, settings);
  const date = new Date(systemClock.now()).toISOString().slice(0, 10);
  const page = reportOf(outcomes, { date, nodes: NODES, inPieces: settings.earlier.length > 0 });
  if (options.only === undefined) writeFileSync(PAGE, page);
  const passed = outcomes.filter((one) => one.passed).length;
  say(`${passed} of ${outcomes.length} passed`);
  return { record: false, passed, cases: outcomes.length };
}
