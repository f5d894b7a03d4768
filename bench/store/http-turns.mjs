// The HTTP path of this checkout and of another (an earlier commit, built), in turns on the same machine: noise that lasts
// longer than a round meets both alike. Told are the medians over the rounds, and the median of each round's ratio.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client, CLIENTS, measure, OPERATIONS, SERVER_FLAGS, WARM_UP_SECONDS } from './http.mjs';
import { median, round, table } from './setup.mjs';

const HERE = join(import.meta.dirname, '..', '..');

/** The other checkout's server is started by its own file: it measures what that commit was. */
async function startServer(checkout) {
  const child = fork(join(checkout, 'bench', 'store', 'http-server.mjs'), {
    cwd: checkout,
    execArgv: SERVER_FLAGS,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [{ admin }] = await once(child, 'message');
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => Client.connect(admin)));
  await measure(child, clients, WARM_UP_SECONDS, (client, number, turn) =>
    OPERATIONS.create(client, `warm${number}`, turn),
  );
  for (const client of clients) await OPERATIONS.create(client, clients.indexOf(client), 0);
  for (const client of clients) await OPERATIONS.create(client, clients.indexOf(client), 1);
  return { child, clients };
}

async function stopServer({ child, clients }) {
  for (const { session } of clients) session.destroy();
  child.disconnect();
  await once(child, 'exit');
}

/** Names are never used twice: creates of one round must not meet those of another. */
const named = (operation, name, turn) =>
  name === 'create' ? (client, number, again) => operation(client, `t${turn}n${number}`, again) : operation;

async function oneOperation(name, servers, { rounds, seconds }) {
  const results = { before: [], after: [] };
  for (let turn = 0; turn < rounds; turn += 1) {
    const order = turn % 2 ? ['after', 'before'] : ['before', 'after'];
    for (const side of order) {
      const { child, clients } = servers[side];
      results[side].push(await measure(child, clients, seconds, named(OPERATIONS[name], name, turn)));
    }
  }
  const of = (side, figure) => median(results[side].map((result) => result[figure]));
  const ratio = (figure) => round(median(results.after.map((after, at) => after[figure] / results.before[at][figure])));
  return {
    before: { perSecond: of('before', 'perSecond'), serverMicros: of('before', 'serverMicros') },
    after: { perSecond: of('after', 'perSecond'), serverMicros: of('after', 'serverMicros') },
    ratio: { perSecond: ratio('perSecond'), serverMicros: ratio('serverMicros') },
  };
}

const row = ({ before, after, ratio }) => ({
  'before a second': before.perSecond,
  'after a second': after.perSecond,
  'ratio of rates': ratio.perSecond,
  'before server µs': before.serverMicros,
  'after server µs': after.serverMicros,
  'ratio of µs': ratio.serverMicros,
});

export async function httpInTurns({ against, ...turns }) {
  if (!against) throw new Error('--against names the other checkout, which must be built');
  const servers = { before: await startServer(against), after: await startServer(HERE) };
  try {
    const results = {};
    for (const name of Object.keys(OPERATIONS)) results[name] = await oneOperation(name, servers, turns);
    const rows = Object.entries(results).map(([name, result]) => [name, row(result)]);
    table(`the HTTP path before (${against}) and after, ${turns.rounds} rounds in turns`, Object.fromEntries(rows));
    return results;
  } finally {
    for (const server of Object.values(servers)) await stopServer(server);
  }
}
