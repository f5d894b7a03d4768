import { workerPrograms } from '../../peers/workers.js';
import { medians } from '../turns/cost.js';
import { inTurns } from '../turns/in-turns.js';
import { makeAll, makeNamespace } from '../turns/requests.js';
import { onBench, sidesOf } from '../turns/sides.js';
import { fleet, NAMESPACE, type Size } from './fleet.js';
import { play, PODS } from './play.js';

const say = (text: string) => void process.stdout.write(`${text}\n`);

export function sizeOf(options: Readonly<Record<string, string>>): Size {
  const of = (name: string, otherwise: number) => Number(options[name] ?? otherwise);
  const services = of('services', 5_000);
  return { services, endpoints: Math.round(of('endpoints', 50_000) / services), changed: of('changes', 40) };
}

/** Runs the benchmark; `npm run bench -- services` writes what it answers. */
export async function run(options: Readonly<Record<string, string>>): Promise<object> {
  const { rounds = '1', side: only, profiles } = options;
  const size = sizeOf(options);
  const { proxy: path } = workerPrograms(process.env);
  if (!path) say('BINNACLE_KUBE_PROXY names no kube-proxy to measure beside');
  const turns = await onBench(async (bench) => {
    say(`making ${size.services} Services of ${size.endpoints} endpoints`);
    await makeNamespace(bench.ctx, bench.client, NAMESPACE);
    await makeAll(bench.ctx, bench.client, fleet(size, PODS[0]));
    let played = 0;
    return await inTurns(sidesOf(path, { side: only, profiles }), Number(rounds), async (side) => {
      // Those that change lead to the second Pod, then back to the first.
      const turn = await play(bench, size, side, (played += 1) % 2 ? 1 : 0);
      say(`${side.name}: ${JSON.stringify(turn)}`);
      return turn;
    });
  });
  const results = { ours: medians(turns.ours), theirs: medians(turns.theirs) };
  console.table(results);
  const asIs = ['services', 'endpoints', 'changes', 'side', 'profiles'].every((name) => !options[name]);
  return { record: Boolean(path) && asIs, rounds: Number(rounds), ...size, ...results };
}
