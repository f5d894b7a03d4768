import { workerPrograms } from '../../peers/workers.js';
import { medians } from '../turns/cost.js';
import { inTurns } from '../turns/in-turns.js';
import { onBench, sidesOf } from '../turns/sides.js';
import { play, type Turn } from './play.js';
import { workloads } from './workloads.js';

const say = (text: string) => void process.stdout.write(`${text}\n`);

const rowOf = (who: string, turn: Turn | undefined): object =>
  Object.fromEntries(Object.entries(turn ?? {}).map(([figure, value]) => [who + figure, value]));

/** Runs the benchmark; `npm run bench -- controllers` writes what it answers. */
export async function run(options: Readonly<Record<string, string>>): Promise<object> {
  const { only = '', rounds = '1', share = '1', side: onlySide, profiles } = options;
  const { controllerManager: path } = workerPrograms(process.env);
  if (!path) say('BINNACLE_KUBE_CONTROLLER_MANAGER names no kube-controller-manager to measure beside');
  const results: Record<string, { readonly ours?: Turn | undefined; readonly theirs?: Turn | undefined }> = {};
  await onBench(async (bench) => {
    const wanted = workloads(Number(share)).filter(({ name }) => new RegExp(only).test(name));
    for (const [at, workload] of wanted.entries()) {
      const turns = await inTurns(sidesOf(path, { side: onlySide, profiles }), Number(rounds), async (side, round) => {
        const turn = await play({ ...bench, cluster: `work-${at}-${side.name}-${round}` }, workload, side);
        say(`${workload.name}, ${side.name}: ${JSON.stringify(turn)}`);
        return turn;
      });
      results[workload.name] = { ours: medians(turns.ours), theirs: medians(turns.theirs) };
    }
  });
  const rows = Object.entries(results).map(([name, { ours, theirs }]) => [
    name,
    { ...rowOf('', ours), ...rowOf('their ', theirs) },
  ]);
  console.table(Object.fromEntries(rows));
  const whole = path && !options.only && !options.share && !onlySide && !profiles;
  return { record: Boolean(whole), rounds: Number(rounds), results };
}
