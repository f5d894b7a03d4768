// npm run bench -- api [--only '^pods (get|list)'] [--clients 1,64,256] [--seconds 2] [--rounds 3]
// Wants the product built (`node tools/build.mjs`). The same load on this API server and, where BINNACLE_PEER_APISERVER (and
// BINNACLE_PEER_ETCD) name their programs, on a kube-apiserver with etcd, in turns. Told are medians over the rounds.
import { median, round, table } from '../store/setup.mjs';
import { KINDS } from './kinds.mjs';
import { measure } from './load.mjs';
import { OPERATIONS } from './operations.mjs';
import { startSide, stopSide } from './sides.mjs';

const FIGURES = ['perSecond', 'p50', 'p99', 'serverMicros', 'clientMicros'];

/** Every operation of every kind at every level. Deletes come behind creates, of which they live. */
function loadsOf({ only = '', clients = '1,64,256' }) {
  const wanted = new RegExp(only);
  const names = Object.keys(OPERATIONS).sort((a, b) => rank(a) - rank(b));
  return clients
    .split(',')
    .flatMap((level) =>
      Object.keys(KINDS).flatMap((kind) =>
        names
          .filter((operation) => wanted.test(`${kind} ${operation}`))
          .map((operation) => ({ kind, operation, clients: Number(level) })),
      ),
    );
}

const rank = (operation) => ['create', 'delete'].indexOf(operation);

async function inTurns(sides, load, { rounds, seconds }) {
  const runs = { ours: [], theirs: [] };
  for (let turn = 0; turn < rounds; turn += 1) {
    const names = Object.keys(sides);
    for (const name of turn % 2 ? names.reverse() : names) {
      const numbered = { ...load, turn: `${load.clients}-${turn}` };
      runs[name].push(await measure(sides[name], numbered, seconds));
    }
  }
  return Object.fromEntries(Object.keys(sides).map((name) => [name, mediansOf(runs[name])]));
}

const mediansOf = (runs) =>
  Object.fromEntries(FIGURES.map((figure) => [figure, round(median(runs.map((run) => run[figure])))]));

function rowOf({ ours, theirs }) {
  return {
    'a second': ours.perSecond,
    'p50 / p99 ms': `${ours.p50} / ${ours.p99}`,
    'CPU µs': ours.serverMicros,
    ...(theirs && {
      'kube-apiserver a second': theirs.perSecond,
      'its p50 / p99 ms': `${theirs.p50} / ${theirs.p99}`,
      'its CPU µs': theirs.serverMicros,
      times: round(ours.perSecond / theirs.perSecond),
    }),
  };
}

async function measured(sides, loads, settings) {
  const results = {};
  for (const load of loads) {
    const name = `${load.kind} ${load.operation}, ${load.clients}`;
    results[name] = await inTurns(sides, load, settings);
    console.log(name, JSON.stringify(rowOf(results[name])));
  }
  return results;
}

export async function run(options) {
  const settings = { rounds: Number(options.rounds ?? 3), seconds: Number(options.seconds ?? 2) };
  const loads = loadsOf(options);
  const most = Math.max(...loads.map(({ clients }) => clients));
  const sides = { ours: await startSide('binnacle.mjs', most) };
  if (process.env.BINNACLE_PEER_APISERVER) sides.theirs = await startSide('peer.mjs', most);
  else console.log('BINNACLE_PEER_APISERVER names no kube-apiserver to measure beside');
  try {
    const results = await measured(sides, loads, settings);
    const rows = Object.entries(results).map(([name, result]) => [name, rowOf(result)]);
    table('requests by clients; CPU is that of the server and its store, a request', Object.fromEntries(rows));
    // A part, or one side of it, says nothing that should replace a whole one.
    const whole = sides.theirs && !options.only && !options.clients;
    return { record: Boolean(whole), peer: sides.theirs?.version ?? 'none', ...settings, results };
  } finally {
    for (const side of Object.values(sides)) await stopSide(side);
  }
}
