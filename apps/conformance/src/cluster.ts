import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');
const binnacle = join(root, 'apps', 'cli', 'bin', 'binnacle.js');
const START_MILLISECONDS = 180_000;

/** A whole cluster as `binnacle up` makes it, in a temporary data directory and on ports and networks of its own. */
export interface Cluster {
  readonly webUrl: string;
  readonly apiUrl: string;
  readonly user: string;
  readonly password: string;
  readonly kubeconfig: string;
  readonly dataDir: string;
  /** Of `binnacle up` itself. */
  readonly pid: number;
  /** Seconds from the command to ready. */
  readonly seconds: number;
  /** Runs a `binnacle` command on the same data directory. */
  binnacle(...args: string[]): { status: number | null; stdout: string; stderr: string };
  /** Kills a component's process with SIGKILL; the kubelet starts it again. Answers the process id it had. */
  kill(component: string): number;
  /** The process id of a component now, undefined while it is down. */
  pidOf(component: string): number | undefined;
  /** Ctrl-C, and waits for the end. Keeps the data directory. */
  stop(): Promise<void>;
  /** The terminal is closed: nobody reads what is printed any more, and SIGHUP comes. Answers the exit code. */
  hangUp(): Promise<number | null>;
  /** `binnacle up` once more on what is in the data directory. */
  restart(): Promise<Cluster>;
  /** Stops and removes the data directory. */
  dispose(): Promise<void>;
}

export interface ClusterOptions {
  readonly nodes?: number;
  readonly web?: boolean;
  readonly dataDir?: string;
  /** Tells clusters that run at the same time apart: 1 to 50. */
  readonly slot?: number;
  /** Ranges of load balancers; one of the slot's own unless it is said. False: no cloud controller manager. */
  readonly loadBalancers?: readonly string[] | false;
  readonly password?: string;
}

const cloudFlags = (loadBalancers: readonly string[] | false): string[] =>
  loadBalancers ? loadBalancers.map((range) => `--load-balancer-cidr=${range}`) : ['--no-cloud-controller-manager'];

function flagsOf(options: ClusterOptions, dataDir: string): string[] {
  const slot = options.slot ?? 1;
  return [
    'up',
    `--data-dir=${dataDir}`,
    `--port-offset=${slot * 100 + 10_000}`,
    `--nodes=${options.nodes ?? 3}`,
    `--pod-cidr=10.${100 + slot}.0.0/16`,
    `--service-cidr=10.${150 + slot}.0.0/16`,
    `--node-address-prefix=127.${200 + slot}.0`,
    ...cloudFlags(options.loadBalancers ?? [`127.97.${slot}.0/24`]),
    ...(options.web === false ? ['--no-web'] : []),
  ];
}

/** The words after a label in what `binnacle up` prints. */
const printed = (output: string, label: string): string =>
  new RegExp(`^ +${label} +(\\S+)`, 'm').exec(output)?.[1] ?? '';

async function untilUp(child: ChildProcess): Promise<string> {
  let output = '';
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  const up = new Promise<string>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk;
      if (output.includes('stops it; the next start')) resolve(output);
    });
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`binnacle up ended with ${code}:\n${output}${errors}`);
  });
  const late = AbortSignal.timeout(START_MILLISECONDS);
  const tooLate = once(late, 'abort').then(() => {
    throw new Error(`binnacle up is not ready after ${START_MILLISECONDS / 1000} s:\n${output}${errors}`);
  });
  return Promise.race([up, ended, tooLate]);
}

/** Every process whose command line names the data directory, with that command line. */
function processesOf(dataDir: string): Array<{ pid: number; command: string }> {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return command.includes(dataDir) ? [{ pid: Number(name), command }] : [];
      } catch {
        return [];
      }
    });
}

const MARKS: Record<string, string> = {
  'kube-apiserver': 'api-server/dist/main.js',
  'kube-scheduler': 'scheduler/dist/main.js',
  'kube-controller-manager': '/controller-manager/dist/main.js',
  'cloud-controller-manager': 'cloud-controller-manager/dist/main.js',
  'kube-proxy': 'kube-proxy/dist/main.js',
  'kube-dns': 'dns/dist/main.js',
  'ingress-controller': 'ingress-controller/dist/main.js',
  'kubelet-sim': '--runtime=sim',
  web: 'web/dist/server/main.js',
  postgres: 'bin/postgres -D',
};

/** Starts a cluster and waits until it says it is up. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'bn-e2e-'));
  const begun = performance.now();
  // Its own process group, so that a Ctrl-C of the test run does not reach it twice.
  const child = spawn(process.execPath, [binnacle, ...flagsOf(options, dataDir)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output = await untilUp(child);
  const seconds = (performance.now() - begun) / 1000;
  const password = printed(output, 'Password');
  const pidOf = (component: string) =>
    processesOf(dataDir).find(({ command }) => command.includes(MARKS[component] ?? component))?.pid;
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGINT');
    await exited;
  };
  return {
    webUrl: printed(output, 'Dashboard'),
    apiUrl: printed(output, 'API server'),
    user: printed(output, 'User'),
    password: password.startsWith('(') ? (options.password ?? '') : password,
    kubeconfig: printed(output, 'Kubeconfig'),
    dataDir,
    pid: child.pid ?? 0,
    seconds,
    pidOf,
    stop,
    binnacle(...args) {
      const result = spawnSync(process.execPath, [binnacle, ...args, `--data-dir=${dataDir}`], {
        cwd: root,
        encoding: 'utf8',
      });
      return { status: result.status, stdout: result.stdout, stderr: result.stderr };
    },
    kill(component) {
      const pid = pidOf(component);
      if (pid === undefined) throw new Error(`${component} does not run`);
      process.kill(pid, 'SIGKILL');
      return pid;
    },
    async hangUp() {
      const exited = once(child, 'exit') as Promise<[number | null]>;
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.kill('SIGHUP');
      return (await exited)[0];
    },
    restart: () => startCluster({ ...options, dataDir, password }),
    async dispose() {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
