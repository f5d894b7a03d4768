import { Resolver } from 'node:dns/promises';
import { eventually } from '../../eventually.js';
import { processTree, usageOf } from '../../processes.js';
import { cpuSeconds, rounded } from '../turns/cost.js';
import { request } from '../turns/requests.js';
import type { Bench } from '../turns/sides.js';
import type { Side } from '../turns/worker.js';
import { Load, type Place } from './load.js';
import { NAMESPACE, type Question, questionsOf, type Size } from './objects.js';
import { type RunningDns, startDns } from './sides.js';

/** One turn of one side. */
export interface Turn {
  /** Until the last Service is answered for. */
  readonly startSeconds: number;
  readonly megabytes: number;
  readonly questionsPerSecond: number;
  readonly p99AtMost: number;
  /** Of processor time. */
  readonly microsecondsAQuestion: number;
  readonly p50: number;
  readonly p99: number;
  readonly lost: number;
  /** Milliseconds from the write of a Service to the first answer with its address. */
  readonly changeP50: number;
  readonly changeP99: number;
}

export interface Settings {
  readonly size: Size;
  readonly seconds: number;
  /** Questions a second while latency is measured. */
  readonly rate: number;
  readonly changes: number;
}

const QUESTIONS = 10_000;
const AT_ONCE = 64;
const CLIENT = 'web-0';

function resolverAt({ host, port }: Place): Resolver {
  const resolver = new Resolver({ timeout: 200, tries: 1 });
  resolver.setServers([`${host}:${port}`]);
  return resolver;
}

const addressOf = async (place: Place, name: string): Promise<string | undefined> =>
  (
    await resolverAt(place)
      .resolve4(`${name}.${NAMESPACE}.svc.cluster.local`)
      .catch(() => [])
  )[0];

/** Milliseconds until a Service is answered for that is made now. */
async function change({ ctx, client }: Bench, place: Place, name: string): Promise<number> {
  const path = `/api/v1/namespaces/${NAMESPACE}/services`;
  const body = { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { ports: [{ port: 80 }] } };
  await request(ctx, client, 'POST', path, body);
  const begun = performance.now();
  while (!(await addressOf(place, name)) && performance.now() - begun < 60_000);
  const milliseconds = performance.now() - begun;
  await request(ctx, client, 'DELETE', `${path}/${name}`);
  return milliseconds;
}

async function changes(bench: Bench, place: Place, count: number): Promise<{ p50: number; p99: number }> {
  const times: number[] = [];
  for (let at = 0; at < count; at += 1) times.push(await change(bench, place, `new-${at}`));
  times.sort((a, b) => a - b);
  const part = (of: number) => rounded(times[Math.min(times.length - 1, Math.floor(times.length * of))] ?? Number.NaN);
  return { p50: part(0.5), p99: part(0.99) };
}

async function underLoad({ pid, place }: RunningDns, questions: readonly Question[], { seconds, rate }: Settings) {
  await Load.closed(place, questions, AT_ONCE, Math.ceil(seconds / 4));
  const before = cpuSeconds(pid);
  const most = await Load.closed(place, questions, AT_ONCE, seconds);
  const used = cpuSeconds(pid) - before;
  const steady = await Load.steady(place, questions, rate, seconds);
  return {
    questionsPerSecond: most.perSecond,
    p99AtMost: most.p99,
    microsecondsAQuestion: rounded((used * 1e6) / (most.perSecond * seconds), 1),
    p50: steady.p50,
    p99: steady.p99,
    lost: most.lost + steady.lost,
  };
}

/** Starts one side, lets it answer, and ends it. */
export async function play(bench: Bench, side: Side, settings: Settings): Promise<Turn> {
  const begun = performance.now();
  const dns = await startDns(bench.server, side);
  try {
    const last = `web-${settings.size.services - 1}`;
    for (const name of [CLIENT, last])
      await eventually(`${name} is answered for`, () => addressOf(dns.place, name), 120);
    const startSeconds = rounded((performance.now() - begun) / 1000);
    const load = await underLoad(dns, questionsOf(settings.size, QUESTIONS), settings);
    const { p50: changeP50, p99: changeP99 } = await changes(bench, dns.place, settings.changes);
    const bytes = processTree(dns.pid).reduce((sum, one) => sum + usageOf(one).pss, 0);
    return { startSeconds, megabytes: Math.round(bytes / 1024 ** 2), ...load, changeP50, changeP99 };
  } finally {
    await dns.end();
  }
}
