import type { Deployment } from '@binnacle/apis-kubernetes/apps/v1';
import type { ConfigMap, Namespace, Node, Pod, ServiceAccount } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { LABEL_NODE_AGENT } from '@binnacle/apis-kubernetes/well-known';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { ignoreNotFound } from '@binnacle/machinery-meta';
import { eventually } from '../../eventually.js';

/** How many things are done at a time while clusters are made. */
const AT_ONCE = 4;
const NAMESPACE = 'default';
const TEXT = 'x'.repeat(500);
const SETTLE_SECONDS = 300;
const REST_SECONDS = 600;
const WAKE_SECONDS = 120;
/** `main`, and `root`, whose people the API server itself follows. */
const KEPT_AWAKE = 2;

export const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function each<T>(
  items: readonly T[],
  act: (item: T) => Promise<unknown>,
  atOnce = AT_ONCE,
): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

const configMap = (name: string): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: NAMESPACE },
  data: { text: TEXT },
});

/** The logical clusters of a benchmark. */
export class Labs {
  constructor(
    private readonly ctx: Context,
    private readonly client: KubeClient,
  ) {}

  /** A cluster with so many objects of its own, besides those every cluster has. */
  async make(name: string, objects: number): Promise<void> {
    const body = JSON.stringify({ metadata: { name } });
    const answer = await this.client.raw(this.ctx, 'POST', '/clusters', body);
    if (answer.status !== 201) throw new Error(`${name} was not made: ${answer.body}`);
    const maps = this.client.inCluster(name).resource<ConfigMap>(refs.configmaps);
    const names = Array.from({ length: objects }, (_, at) => `object-${at}`);
    await each(names, (each) => maps.create(this.ctx, configMap(each)));
  }

  /** Gives a cluster a node and a Deployment with so many Pods, and waits until they run. */
  async settle(name: string, replicas: number): Promise<void> {
    const client = this.client.inCluster(name);
    const node: Node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'worker-1', labels: { [LABEL_NODE_AGENT]: 'kubelet-sim' } },
      spec: { providerID: 'simulated://kubelet-sim/worker-1' },
    };
    await client.resource<Node>(refs.nodes).create(this.ctx, node);
    const labels = { app: 'web' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
    const deployment: Deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: NAMESPACE },
      spec: { replicas, selector: { matchLabels: labels }, template },
    };
    await client.resource<Deployment>(refs.deployments).create(this.ctx, deployment);
    const pods = client.resource<Pod>(refs.pods);
    const running = async () =>
      (await pods.list(this.ctx, { namespace: NAMESPACE })).items.filter(({ status }) => status?.phase === 'Running');
    const enough = async () => (await running()).length >= replicas;
    await eventually(`${replicas} Pods run in ${name}`, enough, SETTLE_SECONDS);
  }

  /** Scales the Deployment of each cluster up and down, until it is stopped. */
  keepBusy(
    names: readonly string[],
    everyMilliseconds: number,
  ): { stop(): Promise<void>; readonly writes: () => number } {
    let [stopped, writes] = [false, 0];
    const work = async (name: string) => {
      const deployments = this.client.inCluster(name).resource<Deployment>(refs.deployments);
      for (let replicas = 2; !stopped; replicas = 3 - replicas) {
        await deployments.patch(this.ctx, { name: 'web', namespace: NAMESPACE }, 'merge', { spec: { replicas } });
        writes += 1;
        await pause(everyMilliseconds);
      }
    };
    const working = Promise.all(names.map(work));
    return {
      stop: async () => {
        stopped = true;
        await working;
      },
      writes: () => writes,
    };
  }

  /** Seconds from the change that wakes a cluster to the first thing a controller did about it. */
  async wake(name: string, namespace: string): Promise<number> {
    const client = this.client.inCluster(name);
    const accounts = client.resource<ServiceAccount>(refs.serviceaccounts);
    const begun = performance.now();
    const body: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
    await client.resource<Namespace>(refs.namespaces).create(this.ctx, body);
    const seconds = () => (performance.now() - begun) / 1000;
    while (seconds() < WAKE_SECONDS) {
      if (await ignoreNotFound(accounts.get(this.ctx, { name: 'default', namespace }))) return seconds();
      await pause(10);
    }
    throw new Error(`${name} did not wake within ${WAKE_SECONDS} s`);
  }

  /** What the API server counts of its caches. */
  async cached(): Promise<{ readonly clusters: number; readonly watchers: number }> {
    const { body } = await this.client.raw(this.ctx, 'GET', '/metrics');
    const gauge = (name: string) => Number(new RegExp(`^${name}\\S* (\\S+)$`, 'm').exec(body)?.[1] ?? Number.NaN);
    return { clusters: gauge('binnacle_cache_clusters'), watchers: gauge('binnacle_cache_watchers') };
  }

  /** Waits until no cluster is in anybody's memory but those that are kept awake. */
  async rest(): Promise<number> {
    const begun = performance.now();
    const rested = async () => {
      if ((await this.cached()).clusters <= KEPT_AWAKE) return true;
      // Whoever asks all the time wakes nobody, but costs what is to be measured.
      await pause(2_000);
      return false;
    };
    await eventually('no cluster but main and root is in memory', rested, REST_SECONDS);
    return Math.round((performance.now() - begun) / 1000);
  }
}
