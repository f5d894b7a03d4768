import { createKubeClient, loadKubeconfigFile } from '@binnacle/client-rest';
import { silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import { type Cluster, startCluster } from '../../cluster.js';
import { each, Labs, pause } from './labs.js';
import { type Settings, settingsOf } from './settings.js';
import { costOf, cpuPercent, megabytes, sumOf, usageByProgram } from './usage.js';

const SETTLE_SECONDS = 20;
const BUSY_EVERY_MILLISECONDS = 2_000;

const say = (text: string) => process.stdout.write(`${text}\n`);
const nameOf = (at: number) => `lab-${String(at).padStart(4, '0')}`;
const percentile = (sorted: readonly number[], part: number) =>
  Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN).toFixed(3));

async function cpuOver(pid: number, seconds: number): Promise<Record<string, number>> {
  const before = usageByProgram(pid);
  await pause(seconds * 1000);
  return cpuPercent(before, usageByProgram(pid), seconds);
}

function table(title: string, rows: Readonly<Record<string, Readonly<Record<string, number>>>>): void {
  const programs = [...new Set(Object.values(rows).flatMap((row) => Object.keys(row)))];
  say(`\n${title.padEnd(44)}${programs.map((program) => program.padStart(20)).join('')}${'all'.padStart(10)}`);
  for (const [name, row] of Object.entries(rows)) {
    const cells = programs.map((program) => String(row[program] ?? '').padStart(20)).join('');
    say(`${name.padEnd(44)}${cells}${String(sumOf(row)).padStart(10)}`);
  }
}

async function wakes(labs: Labs, names: readonly string[]): Promise<{ p50: number; p99: number; slowest: number }> {
  const seconds: number[] = [];
  for (const name of names) seconds.push(await labs.wake(name, 'woken'));
  seconds.sort((a, b) => a - b);
  return { p50: percentile(seconds, 0.5), p99: percentile(seconds, 0.99), slowest: percentile(seconds, 1) };
}

async function measure(cluster: Cluster, settings: Settings) {
  const { clusters, objects, busy, withPods, idleSeconds } = settings;
  const ctx = { signal: new AbortController().signal, clock: systemClock, logger: silentLogger };
  const client = createKubeClient({ ...loadKubeconfigFile(cluster.kubeconfig), userAgent: 'benchmark' });
  const labs = new Labs(ctx, client);
  const all = Array.from({ length: clusters }, (_, at) => nameOf(at));
  const [busyNames, podNames] = [all.slice(0, busy), all.slice(busy, busy + withPods)];

  await pause(SETTLE_SECONDS * 1000);
  const cpuAlone = await cpuOver(cluster.pid, idleSeconds);
  const alone = usageByProgram(cluster.pid);
  const begun = performance.now();
  await each(all, (name) => labs.make(name, objects));
  const makingSeconds = Math.round((performance.now() - begun) / 1000);
  say(`${clusters} clusters of ${objects} objects made in ${makingSeconds} s`);
  say(`at rest after ${await labs.rest()} s`);
  await pause(SETTLE_SECONDS * 1000);
  const resting = usageByProgram(cluster.pid);
  const cpuResting = await cpuOver(cluster.pid, idleSeconds);

  await each(podNames, (name) => labs.settle(name, 1));
  say(`${withPods} of them have a node and a Pod; at rest after ${await labs.rest()} s`);
  await pause(SETTLE_SECONDS * 1000);
  const running = usageByProgram(cluster.pid);
  const cpuRunning = await cpuOver(cluster.pid, idleSeconds);

  await each(busyNames, (name) => labs.settle(name, 2));
  const work = labs.keepBusy(busyNames, BUSY_EVERY_MILLISECONDS);
  await pause(SETTLE_SECONDS * 1000);
  const cpuBusy = await cpuOver(cluster.pid, idleSeconds);
  const working = usageByProgram(cluster.pid);
  const woken = await wakes(labs, all.slice(-settings.wakes));
  await work.stop();
  const wokenAlone = await wakes(labs, all.slice(-2 * settings.wakes, -settings.wakes));
  await client.close();

  return {
    settings,
    makingSeconds,
    memoryMegabytes: {
      'main alone': megabytes(alone),
      'all at rest': megabytes(resting),
      [`${withPods} with a node and a Pod, at rest`]: megabytes(running),
      [`${busy} busy`]: megabytes(working),
    },
    costKibibytes: {
      'a cluster at rest': costOf(alone, resting, clusters),
      'a node and a Pod more, at rest': costOf(resting, running, Math.max(1, withPods)),
      'a busy cluster': costOf(running, working, Math.max(1, busy)),
    },
    cpuPercentOfOneCore: {
      'main alone': cpuAlone,
      'all at rest': cpuResting,
      [`${withPods} with a node and a Pod, at rest`]: cpuRunning,
      [`${busy} busy`]: cpuBusy,
    },
    wakeSeconds: { [`while ${busy} are busy`]: woken, 'while all others rest': wokenAlone },
  };
}

/** Runs the benchmark; `npm run bench -- clusters` writes what it answers. */
export async function run(options: Readonly<Record<string, string>>): Promise<object> {
  const settings = settingsOf(options);
  const cluster = await startCluster({ slot: Number(options.slot ?? 8), web: false });
  try {
    const figures = await measure(cluster, settings);
    table('memory, MB', figures.memoryMegabytes);
    table('cost, KiB', figures.costKibibytes);
    table('CPU, % of one core', figures.cpuPercentOfOneCore);
    say(`\nseconds from a change to what a controller did about it: ${JSON.stringify(figures.wakeSeconds)}`);
    return figures;
  } finally {
    await cluster.dispose();
  }
}
