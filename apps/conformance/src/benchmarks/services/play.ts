import type { Server } from 'node:net';
import { eventually } from '../../eventually.js';
import { usageOf } from '../../processes.js';
import { median, rounded } from '../turns/cost.js';
import { atOnce, request } from '../turns/requests.js';
import type { Bench } from '../turns/sides.js';
import { type RunningWorker, type Side, startWorker } from '../turns/worker.js';
import { ask, pod } from './carried.js';
import { NAMESPACE, serviceAddress, serviceName, type Size, sliceOf } from './fleet.js';
import { type Carrier, carrierOf } from './sides.js';

const PORT = 8080;
const MEBIBYTE = 1024 * 1024;
const PATIENCE_SECONDS = 300;
const LONGEST_CHANGE_MILLISECONDS = 30_000;
const CONNECTS = 5_000;
/** Two Pods that are there; the others are nowhere. */
export const PODS = ['10.128.249.253', '10.128.249.254'] as const;
const SAID = ['first', 'second'] as const;

/** What one proxy did. Seconds, of a change milliseconds; MiB. */
export interface Turn {
  readonly programmedSeconds: number;
  readonly memory: number;
  readonly changeP50: number;
  readonly changeP99: number;
  /** Of a change, until the request is answered. */
  readonly writeP50: number;
  /** New connections a second, each ended by its Pod. */
  readonly connections: number;
  readonly memoryAfterwards: number;
}

interface Stage {
  readonly bench: Bench;
  readonly carrier: Carrier;
  readonly proxy: RunningWorker;
  readonly size: Size;
}

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

const memoryOf = ({ pid }: RunningWorker): number => Math.round(usageOf(pid).pss / MEBIBYTE);

/** Until everything is carried, and the last that was made leads somewhere. */
async function untilCarried({ carrier, proxy, size }: Stage): Promise<void> {
  const last = carrier.at(serviceAddress(size.services + size.changed - 1));
  const isThere = async () => {
    proxy.check();
    return carrier.carries(size) && (await ask(last, PORT)) !== '';
  };
  await eventually('everything is carried', isThere, PATIENCE_SECONDS);
}

/** From the request to change where a Service leads until somebody gets there. */
async function change({ bench, carrier }: Stage, at: number, to: 0 | 1) {
  const path = `/apis/discovery.k8s.io/v1/namespaces/${NAMESPACE}/endpointslices/${serviceName(at)}`;
  const host = carrier.at(serviceAddress(at));
  const begun = performance.now();
  await request(bench.ctx, bench.client, 'PUT', path, sliceOf(at, [PODS[to]]));
  const written = performance.now() - begun;
  while ((await ask(host, PORT)) !== SAID[to])
    if (performance.now() - begun > LONGEST_CHANGE_MILLISECONDS) throw new Error(`nobody gets to ${SAID[to]}`);
  return { carried: performance.now() - begun, written };
}

/** New connections a second, many at a time. */
export async function connects(host: string): Promise<number> {
  const begun = performance.now();
  await atOnce(Array.from({ length: CONNECTS }), () => ask(host, PORT));
  return Math.round(CONNECTS / ((performance.now() - begun) / 1000));
}

async function timed(stage: Stage, begun: number, to: 0 | 1): Promise<Turn> {
  const { carrier, proxy, size } = stage;
  await untilCarried(stage);
  const programmedSeconds = rounded((performance.now() - begun) / 1000);
  const memory = memoryOf(proxy);
  const all = size.services + size.changed;
  const changes = [];
  for (let at = size.services; at < all; at += 1) changes.push(await change(stage, at, to));
  const carried = changes.map((one) => one.carried);
  return {
    programmedSeconds,
    memory,
    changeP50: rounded(median(carried), 1),
    changeP99: rounded(percentile(carried, 0.99), 1),
    writeP50: rounded(median(changes.map(({ written }) => written)), 1),
    connections: await connects(carrier.at(serviceAddress(all - 1))),
    memoryAfterwards: memoryOf(proxy),
  };
}

const flags = ['--cluster-cidr=10.128.0.0/16', '--external-cidr='];

/** Lets one proxy carry everything, and lead the changed ones to the Pod `to`. */
export async function play(bench: Bench, size: Size, side: Side, to: 0 | 1): Promise<Turn> {
  const carrier = carrierOf(side);
  const takeBack = carrier.prepare(PODS);
  const pods: Server[] = await Promise.all(PODS.map((address, at) => pod(carrier.at(address), PORT, SAID[at] ?? '')));
  const begun = performance.now();
  const proxy = await startWorker(bench.server, 'main', 'kube-proxy', { ...side, ...(!side.path && { flags }) });
  try {
    return await timed({ bench, carrier, proxy, size }, begun, to);
  } finally {
    await proxy.end();
    for (const server of pods) server.close();
    takeBack();
  }
}
