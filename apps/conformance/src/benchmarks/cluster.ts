import { AppsV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { type Cluster, startCluster } from '../cluster.js';
import { eventually } from '../eventually.js';
import { processTree, usageOf } from '../processes.js';
import { median } from './turns/cost.js';

/** Start, rest, and the first second of a Pod: what a new user feels. */
const REST_SECONDS = 30;
const PODS = 15;
const REPLICAS = 500;
const NODES = 5;

export interface Row {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  readonly target: string;
}

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const megabytes = (bytes: number) => Math.round(bytes / 1024 ** 2);

/** The program a process runs, for a table a person reads. */
function componentOf(command: string): string {
  if (command.startsWith('postgres') || command.includes('bin/postgres')) return 'postgres';
  if (command.includes('--runtime=sim')) return 'kubelet-sim';
  return /apps\/([a-z-]+)\//.exec(command)?.[1] ?? command.slice(0, 40);
}

async function atRest(cluster: Cluster): Promise<Row[]> {
  await pause(20);
  const measure = () => processTree(cluster.pid).map(usageOf);
  const before = measure();
  await pause(REST_SECONDS);
  const after = measure();
  const cpu = (usages: typeof after) => usages.reduce((sum, usage) => sum + usage.cpuSeconds, 0);
  const byComponent = new Map<string, number>();
  for (const usage of after) {
    const name = componentOf(usage.command);
    byComponent.set(name, (byComponent.get(name) ?? 0) + usage.pss);
  }
  const sum = (pick: (usage: (typeof after)[number]) => number) =>
    megabytes(after.reduce((total, usage) => total + pick(usage), 0));
  return [
    {
      figure: 'resident at rest, all processes (shared pages once)',
      value: sum((usage) => usage.pss),
      unit: 'MB',
      target: '< 900',
    },
    {
      figure: 'resident at rest, all processes (RSS summed)',
      value: sum((usage) => usage.rss),
      unit: 'MB',
      target: '',
    },
    {
      figure: 'CPU at rest, of one core',
      value: Number((((cpu(after) - cpu(before)) / REST_SECONDS) * 100).toFixed(1)),
      unit: '%',
      target: '< 5',
    },
    ...[...byComponent].map(([name, bytes]) => ({
      figure: `  ${name}`,
      value: megabytes(bytes),
      unit: 'MB',
      target: '',
    })),
  ];
}

function apis(cluster: Cluster): { core: CoreV1Api; apps: AppsV1Api } {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  return { core: config.makeApiClient(CoreV1Api), apps: config.makeApiClient(AppsV1Api) };
}

/** From the request that creates a Pod to the first read that shows it Running, at rest. */
async function podStart(cluster: Cluster): Promise<Row[]> {
  const { core } = apis(cluster);
  const seconds: number[] = [];
  for (let index = 0; index < PODS; index += 1) {
    const name = `start-${index}`;
    const begun = performance.now();
    await core.createNamespacedPod({
      namespace: 'default',
      body: { metadata: { name }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    });
    for (;;) {
      const pod = await core.readNamespacedPod({ namespace: 'default', name });
      if (pod.status?.phase === 'Running') break;
      await pause(0.01);
    }
    seconds.push((performance.now() - begun) / 1000);
    await core.deleteNamespacedPod({ namespace: 'default', name, gracePeriodSeconds: 0 });
    await pause(1);
  }
  return [
    { figure: 'Pod created to Running, median', value: Number(median(seconds).toFixed(3)), unit: 's', target: '< 1' },
    {
      figure: 'Pod created to Running, slowest',
      value: Number(Math.max(...seconds).toFixed(3)),
      unit: 's',
      target: '',
    },
  ];
}

async function deploymentReady(cluster: Cluster): Promise<Row> {
  for (let index = 4; index <= NODES; index += 1) cluster.binnacle('node', 'add', `worker-${index}`);
  const { core, apps } = apis(cluster);
  await eventually('all nodes are there', async () => (await core.listNode()).items.length > NODES);
  const labels = { app: 'many' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
  const begun = performance.now();
  await apps.createNamespacedDeployment({
    namespace: 'default',
    body: { metadata: { name: 'many' }, spec: { replicas: REPLICAS, selector: { matchLabels: labels }, template } },
  });
  const ready = async () =>
    (await apps.readNamespacedDeployment({ namespace: 'default', name: 'many' })).status?.readyReplicas === REPLICAS;
  await eventually(`${REPLICAS} are ready`, ready, 180);
  return {
    figure: `Deployment of ${REPLICAS} ready`,
    value: Number(((performance.now() - begun) / 1000).toFixed(1)),
    unit: 's',
    target: '< 20',
  };
}

function print(rows: readonly Row[]): void {
  const width = Math.max(...rows.map((row) => row.figure.length));
  for (const { figure, value, unit, target } of rows) {
    process.stdout.write(`${figure.padEnd(width)}  ${String(value).padStart(8)} ${unit.padEnd(3)} ${target}\n`);
  }
}

/** Runs the benchmark; `npm run bench -- cluster` writes what it answers. */
export async function run(): Promise<{ rows: readonly Row[] }> {
  const first = await startCluster({ slot: 9 });
  const rows: Row[] = [
    { figure: 'first start to ready', value: Number(first.seconds.toFixed(1)), unit: 's', target: '' },
  ];
  let cluster = first;
  try {
    await first.stop();
    cluster = await first.restart();
    rows.push({
      figure: 'second start to ready',
      value: Number(cluster.seconds.toFixed(1)),
      unit: 's',
      target: '< 10',
    });
    rows.push(...(await atRest(cluster)), ...(await podStart(cluster)), await deploymentReady(cluster));
  } finally {
    await cluster.dispose();
  }
  print(rows);
  return { rows };
}
