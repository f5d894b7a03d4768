import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type Context, sleep } from '@binnacle/machinery-context';
import type { DataDir } from '../data-dir/layout.js';
import { howToRestore } from '../postgres/database-state.js';
import type { ApiProbe } from './api-probe.js';
import { whyHopeless } from './component-failure.js';
import type { KubeletPods } from './kubelet-pods.js';
import type { KubeletProcess } from './kubelet-process.js';
import { StartError } from '../terminal/start-error.js';

const POLL_MILLISECONDS = 100;
const DEADLINE_MILLISECONDS = 180_000;
/** How often the kubelet is asked how a component fares. */
const LOOK_MILLISECONDS = 500;

interface ConditionLike {
  readonly type: string;
  readonly status: string;
}

const isReady = (object: { status?: { conditions?: readonly ConditionLike[] } }): boolean =>
  object.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;

export interface StartingCluster {
  readonly dir: DataDir;
  readonly api: ApiProbe;
  readonly kubelet: KubeletProcess;
  readonly pods: KubeletPods;
  /** Names of what is started, in the order in which they depend on each other. */
  readonly components: readonly string[];
}

/** Waits for the parts of a starting cluster, one after another, and gives up as soon as one cannot come up. */
export class Readiness {
  private readonly begun: number;
  private nextLook: number;

  constructor(
    private readonly ctx: Context,
    private readonly cluster: StartingCluster,
  ) {
    // The kubelet tells times in whole seconds.
    this.begun = Math.floor(ctx.clock.now() / 1000) * 1000;
    this.nextLook = ctx.clock.now() + LOOK_MILLISECONDS;
  }

  database(socket: string): Promise<void> {
    return this.until('postgres', async () => existsSync(join(socket, '.s.PGSQL.5432')));
  }

  apiServer(): Promise<void> {
    return this.until('kube-apiserver', async () => (await this.cluster.api.get('/readyz'))?.status === 200);
  }

  nodes(names: readonly string[]): Promise<void> {
    return this.until('kubelet-sim', async () => {
      const nodes = await this.cluster.api.list<Node>('/api/v1/nodes');
      const ready = new Set(nodes?.filter(isReady).map((node) => node.metadata.name));
      return names.every((name) => ready.has(name));
    });
  }

  controlPlane(components: readonly string[], nodeName: string): Promise<void> {
    return this.until('kube-system', async () => {
      const pods = await this.cluster.api.list<Pod>('/api/v1/namespaces/kube-system/pods');
      const ready = new Set(pods?.filter(isReady).map((pod) => pod.metadata.name));
      return components.every((name) => ready.has(`${name}-${nodeName}`));
    });
  }

  dashboard(port: number): Promise<void> {
    return this.until('web', () => answersHttp(port));
  }

  private async until(component: string, isUp: () => Promise<boolean>): Promise<void> {
    const deadline = this.ctx.clock.now() + DEADLINE_MILLISECONDS;
    while (!(await isUp())) {
      this.ctx.signal.throwIfAborted();
      await this.failIfHopeless();
      if (this.ctx.clock.now() > deadline) throw this.late(component);
      await sleep(this.ctx, POLL_MILLISECONDS);
    }
  }

  private async failIfHopeless(): Promise<void> {
    const { kubelet, components } = this.cluster;
    if (kubelet.hasExited) throw new StartError(`the kubelet ended: ${kubelet.lastWords()}`);
    if (this.ctx.clock.now() < this.nextLook) return;
    this.nextLook = this.ctx.clock.now() + LOOK_MILLISECONDS;
    for (const name of components) {
      const why = await this.whyHopeless(name);
      if (why) throw new StartError(why);
    }
  }

  private async whyHopeless(name: string): Promise<string | undefined> {
    const { dir, pods } = this.cluster;
    const facts = await pods.factsOf(name);
    return whyHopeless(
      { name, facts, log: lastLog(join(dir.logs, 'pods'), name), since: this.begun },
      howToRestore(dir),
    );
  }

  private late(component: string): StartError {
    const log = lastLog(join(this.cluster.dir.logs, 'pods'), component);
    return new StartError(
      `${component} is not ready after ${DEADLINE_MILLISECONDS / 1000} s; its log ends:\n${log.slice(-2000)}`,
    );
  }
}

/** The newest log of a static Pod's container, empty while there is none. */
function lastLog(logs: string, component: string): string {
  if (!existsSync(logs)) return '';
  const pod = readdirSync(logs).find((name) => name.startsWith(`kube-system_${component}`));
  if (!pod) return '';
  const directory = join(logs, pod, component);
  if (!existsSync(directory)) return '';
  const attempts = readdirSync(directory).sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  const newest = attempts.at(-1);
  return newest ? readFileSync(join(directory, newest), 'utf8').trimEnd() : '';
}

function answersHttp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const outgoing = get({ host: '127.0.0.1', port, path: '/healthz/web', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    outgoing.on('error', () => resolve(false));
  });
}
