// A whole cluster's eventful day by a clock that is stepped: every controller, the scheduler and kubelets over simulated
// runtimes in one process, faults, roll-outs and load by a seed; and what must hold, looked at every minute.
//   npm run bench -- day --seed 7 --hours 24
//   npm run bench -- day --seeds 5 --hours 3        (one day after another, each with the next seed)
//   npm run bench -- day --seeds 20 --hours 0.5 --brief          (as the loop test: many seeds in little time)
//   npm run bench -- day --faults 20 --acts 2       (faults an hour, acts a minute)
import { setMaxListeners } from 'node:events';
import { Day } from '@binnacle/testing-loops/day';
import { allControllers } from '../../apps/controller-manager/dist/controllers.js';

const SETTINGS = {
  clusterCidr: '10.244.0.0/16',
  ca: 'an authority',
  nodeMonitorGrace: 50_000,
  terminatedPodThreshold: 12_500,
};
const COLUMNS = [
  'hour',
  'objects',
  'pods',
  'events',
  'timers',
  'streams',
  'queued',
  'sandboxes',
  'history',
  'heapMegabytes',
];

const row = (cells) => cells.map((cell) => String(cell).padStart(10)).join('');

async function oneDay(seed, hours, options) {
  console.log(`day: seed ${seed}, ${hours} h`);
  const tell = options.loud ? (line) => console.log(line) : undefined;
  const numbers = Object.fromEntries(
    ['acts', 'faults'].filter((name) => options[name]).map((name) => [name, Number(options[name])]),
  );
  const day = await Day.start({
    seed,
    hours,
    tell,
    ...numbers,
    brief: options.brief === 'true',
    controllers: (ctx, deps) => allControllers(ctx, deps, SETTINGS),
  });
  const report = await day.run();
  console.log(row(COLUMNS));
  for (const figures of report.hourly) console.log(row(COLUMNS.map((name) => figures[name])));
  const acts = Object.values(report.acts).reduce((sum, count) => sum + count, 0);
  console.log(`${acts} acts, ${report.changes} changes, ${report.cronRuns} runs of CronJobs, in ${report.seconds} s`);
  if (options.loud) console.log(JSON.stringify([report.acts, report.refused, report.logged], null, 1));
  for (const { rule, what, since } of report.violations) console.log(`  violation: ${rule}: ${what} (since ${since})`);
  if (report.violations.length > 0) console.log(`  run again with --seed ${seed}`);
  return report;
}

export async function run(options) {
  // Everything in this process waits for the same end.
  setMaxListeners(0);
  const first = Number(options.seed ?? Math.floor(Math.random() * 2 ** 31));
  const hours = Number(options.hours ?? 24);
  const days = [];
  for (let seed = first; seed < first + Number(options.seeds ?? 1); seed += 1)
    days.push(await oneDay(seed, hours, options));
  return { hours, days, record: hours >= 24, failed: days.some(({ violations }) => violations.length > 0) };
}
