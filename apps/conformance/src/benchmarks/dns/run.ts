import { medians } from '../turns/cost.js';
import { inTurns } from '../turns/in-turns.js';
import { makeAll, makeNamespace, request } from '../turns/requests.js';
import { onBench, sidesOf } from '../turns/sides.js';
import { NAMESPACE, objectsOf } from './objects.js';
import { play, type Settings } from './play.js';

type Options = Readonly<Record<string, string>>;

const say = (text: string) => void process.stdout.write(`${text}\n`);

const settingsOf = ({ services = '5000', seconds = '10', rate = '5000', changes = '50' }: Options): Settings => ({
  size: { services: Number(services), headless: Math.max(1, Number(services) / 25), endpoints: 10 },
  seconds: Number(seconds),
  rate: Number(rate),
  changes: Number(changes),
});

/** Runs the benchmark; `npm run bench -- dns` writes what it answers. */
export async function run(options: Options): Promise<object> {
  const { BINNACLE_COREDNS: path } = process.env;
  if (!path) say('BINNACLE_COREDNS names no coredns to measure beside');
  const settings = settingsOf(options);
  const rounds = Number(options.rounds ?? '3');
  const turns = await onBench(async (bench) => {
    const { ctx, client } = bench;
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'asks' } };
    await request(ctx, client, 'POST', '/api/v1/nodes', node);
    await makeNamespace(ctx, client, NAMESPACE);
    await makeAll(ctx, client, objectsOf(settings.size));
    say(
      `${settings.size.services} Services, and ${settings.size.headless} headless, each with ${settings.size.endpoints} endpoints`,
    );
    return await inTurns(sidesOf(path, options), rounds, async (side) => {
      const turn = await play(bench, side, settings);
      say(`${side.name}: ${JSON.stringify(turn)}`);
      return turn;
    });
  });
  const [ours, theirs] = [medians(turns.ours), medians(turns.theirs)];
  console.table({ ...(ours && { ours }), ...(theirs && { coredns: theirs }) });
  return { record: Boolean(path) && !options.side && !options.services, rounds, ...settings, ours, theirs };
}
