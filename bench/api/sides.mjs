// A server that is measured: started, filled, warm, and with as many connected clients as the largest load has.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client, expectStatus, SERVER_FLAGS } from '../store/http.mjs';
import { KINDS, LISTED, LISTED_NAMESPACE, NAMESPACE } from './kinds.mjs';
import { measure } from './load.mjs';

const WARM_UP_SECONDS = 4;
const TOGETHER = 16;
/** What client-go asks for: lists are not to wait for the client's permission to go on. */
const WINDOW = 4 * 1024 * 1024;

async function make(client, collection, body) {
  const answer = await client.call('POST', collection, JSON.stringify(body));
  if (answer.status !== 409) expectStatus(201, answer);
}

/** What controllers would have made, and what is read and written. */
async function fill({ clients }) {
  const [first] = clients;
  for (const name of [NAMESPACE, LISTED_NAMESPACE]) {
    await make(first, '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } };
    await make(first, `/api/v1/namespaces/${name}/serviceaccounts`, account);
  }
  for (const { manifest, collection } of Object.values(KINDS)) {
    const listed = Array.from({ length: LISTED }, (_, i) => [LISTED_NAMESPACE, `listed-${i}`]);
    const owned = clients.map((_, number) => [NAMESPACE, `own-${number}`]);
    const rest = [...listed, ...owned].values();
    const lane = async (client) => {
      for (const [namespace, name] of rest) await make(client, collection(namespace), manifest(name, {}));
    };
    await Promise.all(clients.slice(0, TOGETHER).map(lane));
  }
}

/** The first seconds of a process are spent compiling. */
async function warm(side) {
  for (const operation of ['create', 'delete', 'update', 'apply']) {
    for (const kind of Object.keys(KINDS)) {
      const load = { kind, operation, clients: Math.min(TOGETHER, side.clients.length), turn: 'warm' };
      await measure(side, load, WARM_UP_SECONDS / 4);
    }
  }
}

/** `file` is a program of this folder that sends how to connect to what it has started. */
export async function startSide(file, count) {
  const child = fork(join(import.meta.dirname, file), {
    execArgv: SERVER_FLAGS,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const failed = once(child, 'exit').then(() => {
    throw new Error(`${file} has ended`);
  });
  const [{ admin, version }] = await Promise.race([once(child, 'message'), failed]);
  failed.catch(() => undefined);
  const clients = [];
  // One after the other: a server that is greeted by hundreds at once refuses some.
  for (let number = 0; number < count; number += 1) clients.push(await Client.connect(admin, WINDOW));
  const side = { child, pid: child.pid, version, clients, made: new Map() };
  await fill(side);
  await warm(side);
  return side;
}

export async function stopSide({ child, clients }) {
  for (const { session } of clients) session.destroy();
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
}
