// So many clients at once, each over a connection of its own, and what it costs both ends.
import { cpuOfTree } from '../store/http.mjs';
import { round, summary } from '../store/setup.mjs';
import { OPERATIONS, STOP } from './operations.mjs';

/** `side` is a server and its clients; `made` holds the names its clients have created, by their number. */
export async function measure(side, { kind, operation, clients, turn: roundNumber }, seconds) {
  const latencies = [];
  for (const client of side.clients.slice(0, clients)) await client.connected();
  const cpu = cpuOfTree(side.pid);
  const own = process.cpuUsage();
  const started = performance.now();
  const end = started + seconds * 1_000;
  const repeat = async (client, number) => {
    const place = { kind, number, round: roundNumber, made: madeBy(side, kind, number) };
    let state;
    for (let turn = 0; performance.now() < end; turn += 1) {
      const at = performance.now();
      state = await OPERATIONS[operation](client, place, turn, state);
      if (state === STOP) return;
      latencies.push(performance.now() - at);
    }
  };
  await Promise.all(side.clients.slice(0, clients).map(repeat));
  const elapsed = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(own);
  const each = (milliseconds) => Math.round((milliseconds * 1_000) / latencies.length);
  return {
    perSecond: round(latencies.length / elapsed, 0),
    ...summary(latencies),
    serverMicros: each(cpuOfTree(side.pid) - cpu),
    clientMicros: each((user + system) / 1_000),
  };
}

function madeBy(side, kind, number) {
  const id = `${kind} ${number}`;
  if (!side.made.has(id)) side.made.set(id, []);
  return side.made.get(id);
}
