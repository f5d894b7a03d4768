import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientConfig } from '@binnacle/client-rest';
import { kubeconfigOf } from '@binnacle/testing-cluster';
import { freePort } from '../../peers/free-port.js';
import { Program } from '../../peers/program.js';
import {
  startPeerControllerManager,
  startPeerProxy,
  startPeerScheduler,
  type WorkerPlace,
} from '../../peers/workers.js';
import type { BenchServer } from './server.js';

export type WorkerName = 'kube-scheduler' | 'kube-controller-manager' | 'kube-proxy';

/** Who works: the program of this checkout, also without something that is to be weighed, or upstream's at a path. */
export interface Side {
  readonly name: 'ours' | 'theirs' | 'plain';
  readonly path?: string;
  /** Flags that ours is given besides. */
  readonly flags?: readonly string[];
  /** A folder for processor profiles of ours. */
  readonly profiles?: string;
}

const APPS = join(import.meta.dirname, '..', '..', '..', '..');
const FOLDERS: Readonly<Record<WorkerName, string>> = {
  'kube-scheduler': 'scheduler',
  'kube-controller-manager': 'controller-manager',
  'kube-proxy': 'kube-proxy',
};
/** The node that upstream's proxy is of, and where Pods are. */
export const PEER_NODE = 'node-0';
const PEER_PODS = '10.128.0.0/16';
const NETWORKS = { clusterCidr: '10.244.0.0/16', serviceCidr: '10.96.0.0/16' };

const write = (folder: string, name: string, text: string): string => {
  writeFileSync(join(folder, name), text, { mode: 0o600 });
  return join(folder, name);
};

const inCluster = (config: ClientConfig, cluster: string): ClientConfig => ({
  ...config,
  server: `${config.server}/clusters/${cluster}`,
});

const profiling = (folder: string): readonly string[] => ['--cpu-prof', `--cpu-prof-dir=${folder}`];

/** Ours serves all logical clusters. */
function ourProgram(name: WorkerName, { kubeconfig, port }: WorkerPlace, tokenKey: string, side: Side): Program {
  const main = join(APPS, FOLDERS[name], 'dist', 'main.js');
  const flags = [`--kubeconfig=${kubeconfig}`, '--no-leader-elect', `--health-port=${port}`];
  const keys = name === 'kube-controller-manager' ? [`--service-account-private-key-file=${tokenKey}`] : [];
  const node = ['--max-semi-space-size=16', ...(side.profiles ? profiling(side.profiles) : [])];
  return new Program(process.execPath, [...node, main, ...flags, ...keys, ...(side.flags ?? [])]);
}

function peerProgram(name: WorkerName, path: string, place: WorkerPlace, tokenKey: string, ca: string): Program {
  if (name === 'kube-scheduler') return startPeerScheduler(path, place);
  if (name === 'kube-proxy') return startPeerProxy(path, PEER_NODE, PEER_PODS, place);
  return startPeerControllerManager(path, { ...NETWORKS, ca, tokenKey }, place);
}

/** A worker at its work in one logical cluster. */
export interface RunningWorker {
  readonly pid: number;
  /** Where it tells of its health and work. */
  readonly port: number;
  /** Throws where it has ended. */
  check(): void;
  end(): Promise<void>;
}

export async function startWorker(
  server: BenchServer,
  cluster: string,
  name: WorkerName,
  side: Side,
): Promise<RunningWorker> {
  const { path } = side;
  const folder = mkdtempSync(join(tmpdir(), 'bn-worker-'));
  const config = server.workers[name];
  if (!config) throw new Error(`the server knows no ${name}`);
  const text = kubeconfigOf(path ? inCluster(config, cluster) : config);
  const place = { kubeconfig: write(folder, 'kubeconfig', text), folder, port: await freePort() };
  const tokenKey = write(folder, 'sa.key', server.tokenKey);
  const ca = write(folder, 'ca.crt', config.ca ?? '');
  const program = path ? peerProgram(name, path, place, tokenKey, ca) : ourProgram(name, place, tokenKey, side);
  return {
    pid: program.pid ?? 0,
    port: place.port,
    check: () => program.check(),
    end: async () => {
      await program.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
