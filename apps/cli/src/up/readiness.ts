import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type Context, sleep } from '@binnacle/machinery-context';
import type { DataDir } from '../data-dir/layout.js';
import type { ApiProbe } from './api-probe.js';
import type { KubeletProcess } from './kubelet-process.js';
import { StartError } from './start-error.js';

const POLL_MILLISECONDS = 100;
const DEADLINE_MILLISECONDS = 180_000;
/** How the API server's log marks what will not get better by itself, such as a database of a newer schema. */
const FATAL_MARK = '"fatal":true';

interface ConditionLike {
  readonly type: string;
  readonly status: string;
}

const isReady = (object: { status?: { conditions?: readonly ConditionLike[] } }): boolean =>
  object.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;

/** Waits for the parts of a starting cluster, one after another. */
export class Readiness {
  constructor(
    private readonly ctx: Context,
    private readonly dir: DataDir,
    private readonly api: ApiProbe,
    private readonly kubelet: KubeletProcess,
  ) {}

  database(socket: string): Promise<void> {
    return this.until('postgres', async () => existsSync(join(socket, '.s.PGSQL.5432')));
  }

  apiServer(): Promise<void> {
    return this.until('kube-apiserver', async () => (await this.api.get('/readyz'))?.status === 200);
  }

  nodes(names: readonly string[]): Promise<void> {
    return this.until('kubelet-sim', async () => {
      const nodes = await this.api.list<Node>('/api/v1/nodes');
      const ready = new Set(nodes?.filter(isReady).map((node) => node.metadata.name));
      return names.every((name) => ready.has(name));
    });
  }

  controlPlane(components: readonly string[], nodeName: string): Promise<void> {
    return this.until('kube-system', async () => {
      const pods = await this.api.list<Pod>('/api/v1/namespaces/kube-system/pods');
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
      this.failIfHopeless(component, this.ctx.clock.now() > deadline);
      await sleep(this.ctx, POLL_MILLISECONDS);
    }
  }

  private failIfHopeless(component: string, late: boolean): void {
    if (this.kubelet.hasExited) throw new StartError(`the kubelet ended: ${this.kubelet.lastWords()}`);
    const log = lastLog(join(this.dir.logs, 'pods'), component);
    const fatal = log.split('\n').find((line) => line.includes(FATAL_MARK));
    if (fatal) throw new StartError(messageOf(fatal));
    if (late)
      throw new StartError(
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

/** The sentence in a line of a component's structured log. */
function messageOf(line: string): string {
  const json = line.slice(line.indexOf('{'));
  try {
    return (JSON.parse(json) as { msg: string }).msg;
  } catch {
    return line;
  }
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
