import { workerPrograms } from '../../peers/workers.js';
import { inTurns } from '../turns/in-turns.js';
import { onBench, sidesOf, withAndWithout } from '../turns/sides.js';
import { play } from './play.js';
import { type Result, rowOf, summaryOf } from './results.js';
import { NODES, scaled, workloads } from './workloads.js';

/** What can be left out, and by which flags. */
const WEIGHED: Readonly<Record<string, readonly string[]>> = { decisions: ['--no-decisions'] };

const say = (text: string) => void process.stdout.write(`${text}\n`);

/** Runs the benchmark; `npm run bench -- scheduler` writes what it answers. */
export async function run(options: Readonly<Record<string, string>>): Promise<object> {
  const { only = '', rounds = '1', nodes = String(NODES) } = options;
  const { scheduler: path } = workerPrograms(process.env);
  if (!path) say('BINNACLE_KUBE_SCHEDULER names no kube-scheduler to measure beside');
  const without = options.without && WEIGHED[options.without];
  const sides = without ? withAndWithout(without) : sidesOf(path, options);
  const wanted = workloads.filter(({ name }) => new RegExp(only).test(name));
  const results: Record<string, Result> = {};
  await onBench(async (bench) => {
    for (const workload of wanted.map((one) => scaled(one, Number(nodes)))) {
      const turns = await inTurns(sides, Number(rounds), async (side, round) => {
        const cluster = `${workload.name.toLowerCase()}-${side.name}-${round}`;
        const turn = await play({ ...bench, nodes: Number(nodes), cluster }, workload, side);
        say(`${workload.name}, ${side.name}: ${JSON.stringify(turn)}`);
        return turn;
      });
      results[workload.name] = summaryOf(turns);
    }
  });
  console.table(Object.fromEntries(Object.entries(results).map(([name, result]) => [name, rowOf(result)])));
  const whole = path && !options.only && !options.nodes && !options.side && !options.profiles && !without;
  return { record: Boolean(whole), nodes: Number(nodes), rounds: Number(rounds), results };
}
