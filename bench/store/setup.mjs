import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '@binnacle/process-lifecycle';
import { createPostgresStorage } from '@binnacle/server-storage-postgres';
import { PostgresServer } from '@binnacle/server-storage-postgres/testing';

const silent = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
export const ctx = { signal: new AbortController().signal, clock: systemClock, logger: silent };
export const ACTOR = { user: 'bench', client: 'bench/1' };
/** As `binnacle up` starts Postgres. */
const SETTINGS = {
  shared_buffers: '64MB',
  max_wal_size: '2GB',
  bgwriter_delay: '10ms',
  bgwriter_lru_maxpages: '1000',
  bgwriter_lru_multiplier: '4',
  jit: 'off',
};

/** A durable Postgres with the store on it. */
export async function openStore(options = {}) {
  const server = await PostgresServer.start({ settings: SETTINGS });
  const storage = await createPostgresStorage(ctx, { databaseUrl: server.url(), ...options });
  const close = async () => {
    await storage.close();
    await server.stop();
  };
  return { server, storage, close };
}

/** The body of a Pod of `size` bytes, unique by name. */
export function podBody(name, { size = 2_048, namespace = 'default', node = '' } = {}) {
  const head = `{"metadata":{"name":"${name}","namespace":"${namespace}","labels":{"app":"web"}},"apiVersion":"v1","kind":"Pod","spec":{"nodeName":"${node}","pad":"`;
  const tail = '"}}';
  return Buffer.from(head + 'x'.repeat(Math.max(0, size - head.length - tail.length)) + tail);
}

export function podWrite(cluster, name, { namespace = 'default', node = 'node-1', size } = {}) {
  return {
    op: 'create',
    key: { cluster, resource: 'pods', namespace, name },
    body: podBody(name, { size, namespace, node }),
    attributes: { labels: { app: 'web' }, fields: { 'spec.nodeName': node } },
    actor: ACTOR,
  };
}

/** Creates many objects at once, `parallel` at a time. */
export async function createMany(storage, writes, parallel = 512) {
  const source = writes[Symbol.iterator]();
  const worker = async () => {
    for (let next = source.next(); !next.done; next = source.next()) await storage.write(ctx, next.value);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

export function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export const median = (values) => percentile(Float64Array.from(values).sort(), 0.5);

export function summary(latencies) {
  const sorted = Float64Array.from(latencies).sort();
  return { p50: round(percentile(sorted, 0.5)), p99: round(percentile(sorted, 0.99)) };
}

export function round(value, digits = 2) {
  return Number(value.toFixed(digits));
}

export function table(title, rows) {
  console.log(`\n${title}`);
  console.table(rows);
}

export async function timed(what) {
  const started = performance.now();
  const result = await what();
  return { milliseconds: round(performance.now() - started), result };
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

/** Memory after the garbage has gone, in MiB. */
export function memory() {
  // What is freed by the first run may hold what only the second frees.
  collectGarbage();
  collectGarbage();
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  const mib = (bytes) => round(bytes / 1024 ** 2, 1);
  return { rss: mib(rss), held: mib(heapUsed + external), buffers: mib(arrayBuffers) };
}
