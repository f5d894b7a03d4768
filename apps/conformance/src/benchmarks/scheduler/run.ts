import { workerPrograms } from '../../peers/workers.js';
import { inTurns } from '../turns/in-turns.js';
import { onBench, sidesOf, withAndWithout } from '../turns/sides.js';
import type { Side } from '../turns/worker.js';
import { play } from './play.js';
import { type Result, rowOf, summaryOf } from './results.js';
import { NODES, scaled, workloads } from './workloads.js';

/** What can be left out, and by which flags. */
const WEIGHED: Readonly<Record<string, readonly string[]>> = { decisions: ['--no-decisions'] };

const say = (text: string) => void process.stdout.write(`${text}\n`);

type Options = Readonly<Record<string, string>>;

/** Who takes turns. */
function sidesFor(options: Options, path: string | undefined): readonly Side[] {
  const without = options.without && WEIGHED[options.without];
  return without ? withAndWithout(without) : sidesOf(path, options);
}

/** Whether everything was measured, and nothing besides. */
const isWhole = (options: Options): boolean =>
  !['only', 'nodes', 'side', 'profiles', 'without'].some((option) => options[option]);

/** Runs the benchmark; `npm run bench -- scheduler` writes what it answers. */
export async function run(options: Options): Promise<object> {
  const { only = '', rounds = '1', nodes = String(NODES) } = options;
  const { scheduler: path } = workerPrograms(process.env);
  if (!path) say('BINNACLE_KUBE_SCHEDULER names no kube-scheduler to measure beside');
  const sides = sidesFor(options, path);
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
  return { record: Boolean(path) && isWhole(options), nodes: Number(nodes), rounds: Number(rounds), results };
}
