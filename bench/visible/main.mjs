// npm run bench -- visible [--namespaces 1000] [--pods 50] [--sees 10] [--watchers 1000] [--rounds 20]
// Wants the product built (`node tools/build.mjs`). A person who may see some namespaces of many lists and watches the Pods of all of
// them, beside an administrator who sees all, and beside as many lists of one namespace each.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { median, round, summary, table } from '../store/setup.mjs';
import { Client } from './client.mjs';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const PODS = '/api/v1/pods';
/** Of one connection of somebody who is no component. */
const STREAMS = 90;

async function startServer() {
  const path = fileURLToPath(new URL('./server.mjs', import.meta.url));
  const child = fork(path, { execArgv: ['--max-semi-space-size=32', '--expose-gc'] });
  const [configs] = await once(child, 'message');
  const ask = async (question, rest = {}) => {
    child.send({ question, ...rest });
    return (await once(child, 'message'))[0];
  };
  return { ...configs, ask, stop: () => child.disconnect() };
}

const bindingPath = (namespace) => `${RBAC}/namespaces/${namespace}/rolebindings`;
function binding() {
  const apiGroup = 'rbac.authorization.k8s.io';
  const subjects = [{ apiGroup, kind: 'User', name: 'person' }];
  return { metadata: { name: 'person' }, roleRef: { apiGroup, kind: 'ClusterRole', name: 'sees' }, subjects };
}

async function fill(server, admin, { namespaces, pods, sees }) {
  for (let at = 0; at < namespaces; at += 50) {
    const some = Array.from({ length: Math.min(50, namespaces - at) }, (_, of) => `ns-${at + of}`);
    await Promise.all(some.map((name) => admin.call('POST', '/api/v1/namespaces', { metadata: { name } })));
  }
  await server.ask('fill', { namespaces, each: pods });
  const rules = [{ apiGroups: [''], resources: ['pods', 'namespaces'], verbs: ['get', 'list', 'watch'] }];
  await admin.call('POST', `${RBAC}/clusterroles`, { metadata: { name: 'sees' }, rules });
  for (let at = 0; at < sees; at += 1) await admin.call('POST', bindingPath(`ns-${at * 7}`), binding());
}

/** The time, and the CPU of the server, that something takes. */
async function cost(server, rounds, act) {
  const times = [];
  let micros = 0;
  for (let turn = 0; turn < rounds; turn += 1) {
    const { cpu: before } = await server.ask('cost');
    const began = performance.now();
    await act();
    times.push(performance.now() - began);
    const { cpu: after } = await server.ask('cost');
    micros += after.user + after.system - before.user - before.system;
  }
  return { ms: round(median(times)), cpuMs: round(micros / rounds / 1_000) };
}

async function lists(server, { admin, person }, { sees, rounds }) {
  const count = async (client) => (await client.json('GET', PODS)).items.length;
  const counts = { visible: await count(person), all: await count(admin) };
  const each = async () => {
    for (let at = 0; at < sees; at += 1) await person.call('GET', `/api/v1/namespaces/ns-${at * 7}/pods`);
  };
  await each();
  return {
    counts,
    'list of what one sees': await cost(server, rounds, () => person.call('GET', PODS)),
    'as many lists of one namespace': await cost(server, rounds, each),
    'a page of 100 of what one sees': await cost(server, rounds, () => person.call('GET', `${PODS}?limit=100`)),
    'the Namespaces one sees': await cost(server, rounds, () => person.call('GET', '/api/v1/namespaces')),
    'list of all by an administrator': await cost(server, Math.min(rounds, 5), () => admin.call('GET', PODS)),
  };
}

/** How long after it was asked for a change is heard of. */
async function heard(client, rounds, change, isIt) {
  const { metadata } = await client.json('GET', `${PODS}?limit=1`);
  let told;
  const path = `${PODS}?watch=true&allowWatchBookmarks=true&resourceVersion=${metadata.resourceVersion}`;
  const close = await client.watch(path, (event) => isIt(event) && told?.());
  const times = [];
  for (let turn = 0; turn < rounds; turn += 1) {
    const arrived = new Promise((resolve) => (told = resolve));
    const began = performance.now();
    await Promise.all([arrived, change(turn)]);
    times.push(performance.now() - began);
  }
  close();
  return summary(times);
}

async function events(server, { admin, person }, { rounds }) {
  const touch = () => server.ask('touch', { namespace: 'ns-0', name: 'pod-0' });
  const isPod = ({ type, object }) => type === 'MODIFIED' && object.metadata.name === 'pod-0';
  const grants = (turn) =>
    turn % 2
      ? admin.call('DELETE', `${bindingPath('ns-1')}/person`)
      : admin.call('POST', bindingPath('ns-1'), binding());
  const isBookmark = ({ type }) => type === 'BOOKMARK';
  return {
    'a change, at who sees some': await heard(person, rounds * 5, touch, isPod),
    'a change, at who sees all': await heard(admin, rounds * 5, touch, isPod),
    'a grant that comes or goes, to the bookmark behind its Pods': await heard(person, rounds * 2, grants, isBookmark),
  };
}

/** What one more watcher keeps of the server's memory. */
async function memory(server, config, watchers) {
  const clients = await Promise.all(
    Array.from({ length: Math.ceil(watchers / STREAMS) }, () => Client.connect(config)),
  );
  const { metadata } = await clients[0].json('GET', `${PODS}?limit=1`);
  const before = await server.ask('memory');
  const path = `${PODS}?watch=true&resourceVersion=${metadata.resourceVersion}`;
  for (let at = 0; at < watchers; at += 1) await clients[Math.floor(at / STREAMS)].watch(path, () => undefined);
  const after = await server.ask('memory');
  for (const client of clients) client.close();
  return { watchers: after.open - before.open, kib: round((after.held - before.held) / watchers / 1_024) };
}

export async function run(options) {
  const number = (name, usual) => Number(options[name] ?? usual);
  const settings = { namespaces: number('namespaces', 1_000), pods: number('pods', 50), sees: number('sees', 10) };
  const [watchers, rounds] = [number('watchers', 1_000), number('rounds', 20)];
  const server = await startServer();
  const clients = { admin: await Client.connect(server.admin), person: await Client.connect(server.person) };
  try {
    await fill(server, clients.admin, settings);
    const listed = await lists(server, clients, { ...settings, rounds });
    const told = await events(server, clients, { rounds });
    const kept = {
      'one who sees some': await memory(server, server.person, watchers),
      'one who sees all': await memory(server, server.admin, watchers),
    };
    const { counts, ...times } = listed;
    table(`${counts.visible} Pods of ${counts.all} are visible`, times);
    table('from the request to its event, ms', told);
    table('memory of a watcher, its connection included', kept);
    const isWhole = !options.namespaces && !options.pods && !options.watchers;
    return { settings, lists: listed, events: told, memory: kept, ...(!isWhole && { record: false }) };
  } finally {
    for (const client of Object.values(clients)) client.close();
    server.stop();
  }
}
