// Compare-and-swap writes of 2 KiB, durable, against etcd in the same run: they take turns, so that both meet the same disk.
import { execFileSync } from 'node:child_process';
import { Etcd, etcdVersion } from './etcd.mjs';
import { ctx, median, openStore, podWrite, round, summary, table } from './setup.mjs';

const LEVELS = [1, 16, 64, 256];
/** Both begin with files to write to again, as they have after their first hour. */
const WARM_UP_SECONDS = 20;

/** `put(key number, state)` resolves to the next state; runs as many of them at once as there are writers. */
async function load(writers, seconds, first, put) {
  // What the other has written is not to be waited for.
  execFileSync('sync');
  const states = await Promise.all(Array.from({ length: writers }, (_, writer) => first(writer)));
  const latencies = [];
  const end = performance.now() + seconds * 1_000;
  const cpu = process.cpuUsage();
  const started = performance.now();
  await Promise.all(
    states.map(async (initial, writer) => {
      let state = initial;
      while (performance.now() < end) {
        const before = performance.now();
        state = await put(writer, state);
        latencies.push(performance.now() - before);
      }
    }),
  );
  const elapsed = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    perSecond: Math.round(latencies.length / elapsed),
    ...summary(latencies),
    nodeCpu: round((user + system) / latencies.length, 1),
  };
}

function storeLoad(storage, writers, seconds, run) {
  const cluster = `writes-${writers}-${run}`;
  const first = async (writer) => storage.write(ctx, podWrite(cluster, `pod-${writer}`));
  const put = (writer, { revision }) =>
    storage.write(ctx, { ...podWrite(cluster, `pod-${writer}`), op: 'update', expected: revision });
  return storage.createCluster(ctx, cluster).then(() => load(writers, seconds, first, put));
}

function etcdLoad(etcd, writers, seconds, run) {
  const key = (writer) => Buffer.from(`/registry/pods/${run}/${writers}/pod-${writer}`);
  const value = (writer) => podWrite('', `pod-${writer}`).body;
  return load(
    writers,
    seconds,
    (writer) => etcd.put(key(writer), value(writer), 0, writer),
    (writer, revision) => etcd.put(key(writer), value(writer), revision, writer),
  );
}

function medianOf(runs) {
  const pick = (field) => median(runs.map((run) => run[field]));
  return { perSecond: pick('perSecond'), p50: pick('p50'), p99: pick('p99'), nodeCpu: pick('nodeCpu') };
}

export async function writes({ seconds, sustained, rounds }) {
  const version = etcdVersion();
  const etcd = version && (await Etcd.start());
  const { storage, close } = await openStore();
  const result = { etcd: version ?? 'not installed', levels: {} };
  try {
    if (etcd) await etcdLoad(etcd, 64, WARM_UP_SECONDS, 'warm');
    await storeLoad(storage, 64, WARM_UP_SECONDS, 'warm');
    for (const writers of LEVELS) {
      const runs = { store: [], etcd: [] };
      for (let run = 0; run < rounds; run += 1) {
        if (etcd) runs.etcd.push(await etcdLoad(etcd, writers, seconds, run));
        runs.store.push(await storeLoad(storage, writers, seconds, run));
      }
      result.levels[writers] = { store: medianOf(runs.store), ...(etcd && { etcd: medianOf(runs.etcd) }) };
    }
    const etcdLong = etcd && (await etcdLoad(etcd, 64, sustained, 'long'));
    result.sustained = {
      seconds: sustained,
      store: await storeLoad(storage, 64, sustained, 'long'),
      ...(etcd && { etcd: etcdLong }),
    };
  } finally {
    etcd?.stop?.();
    await close();
  }
  report(result);
  return result;
}

function report(result) {
  const rows = {};
  const row = (label, { store, etcd }) => {
    rows[label] = {
      'store writes/s': store.perSecond,
      'store p50/p99 ms': `${store.p50} / ${store.p99}`,
      'etcd writes/s': etcd?.perSecond ?? '-',
      'etcd p50/p99 ms': etcd ? `${etcd.p50} / ${etcd.p99}` : '-',
      ratio: etcd ? round(store.perSecond / etcd.perSecond) : '-',
    };
  };
  for (const [writers, level] of Object.entries(result.levels)) row(`${writers} writers`, level);
  row(`64 writers, ${result.sustained.seconds} s`, result.sustained);
  table(`compare-and-swap writes of 2 KiB, durable (etcd ${result.etcd})`, rows);
  const { store, etcd } = result.sustained;
  if (!etcd) return;
  result.burstRatio = round(result.levels[64].store.perSecond / result.levels[64].etcd.perSecond);
  result.ratio = round(store.perSecond / etcd.perSecond);
  console.log(`burst ratio at 64 writers: ${result.burstRatio}`);
  console.log(`ratio at 64 writers: ${result.ratio}`);
}
