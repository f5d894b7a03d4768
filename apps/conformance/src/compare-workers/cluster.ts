import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadKubeconfigFile } from '@binnacle/client-rest';
import { RawApi } from '@binnacle/testing-cluster';
import { type Cluster, startCluster } from '../cluster.js';
import { eventually } from '../eventually.js';
import { freePort } from '../peers/free-port.js';
import type { Program } from '../peers/program.js';
import { startPeerControllerManager, startPeerScheduler } from '../peers/workers.js';
import { OTHER_NODE, POOL } from './scenario.js';

/** A cluster of ours in which somebody works. */
export interface WorkedCluster {
  readonly raw: RawApi;
  close(): Promise<void>;
}

export interface PeerPaths {
  readonly scheduler: string;
  readonly controllerManager: string;
}

const SLOT = 7;
const NODES = 4;
const REPLACED = ['kube-controller-manager', 'kube-scheduler'];
const STRATEGIC = { 'content-type': 'application/strategic-merge-patch+json' };

const priority = (name: string, more: object) => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name },
  value: 1_000,
  ...more,
});

async function send(raw: RawApi, method: string, path: string, body: object): Promise<void> {
  const patches = method === 'PATCH' && { headers: STRATEGIC };
  const { status, text } = await raw.call(path, { method, ...patches, body: JSON.stringify(body) });
  if (status >= 300) throw new Error(`${method} ${path} was answered ${status}: ${text}`);
}

/** What scenarios find. */
async function prepare(raw: RawApi): Promise<void> {
  for (let node = 1; node <= NODES; node += 1) {
    const name = `worker-${node}`;
    if (name !== OTHER_NODE) await send(raw, 'PATCH', `/api/v1/nodes/${name}`, { metadata: { labels: POOL } });
  }
  const classes = '/apis/scheduling.k8s.io/v1/priorityclasses';
  await send(raw, 'POST', classes, priority('compare-high', {}));
  await send(raw, 'POST', classes, priority('compare-polite', { preemptionPolicy: 'Never' }));
}

/** As somebody would who moves a control plane's manifests away: its kubelet ends what they were of. */
async function endOurs(cluster: Cluster): Promise<void> {
  for (const name of REPLACED) rmSync(join(cluster.dataDir, 'manifests', `${name}.yaml`));
  await eventually('ours have ended', () => REPLACED.every((name) => cluster.pidOf(name) === undefined));
}

async function startTheirs(cluster: Cluster, paths: PeerPaths, hear: (text: string) => void): Promise<Program[]> {
  const folder = join(cluster.dataDir, 'peers');
  const place = async (name: string) => {
    const kubeconfig = join(cluster.dataDir, 'kubeconfig', `${name}.conf`);
    return { kubeconfig, folder, port: await freePort(), hear };
  };
  const pki = (name: string) => join(cluster.dataDir, 'pki', name);
  const networks = { clusterCidr: `10.${100 + SLOT}.0.0/16`, serviceCidr: `10.${150 + SLOT}.0.0/16` };
  const facts = { ...networks, ca: pki('ca.crt'), caKey: pki('ca.key'), tokenKey: pki('sa.key') };
  return [
    startPeerControllerManager(paths.controllerManager, facts, await place('kube-controller-manager')),
    startPeerScheduler(paths.scheduler, await place('kube-scheduler')),
  ];
}

/** Starts a cluster in which ours work, or where paths are given upstream's; `hear` is told what these say. */
export async function startWorked(paths: PeerPaths | undefined, hear: (text: string) => void): Promise<WorkedCluster> {
  const cluster = await startCluster({ slot: SLOT, nodes: NODES, web: false });
  const programs: Program[] = [];
  const close = async () => {
    for (const program of programs) await program.end();
    await cluster.dispose();
  };
  try {
    if (paths) {
      await endOurs(cluster);
      programs.push(...(await startTheirs(cluster, paths, hear)));
    }
    const raw = new RawApi(loadKubeconfigFile(cluster.kubeconfig));
    await prepare(raw);
    return {
      raw,
      close: async () => {
        raw.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
