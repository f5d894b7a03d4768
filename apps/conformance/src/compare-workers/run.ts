import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@binnacle/process-lifecycle';
import { workerPrograms } from '../peers/workers.js';
import { type PeerPaths, startWorked, type WorkedCluster } from './cluster.js';
import { differencesOf } from './differences.js';
import { type Ending, Play } from './play.js';
import { type Outcome, reportOf, unexplained } from './report.js';
import type { Scenario } from './scenario.js';
import { scenarios } from './scenarios/index.js';

const PAGE = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'controllers-compared.md');
const AT_ONCE = '6';
const say = (text: string) => void process.stdout.write(`${text}\n`);

type Endings = Record<string, Ending>;

const titleOf = ({ field, name }: Scenario): string => `${field}: ${name}`;

/** The same in both clusters, and no part of it looks like what is made up. */
const namespaceOf = (scenario: Scenario): string => `case-${scenarios.indexOf(scenario)}`;

async function playOne({ raw }: WorkedCluster, scenario: Scenario): Promise<Ending> {
  const play = new Play(raw, namespaceOf(scenario));
  const ending = await play.run(scenario);
  await play.clear(scenario);
  say(`${titleOf(scenario)}${ending.stuck === undefined ? '' : `: ${ending.stuck}`}`);
  return ending;
}

/** Several at a time, and then one by one those that may have nothing beside them. */
async function playAll(cluster: WorkedCluster, wanted: readonly Scenario[], atOnce: number): Promise<Endings> {
  const endings: Endings = {};
  const lane = async (queue: Scenario[]) => {
    for (let one = queue.shift(); one; one = queue.shift()) endings[titleOf(one)] = await playOne(cluster, one);
  };
  const together = wanted.filter(({ alone }) => !alone);
  await Promise.all(Array.from({ length: atOnce }, () => lane(together)));
  await lane(wanted.filter(({ alone }) => alone));
  return endings;
}

interface Settings {
  readonly wanted: readonly Scenario[];
  readonly atOnce: number;
  /** Where the ends of all scenarios are kept, and what upstream's programs say. */
  readonly keep: string | undefined;
}

async function endingsOf(
  side: 'ours' | 'theirs',
  paths: PeerPaths | undefined,
  { wanted, atOnce, keep }: Settings,
): Promise<Endings> {
  say(`With ${side}:`);
  const cluster = await startWorked(paths, (text) => {
    if (keep) appendFileSync(join(keep, 'theirs.log'), text);
  });
  try {
    const endings = await playAll(cluster, wanted, atOnce);
    if (keep) writeFileSync(join(keep, `${side}.json`), JSON.stringify(endings));
    return endings;
  } finally {
    await cluster.close();
  }
}

const kept = (folder: string, side: string): Endings =>
  JSON.parse(readFileSync(join(folder, `${side}.json`), 'utf8')) as Endings;

function outcomesOf(wanted: readonly Scenario[], ours: Endings, theirs: Endings): Outcome[] {
  return wanted.flatMap((scenario) => {
    const [our, their] = [ours[titleOf(scenario)], theirs[titleOf(scenario)]];
    return our && their ? [{ scenario, differences: differencesOf(scenario, our, their) }] : [];
  });
}

function versionOf(path: string): string {
  return spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout.trim().split(' ').at(-1) ?? '';
}

/** Both sides one after the other; one that is kept in `from` is not played again. */
async function bothSides(paths: PeerPaths, settings: Settings, { from, side = '' }: Readonly<Record<string, string>>) {
  const isPlayed = (name: string) => !from && name.startsWith(side);
  const folder = from ?? settings.keep ?? '.';
  const ours = isPlayed('ours') ? await endingsOf('ours', undefined, settings) : kept(folder, 'ours');
  const theirs = isPlayed('theirs') ? await endingsOf('theirs', paths, settings) : kept(folder, 'theirs');
  return outcomesOf(settings.wanted, ours, theirs);
}

function settingsOf({ only = '', 'at-once': atOnce = AT_ONCE, keep }: Readonly<Record<string, string>>): Settings {
  if (keep) mkdirSync(keep, { recursive: true });
  const wanted = scenarios.filter((one) => new RegExp(only).test(titleOf(one)));
  return { wanted, atOnce: Number(atOnce), keep };
}

/**
 * Compares our controllers and scheduler with upstream's and writes the page that tells how they differ; `--only` takes some
 * scenarios and writes none.
 */
export async function run(options: Readonly<Record<string, string>>): Promise<object> {
  const { scheduler, controllerManager } = workerPrograms(process.env);
  if (!scheduler || !controllerManager) {
    say('BINNACLE_KUBE_SCHEDULER and BINNACLE_KUBE_CONTROLLER_MANAGER name no programs to compare with');
    return { record: false, failed: true };
  }
  const outcomes = await bothSides({ scheduler, controllerManager }, settingsOf(options), options);
  const date = new Date(systemClock.now()).toISOString().slice(0, 10);
  const head = { date, controllerManager: versionOf(controllerManager), scheduler: versionOf(scheduler) };
  const page = reportOf(outcomes, head);
  if (options.only === undefined) writeFileSync(PAGE, page);
  else say(page);
  const open = outcomes.filter((one) => unexplained(one).length > 0).length;
  say(`${outcomes.length} scenarios, ${open} of them end otherwise for no reason given`);
  return { record: false, failed: open > 0 };
}
