import { existsSync, readFileSync } from 'node:fs';
import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { ConfigError } from '@binnacle/process-config';
import { parseYaml } from '@binnacle/machinery-yaml';
import { requireOwnDataDir } from '../data-dir/inspect.js';
import { type DataDir, layout } from '../data-dir/layout.js';
import { kubeletPid, leftBehind, runningPid } from '../data-dir/pid-file.js';
import { ApiProbe } from '../up/api-probe.js';

interface ReadableKubeconfig {
  readonly clusters: ReadonlyArray<{ readonly cluster: { readonly server: string } }>;
}

function apiServerPort(dir: DataDir): number {
  const config = parseYaml(readFileSync(dir.adminKubeconfig, 'utf8')).value as ReadableKubeconfig;
  return Number(new URL(config.clusters[0]?.cluster.server ?? 'https://127.0.0.1:6443').port);
}

/** Others may have Pods beside them. */
const COMPONENTS = '/api/v1/namespaces/kube-system/pods?labelSelector=tier%3Dcontrol-plane';

const readyOf = (object: Node | Pod): string =>
  object.status?.conditions?.find((condition) => condition.type === 'Ready')?.status === 'True' ? 'ready' : 'not ready';

function rows(title: string, objects: ReadonlyArray<Node | Pod> | undefined): string {
  const lines = objects?.map((object) => `  ${(object.metadata.name ?? '').padEnd(44)} ${readyOf(object)}`) ?? [
    '  unknown',
  ];
  return `${title}\n${lines.join('\n')}\n`;
}

/** What keeps the cluster up, and what to do where that is gone; undefined where nothing runs. */
function runner(dir: DataDir): string | undefined {
  const pid = runningPid(dir);
  if (pid !== undefined) return `pid ${pid}`;
  const kubelet = kubeletPid(dir);
  if (kubelet === undefined) return undefined;
  return `kubelet pid ${kubelet}; its "binnacle up" was killed: start it again, or stop the rest with "binnacle down"`;
}

function whyNot(dir: DataDir): string {
  return leftBehind(dir) === 'processes'
    ? `nobody looks after what runs on ${dir.root}, because "binnacle up" was killed; start it again, or stop everything with "binnacle down"`
    : `Binnacle does not run on ${dir.root}; start it with "binnacle up"`;
}

/** Prints whether the cluster runs and how its Nodes and components are. Throws where it does not run. */
export async function status(root: string): Promise<void> {
  const dir = requireOwnDataDir(layout(root));
  const by = runner(dir);
  if (by === undefined || !existsSync(dir.adminKubeconfig)) throw new ConfigError(whyNot(dir));
  const port = apiServerPort(dir);
  const api = new ApiProbe(dir, port);
  const ready = (await api.get('/readyz'))?.status === 200;
  process.stdout.write(
    `Binnacle runs on ${root} (${by})\nAPI server https://127.0.0.1:${port} ${ready ? 'ready' : 'not ready'}\n`,
  );
  process.stdout.write(rows('Nodes', await api.list<Node>('/api/v1/nodes')));
  process.stdout.write(rows('Components', await api.list<Pod>(COMPONENTS)));
}
