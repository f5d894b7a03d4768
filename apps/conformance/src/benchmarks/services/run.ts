import type { Server } from 'node:net';
import { wireHost } from '@binnacle/machinery-wire';
import { eventually } from '../../eventually.js';
import { usageOf } from '../../processes.js';
import { cpuSeconds, median, rounded } from '../turns/cost.js';
import { atOnce, makeAll, makeNamespace, request } from '../turns/requests.js';
import { type Bench, onBench } from '../turns/sides.js';
import { type RunningWorker, startWorker } from '../turns/worker.js';
import { ask, openServices, pod } from './carried.js';
import { fleet, NAMESPACE, serviceAddress, serviceName, type Size, sliceOf } from './fleet.js';

const PORT = 8080;
const MEBIBYTE = 1024 * 1024;
const PATIENCE_SECONDS = 300;
/** Two Pods that are there; the others are nowhere. */
const PODS = ['10.128.249.253', '10.128.249.254'] as const;
const CONNECTS = 5_000;

const say = (text: string) => void process.stdout.write(`${text}\n`);

function sizeOf(options: Readonly<Record<string, string>>): Size {
  const of = (name: string, otherwise: number) => Number(options[name] ?? otherwise);
  const services = of('services', 5_000);
  return { services, endpoints: Math.round(of('endpoints', 50_000) / services), changed: of('changes', 100) };
}

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

const memoryOf = ({ pid }: RunningWorker): number => Math.round(usageOf(pid).pss / MEBIBYTE);

/** With a folder for processor profiles, where one is named. */
const startProxy = ({ server }: Bench, profiles: string | undefined): Promise<RunningWorker> =>
  startWorker(server, 'main', 'kube-proxy', {
    name: 'ours',
    flags: ['--cluster-cidr=10.128.0.0/16', '--external-cidr='],
    ...(profiles && { profiles }),
  });

interface Programmed {
  readonly seconds: number;
  readonly cpu: number;
  readonly memory: number;
}

/** Starts a proxy and waits until so many addresses are open and one that leads somewhere is carried. */
async function program(
  bench: Bench,
  count: number,
  { last, profiles }: { readonly last?: string; readonly profiles?: string | undefined } = {},
): Promise<[RunningWorker, Programmed]> {
  const begun = performance.now();
  const proxy = await startProxy(bench, profiles);
  await eventually(
    'every address is open',
    async () => {
      proxy.check();
      if (openServices() < count) return false;
      return last === undefined || (await ask(wireHost(last), PORT)) !== '';
    },
    PATIENCE_SECONDS,
  );
  const seconds = rounded((performance.now() - begun) / 1000);
  return [proxy, { seconds, cpu: rounded(cpuSeconds(proxy.pid)), memory: memoryOf(proxy) }];
}

/** Milliseconds from the request to change where a Service leads until somebody gets there, and of it until the request is answered. */
async function change({ ctx, client }: Bench, at: number): Promise<{ readonly carried: number; readonly written: number }> {
  const path = `/apis/discovery.k8s.io/v1/namespaces/${NAMESPACE}/endpointslices/${serviceName(at)}`;
  const begun = performance.now();
  await request(ctx, client, 'PUT', path, sliceOf(at, [PODS[1]]));
  const written = performance.now() - begun;
  const host = wireHost(serviceAddress(at));
  while ((await ask(host, PORT)) !== 'second') if (performance.now() - begun > 30_000) throw new Error('nobody gets there');
  return { carried: performance.now() - begun, written };
}

/** New connections a second, 32 at a time, each carried to its Pod and ended. */
async function connects(host: string): Promise<number> {
  const begun = performance.now();
  await atOnce(Array.from({ length: CONNECTS }), () => ask(host, PORT));
  return Math.round(CONNECTS / ((performance.now() - begun) / 1000));
}

async function measure(bench: Bench, size: Size, profiles: string | undefined): Promise<object> {
  // The API server's own.
  const [empty, nothing] = await program(bench, 1);
  await empty.end();
  say(`making ${size.services} Services of ${size.endpoints} endpoints`);
  await makeNamespace(bench.ctx, bench.client, NAMESPACE);
  await makeAll(bench.ctx, bench.client, fleet(size, PODS[0]));
  const all = size.services + size.changed;
  const [proxy, programmed] = await program(bench, all, { last: serviceAddress(all - 1), profiles });
  try {
    say(`programmed: ${JSON.stringify(programmed)}`);
    const before = cpuSeconds(proxy.pid);
    const changes = [];
    for (let at = size.services; at < all; at += 1) changes.push(await change(bench, at));
    const cpuOfChange = rounded(((cpuSeconds(proxy.pid) - before) / size.changed) * 1000, 1);
    const [carried, written] = [changes.map((one) => one.carried), changes.map((one) => one.written)];
    return {
      empty: { memory: nothing.memory },
      programmed,
      change: {
        p50: rounded(median(carried), 1),
        p99: rounded(percentile(carried, 0.99), 1),
        writeP50: rounded(median(written), 1),
        cpu: cpuOfChange,
      },
      connections: { byService: await connects(wireHost(serviceAddress(all - 1))), direct: await connects(wireHost(PODS[1])) },
      memoryAfterwards: memoryOf(proxy),
    };
  } finally {
    await proxy.end();
  }
}

/** Runs the benchmark; `npm run bench -- services` writes what it answers. Times are seconds, of a change milliseconds; memory is MiB. */
export async function run(options: Readonly<Record<string, string>>): Promise<object> {
  const size = sizeOf(options);
  const pods: Server[] = await Promise.all(
    ['first', 'second'].map((name, at) => pod(wireHost(PODS[at] ?? ''), PORT, name)),
  );
  try {
    const results = await onBench((bench) => measure(bench, size, options.profiles));
    say(JSON.stringify(results, undefined, 2));
    return { record: Object.keys(options).length === 0, ...size, ...results };
  } finally {
    for (const server of pods) server.close();
  }
}
