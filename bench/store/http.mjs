// The whole path of a request: TLS, HTTP/2, authentication, authorization, admission, validation, the store, and back.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import http2 from 'node:http2';
import { join } from 'node:path';
import { round, summary, table } from './setup.mjs';

export const CLIENTS = 64;
const TICKS = 100;
/** As `binnacle up` starts the API server. */
export const SERVER_FLAGS = ['--max-semi-space-size=32'];
export const WARM_UP_SECONDS = 8;
const PODS = '/api/v1/namespaces/default/pods';

/** A Pod as kubectl sends it, about 2 KiB. */
export function podManifest() {
  const env = Array.from({ length: 20 }, (_, i) => ({
    name: `SETTING_${i}`,
    value: `the value of setting number ${i}, of some length`,
  }));
  const container = {
    name: 'app',
    image: 'nginx:1.27',
    ports: [{ containerPort: 80 }],
    env,
    resources: { requests: { cpu: '10m', memory: '16Mi' } },
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'NAME', labels: { app: 'web', tier: 'front' } },
    spec: { containers: [container] },
  };
}

const [BEFORE_NAME, AFTER_NAME] = JSON.stringify(podManifest()).split('NAME');

/** The same Pod as somebody applies it again with another label. */
const applied = (name, turn) => `${BEFORE_NAME}${name}${AFTER_NAME}`.replace('"tier":"front"', `"turn":"t${turn}"`);

export class Client {
  /** `window` is how many bytes may be under way to it; the protocol's 64 KiB where it is not said. */
  static async connect(admin, window) {
    const client = new Client(admin, window);
    await client.#open();
    return client;
  }

  #admin;
  #window;

  constructor(admin, window) {
    this.#admin = admin;
    this.#window = window;
  }

  async #open() {
    const { server, ca, cert, key } = this.#admin;
    const settings = this.#window && { initialWindowSize: this.#window };
    this.session = http2.connect(server, { ca, cert, key, settings });
    await once(this.session, 'connect');
    this.session.on('error', () => undefined);
    if (this.#window) this.session.setLocalWindowSize(this.#window);
  }

  /** A server ends connections that have been silent for minutes, while others are measured. */
  async connected() {
    if (this.session.closed || this.session.destroyed) await this.#open();
  }

  call(method, path, body, type = 'application/json', accept = 'application/json') {
    return new Promise((resolve, reject) => {
      const headers = {
        ':method': method,
        ':path': path,
        accept,
        ...(body && { 'content-type': type }),
      };
      const stream = this.session.request(headers);
      const chunks = [];
      let status = 0;
      stream.on('response', (answer) => (status = answer[':status']));
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('error', reject);
      stream.on('end', () => resolve({ status, text: () => Buffer.concat(chunks).toString() }));
      stream.end(body);
    });
  }
}

/** Each is called by one client again and again; `state` is what the last call returned. */
export const OPERATIONS = {
  create: async (client, number, turn) =>
    expectStatus(201, await client.call('POST', PODS, `${BEFORE_NAME}c${number}-${turn}${AFTER_NAME}`)),
  update: async (client, number, turn, state) => {
    const object = state ?? JSON.parse((await client.call('GET', `${PODS}/c${number}-0`)).text());
    object.metadata.labels.turn = String(turn);
    return JSON.parse(
      expectStatus(200, await client.call('PUT', `${PODS}/c${number}-0`, JSON.stringify(object))).text(),
    );
  },
  'strategic patch': async (client, number, turn) =>
    expectStatus(
      200,
      await client.call(
        'PATCH',
        `${PODS}/c${number}-1`,
        `{"metadata":{"labels":{"turn":"${turn}"}}}`,
        'application/strategic-merge-patch+json',
      ),
    ),
  /** As the kubelet does. */
  status: async (client, number, turn) =>
    expectStatus(
      200,
      await client.call(
        'PATCH',
        `${PODS}/c${number}-1/status`,
        `{"status":{"conditions":[{"type":"Ready","status":"${turn % 2 ? 'True' : 'False'}","message":"${turn}"}]}}`,
        'application/strategic-merge-patch+json',
      ),
    ),
  apply: async (client, number, turn) =>
    expectStatus(
      200,
      await client.call(
        'PATCH',
        `${PODS}/c${number}-0?fieldManager=bench&force=true`,
        applied(`c${number}-0`, turn),
        'application/apply-patch+yaml',
      ),
    ),
  get: async (client, number) => expectStatus(200, await client.call('GET', `${PODS}/c${number}-0`)),
};

export function expectStatus(status, answer) {
  if (answer.status !== status) throw new Error(`answered ${answer.status}: ${answer.text().slice(0, 300)}`);
  return answer;
}

/** CPU of a process and all it has started, in milliseconds. */
export function cpuOfTree(root) {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(statOf);
  const total = (pid) =>
    stats.filter((stat) => stat.parent === pid).reduce((sum, stat) => sum + total(stat.pid), ticksOf(stats, pid));
  return (total(root) * 1_000) / TICKS;
}

const ticksOf = (stats, pid) => stats.find((stat) => stat.pid === pid)?.ticks ?? 0;

function statOf(name) {
  try {
    const text = readFileSync(`/proc/${name}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return [{ pid: Number(name), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }];
  } catch {
    return [];
  }
}

export async function measure(child, clients, seconds, operation) {
  const before = { server: await cpuOf(child), tree: cpuOfTree(child.pid), own: process.cpuUsage() };
  const latencies = [];
  const started = performance.now();
  const end = started + seconds * 1_000;
  await Promise.all(
    clients.map(async (client, number) => {
      let state;
      for (let turn = 0; performance.now() < end; turn += 1) {
        const at = performance.now();
        state = await operation(client, number, turn, state);
        latencies.push(performance.now() - at);
      }
    }),
  );
  const elapsed = (performance.now() - started) / 1_000;
  const server = (await cpuOf(child)) - before.server;
  const own = process.cpuUsage(before.own);
  const each = (milliseconds) => Math.round((milliseconds * 1_000) / latencies.length);
  return {
    perSecond: Math.round(latencies.length / elapsed),
    ...summary(latencies),
    serverMicros: each(server),
    postgresMicros: each(cpuOfTree(child.pid) - before.tree - server),
    clientMicros: each((own.user + own.system) / 1_000),
  };
}

async function ask(child, question) {
  child.send({ question });
  const [answer] = await once(child, 'message');
  return answer;
}

/** CPU of the API server's process, in milliseconds. */
async function cpuOf(child) {
  const { cpu } = await ask(child, 'cost');
  return (cpu.user + cpu.system) / 1_000;
}

/** Where the API server's CPU goes, in a run of its own: the profiler costs something too. */
async function sharesOf(child, clients, seconds, operation) {
  await ask(child, 'profile');
  await measure(child, clients, seconds, operation);
  const { shares } = await ask(child, 'shares');
  return shares;
}

export async function httpPath({ seconds, operations }) {
  const child = fork(join(import.meta.dirname, 'http-server.mjs'), {
    execArgv: SERVER_FLAGS,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    const [{ admin }] = await once(child, 'message');
    const clients = await Promise.all(Array.from({ length: CLIENTS }, () => Client.connect(admin)));
    const results = {};
    // The first seconds of a process are spent compiling.
    const warm = (client, number, turn) => OPERATIONS.create(client, `warm${number}`, turn);
    await measure(child, clients, WARM_UP_SECONDS, warm);
    for (const name of operations ?? Object.keys(OPERATIONS))
      results[name] = await measure(child, clients, seconds, OPERATIONS[name]);
    const where = await sharesOf(child, clients, seconds, (client, number, turn) =>
      OPERATIONS.create(client, `profiled${number}`, turn),
    );
    for (const { session } of clients) session.destroy();
    const rows = Object.entries(results).map(([name, r]) => [
      name,
      {
        'a second': r.perSecond,
        'p50 / p99 ms': `${r.p50} / ${r.p99}`,
        'API server µs': r.serverMicros,
        'Postgres µs': r.postgresMicros,
        'client µs': r.clientMicros,
      },
    ]);
    table(
      `the whole HTTP path, ${CLIENTS} clients over TLS and h2, CPU a request by process`,
      Object.fromEntries(rows),
    );
    table(
      "where the API server's CPU goes while it creates",
      Object.fromEntries(Object.entries(where).map(([part, share]) => [part, { '%': share }])),
    );
    return { ...results, where };
  } finally {
    child.disconnect();
    await once(child, 'exit');
  }
}
