// One writer's changes delivered to many watchers.
import { jsonBytes } from '@binnacle/server-storage';
import { WatchCache } from '@binnacle/server-watch-cache';
import { setMaxListeners } from 'node:events';
import { ctx, openStore, podWrite, round, summary, table } from './setup.mjs';

const WATCHERS = 1_000;
const RATE = 200;

export async function fanOut({ seconds }) {
  setMaxListeners(0, ctx.signal);
  const { storage, close } = await openStore();
  const cache = new WatchCache(ctx, storage);
  const sent = new Map();
  const latencies = [];
  try {
    await storage.createCluster(ctx, 'fan');
    const framed = new WeakMap();
    const frame = (change) => {
      let bytes = framed.get(change);
      if (!bytes)
        framed.set(
          change,
          (bytes = Buffer.concat([
            Buffer.from(`{"type":"${change.type}","object":`),
            jsonBytes(change.object),
            Buffer.from('}\n'),
          ])),
        );
      return bytes;
    };
    let delivered = 0;
    let bytes = 0;
    const watching = Array.from({ length: WATCHERS }, async () => {
      const watch = await cache.watch(ctx, { cluster: 'fan', resource: 'pods' }, { after: 0 });
      for await (const batch of watch) {
        for (const item of batch) {
          if (item.kind !== 'change') continue;
          bytes += frame(item.change).length;
          latencies.push(performance.now() - sent.get(item.change.object.key.name));
          delivered += 1;
        }
        if (delivered >= WATCHERS * RATE * seconds) return;
      }
    });
    const cpu = process.cpuUsage();
    await paced(RATE, seconds, async (turn) => {
      const write = podWrite('fan', `pod-${turn}`);
      sent.set(write.key.name, performance.now());
      await storage.write(ctx, write);
    });
    const deadline = performance.now() + 10_000;
    while (delivered < WATCHERS * RATE * seconds && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 10));
    cache.close();
    await Promise.allSettled(watching);
    const { user, system } = process.cpuUsage(cpu);
    const result = {
      watchers: WATCHERS,
      rate: RATE,
      delivered,
      ...summary(latencies),
      cpuPerDelivery: round((user + system) / delivered, 2),
      megabytes: Math.round(bytes / 1e6),
    };
    table(`${RATE} changes a second to ${WATCHERS} watchers, ${seconds} s`, {
      'p50 ms': result.p50,
      'p99 ms': result.p99,
      delivered,
      'µs CPU a delivery': result.cpuPerDelivery,
    });
    return result;
  } finally {
    cache.close();
    await close();
  }
}

/** Calls `act` at a steady rate, without waiting for the one before. */
async function paced(rate, seconds, act) {
  const started = performance.now();
  const acts = [];
  for (let turn = 0; turn < rate * seconds; turn += 1) {
    const due = started + (turn * 1_000) / rate;
    while (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
    acts.push(act(turn));
  }
  await Promise.all(acts);
}
