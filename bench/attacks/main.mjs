// Attacks on a running cluster, one after another, while a neighbour works: what it feels, how long the API server stood
// still, what memory it took, and whether every Node stayed Ready. Before each the same is sent to a process that does nothing
// with it: who attacks and who is attacked share the machine's processors, and what that alone costs the neighbour is told
// beside. `npm run bench -- attacks --seconds 10 --pods 5000`, `--only <part of a name>`, `--minutes 15` for how long the Pods
// may take to start. Wants the product built (`node tools/build.mjs`).
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startCluster } from '../../apps/conformance/dist/index.js';
import { catalogue } from './catalogue/index.mjs';
import { Session } from './connection.mjs';
import { watchEventLoop } from './event-loop.mjs';
import { askingOf, identitiesOf, serverFiles } from './identities.mjs';

const LONGEST_STOP = 100;
const MOST_SLOWER = 2;
/** Below this many milliseconds a 99th percentile says more about the machine than about the attack. */
const NOTHING_FELT = 25;
const here = (name) => join(import.meta.dirname, name);
const megabytes = (pid) =>
  Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);

/** Answers how many are ready: all of them, unless that takes too long. */
async function startPods(admin, pods, minutes) {
  const session = new Session(admin);
  const labels = { app: 'crowd' };
  const spec = { containers: [{ name: 'c', image: 'nginx:1.29', ports: [{ containerPort: 8080 }] }] };
  const deployment = {
    metadata: { name: 'crowd' },
    spec: { replicas: pods, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
  const path = '/apis/apps/v1/namespaces/default/deployments';
  await session.call('POST', path, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(deployment),
  });
  const ready = async () => {
    const { text } = await session.call('GET', `${path}/crowd/status`);
    return Number(/"readyReplicas":(\d+)/.exec(text)?.[1] ?? 0);
  };
  const end = performance.now() + minutes * 60_000;
  let seen = 0;
  for (let told = 0; seen < pods && performance.now() < end; seen = await ready()) {
    if (seen >= told + 500) console.log(`${(told = seen)} Pods are ready`);
    await pause(1000);
  }
  session.close();
  return seen;
}

async function startNeighbour({ neighbour, leader }) {
  const child = fork(here('neighbour.mjs'));
  child.send({ neighbour, leader });
  await once(child, 'message');
  return {
    figures: async () => {
      const answer = once(child, 'message');
      child.send('figures');
      return (await answer)[0];
    },
    stop: () => child.disconnect(),
  };
}

async function startSink(cluster) {
  const child = fork(here('sink.mjs'));
  child.send(serverFiles(cluster));
  const [{ server }] = await once(child, 'message');
  return { server, stop: () => child.disconnect() };
}

async function unreadyNodes(admin) {
  const session = new Session(admin);
  const { text } = await session.call('GET', '/api/v1/nodes', {
    headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
  });
  session.close();
  return (text.match(/"NotReady/g) ?? []).length;
}

async function attack({ name }, identities, seconds) {
  const child = fork(here('attacker.mjs'));
  child.send({ name, identities, seconds });
  const [counts] = await once(child, 'message');
  return counts;
}

const p99 = ({ writes }) => writes.p99;

const ratio = (during, before) => p99(during) / Math.max(1, p99(before));

/** Whether the neighbour feels more than an idle machine, and more than the same bytes sent to nobody. */
const isFelt = (during, before, sink) =>
  p99(during) > NOTHING_FELT && ratio(during, before) > MOST_SLOWER && ratio(during, sink) > MOST_SLOWER;

async function measured(one, { identities, sink, neighbour, eventLoop, pid, seconds }) {
  await pause(1000);
  await neighbour.figures();
  await pause(seconds * 500);
  const before = await neighbour.figures();
  await attack(one, askingOf(sink.server, identities), seconds);
  const toNobody = await neighbour.figures();
  await pause(500);
  await neighbour.figures();
  const memoryBefore = megabytes(pid);
  await eventLoop.longestStop();
  const answers = await attack(one, identities, seconds);
  const during = await neighbour.figures();
  const { stop, cpu } = await eventLoop.longestStop();
  const [slower, slowerToNobody] = [ratio(during, before), ratio(toNobody, before)];
  const nodesNotReady = await unreadyNodes(identities.admin);
  const memory = megabytes(pid) - memoryBefore;
  const missed = [
    isFelt(during, before, toNobody) && 'neighbour',
    stop > LONGEST_STOP && 'stop',
    nodesNotReady > 0 && 'nodes',
    during.failed > 0 && 'failures',
  ].filter(Boolean);
  const felt = { before, toNobody, slowerToNobody, during, slower };
  return { attack: one.name, who: one.identity, answers, ...felt, stop, cpu, memory, nodesNotReady, missed };
}

function print(rows) {
  const line = ({
    attack,
    who,
    before,
    toNobody,
    slowerToNobody,
    during,
    slower,
    stop,
    cpu,
    memory,
    nodesNotReady,
    missed,
  }) => ({
    attack,
    by: who,
    'p99 before': before.writes.p99,
    'to nobody': toNobody.writes.p99,
    'its ratio': Number(slowerToNobody.toFixed(1)),
    during: during.writes.p99,
    ratio: Number(slower.toFixed(1)),
    'event p99': during.events.p99,
    'lease p99': during.leases.p99,
    'longest stop': stop,
    'of CPU': cpu,
    'memory MB': memory,
    'Nodes lost': nodesNotReady,
    missed: missed.join(' '),
  });
  console.log('\nmilliseconds of a neighbour, and of the API server that stood still');
  console.table(rows.map(line));
  for (const { attack, answers } of rows) {
    console.log(
      `${attack}: ${Object.entries(answers)
        .map(([what, count]) => `${what} ×${count}`)
        .join(', ')}`,
    );
  }
}

export async function run({ seconds = '10', pods = '5000', nodes = '50', only = '', minutes = '15' }) {
  const cluster = await startCluster({ nodes: Number(nodes), web: false });
  try {
    const identities = await identitiesOf(cluster);
    console.log(`cluster up in ${cluster.seconds.toFixed(1)} s; waiting for ${pods} Pods`);
    const running = await startPods(identities.admin, Number(pods), Number(minutes));
    console.log(`${running} Pods are ready`);
    const sink = await startSink(cluster);
    const pid = cluster.pidOf('kube-apiserver');
    const [neighbour, eventLoop] = [await startNeighbour(identities), await watchEventLoop(pid)];
    const memoryAtStart = megabytes(pid);
    const rows = [];
    for (const one of catalogue.filter(({ name, identity }) => `${identity} ${name}`.includes(only))) {
      rows.push(await measured(one, { identities, sink, neighbour, eventLoop, pid, seconds: Number(seconds) }));
      console.log(`${rows.at(-1).missed.length ? '✗' : '✓'} ${one.name}`);
    }
    const same = cluster.pidOf('kube-apiserver') === pid;
    print(rows);
    const memory = { atStart: memoryAtStart, atEnd: same ? megabytes(pid) : undefined };
    console.log(`API server: ${memory.atStart} MB at the start, ${memory.atEnd ?? 'another process'} at the end`);
    eventLoop.close();
    neighbour.stop();
    sink.stop();
    return {
      pods: running,
      seconds: Number(seconds),
      rows,
      memory,
      failed: !same || rows.some(({ missed }) => missed.length > 0),
    };
  } finally {
    await cluster.dispose();
  }
}
