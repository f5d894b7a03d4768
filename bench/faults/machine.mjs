// One installation that `binnacle up` runs, as its operator and its clients see it.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, '../../apps/cli/bin/binnacle.js');
const MAPS = '/api/v1/namespaces/default/configmaps';
/** Apart from those of an installation somebody runs meanwhile. */
const NETWORKS = [
  '--pod-cidr',
  '10.118.0.0/16',
  '--service-cidr',
  '10.119.0.0/16',
  '--node-address-prefix',
  '127.0.118',
];
export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function until(condition, seconds, every = 100) {
  const deadline = performance.now() + seconds * 1_000;
  for (;;) {
    const answer = await condition();
    if (answer || performance.now() > deadline) return answer;
    await pause(every);
  }
}

export class Machine {
  constructor(root, { offset = 0 } = {}) {
    Object.assign(this, { root, offset, output: '' });
  }

  /** Starts it. Answers `{ up, seconds, words }`: not up where it ended by itself, or did not come in time. */
  async start(seconds = 120) {
    const args = [
      'up',
      '--data-dir',
      this.root,
      '--no-web',
      '--nodes',
      '1',
      '--port-offset',
      String(this.offset),
      ...NETWORKS,
    ];
    const begun = performance.now();
    this.output = '';
    this.child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on('data', (chunk) => (this.output += chunk));
    const up = await until(() => this.isOver || /Kubeconfig/.test(this.output), seconds);
    return { up: Boolean(up) && !this.isOver, seconds: (performance.now() - begun) / 1_000, words: this.words() };
  }

  get isOver() {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** What it said last, without its progress. */
  words() {
    return this.output
      .split('\n')
      .filter((line) => line.trim() && !/^(Starting|  [✓✗])/.test(line))
      .join('\n');
  }

  async stop() {
    if (!this.child) return;
    if (!this.isOver) this.child.kill('SIGINT');
    const late = setTimeout(() => this.child.kill('SIGKILL'), 60_000);
    await this.ended;
    clearTimeout(late);
    this.agent?.destroy();
    this.agent = undefined;
  }

  /** Ends `up` and its kubelet at once; what they started goes on. */
  async killSupervisors() {
    const pid = pidIn(join(this.root, 'run/kubelet.pid'));
    this.child.kill('SIGKILL');
    await this.ended;
    if (pid) process.kill(pid, 'SIGKILL');
  }

  /** Ends everything it runs at once, as a machine that loses power does. */
  async loseEverything() {
    const pids = [...this.postgres(), ...processesNaming(this.root)];
    for (const pid of pids) killIfAlive(pid);
    await this.ended;
    await until(() => processesNaming(this.root).length === 0, 20);
    this.agent?.destroy();
    this.agent = undefined;
  }

  /** The processes of its Postgres. */
  postgres() {
    const main = Number(readFileSync(join(this.root, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);
    return [main, ...childrenOf(main)];
  }

  /** `{ status, text }`; status 0 where there was no answer within the seconds. */
  call(method, path, body, seconds = 30) {
    this.agent ??= this.connect();
    return new Promise((resolve) => {
      const options = { host: '127.0.0.1', port: 6443 + this.offset, method, path, agent: this.agent };
      const headers = body ? { 'content-type': 'application/json' } : {};
      const outgoing = request({ ...options, headers, signal: AbortSignal.timeout(seconds * 1_000) }, (incoming) => {
        let text = '';
        incoming.on('data', (chunk) => (text += chunk));
        incoming.on('end', () => resolve({ status: incoming.statusCode, text }));
        incoming.on('error', () => resolve({ status: 0, text }));
      });
      outgoing.on('error', (error) => resolve({ status: 0, text: String(error.message) }));
      outgoing.end(body && JSON.stringify(body));
    });
  }

  connect() {
    const config = readFileSync(join(this.root, 'kubeconfig/admin.conf'), 'utf8');
    const data = (name) =>
      Buffer.from(new RegExp(`${name}: *["']?([A-Za-z0-9+/=]+)`).exec(config)?.[1] ?? '', 'base64');
    return new Agent({
      keepAlive: true,
      ca: data('certificate-authority-data'),
      cert: data('client-certificate-data'),
      key: data('client-key-data'),
      checkServerIdentity: () => undefined,
    });
  }

  /** Resolves with whether it became ready. */
  ready(seconds) {
    return until(async () => (await this.call('GET', '/readyz', undefined, 6)).status === 200, seconds, 250);
  }

  write(name, value) {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value } };
    return this.call('POST', MAPS, object);
  }

  /** All that is stored, from name to value. */
  async stored() {
    const { status, text } = await this.call('GET', MAPS);
    if (status !== 200) throw new Error(`the objects cannot be listed: ${status} ${text.slice(0, 200)}`);
    return new Map(JSON.parse(text).items.map(({ metadata, data }) => [metadata.name, data?.value]));
  }
}

function pidIn(path) {
  try {
    return Number(/\d+/.exec(readFileSync(path, 'utf8'))?.[0]);
  } catch {
    return undefined;
  }
}

function killIfAlive(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function processesNaming(root) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8')
          .split('\0')
          .some((word) => word === root || word.includes(`${root}/`));
      } catch {
        return false;
      }
    })
    .map(Number);
}

function childrenOf(parent) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Every file below a directory, as paths relative to it. */
export function filesBelow(root, below = '') {
  return readdirSync(join(root, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below ? `${below}/${entry.name}` : entry.name;
    return entry.isDirectory() ? filesBelow(root, path) : [path];
  });
}
