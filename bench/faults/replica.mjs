// One API server's worth of store and watch cache, told by its parent what to do. It may be killed at any moment.
import { setMaxListeners } from 'node:events';
import { systemClock } from '@binnacle/process-lifecycle';
import { encodeBody } from '@binnacle/server-storage';
import { createPostgresStorage } from '@binnacle/server-storage-postgres';
import { WatchCache } from '@binnacle/server-watch-cache';
import { EMPTY, fold, idOf } from './digest.mjs';

const silent = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const ctx = { signal: new AbortController().signal, clock: systemClock, logger: silent };
setMaxListeners(0, ctx.signal);
const [databaseUrl, cluster] = process.argv.slice(2);
const scope = { cluster, resource: 'pods' };
const now = () => Number(process.hrtime.bigint() / 1000n);
const send = (message) => process.connected && process.send(message);

async function open() {
  for (;;) {
    try {
      return await createPostgresStorage(ctx, { databaseUrl, migrate: false });
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

const storage = await open();
const cache = new WatchCache(ctx, storage, { window: { changes: 2_000 } });
const keyOf = (name) => ({ ...scope, namespace: 'default', name });

async function write({ op, name, expected, id, early }) {
  const body = encodeBody({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { write: id } });
  const attributes = { labels: {}, fields: {} };
  const request = { op, key: keyOf(name), body, attributes, actor: { user: 'fault', client: 'fault' }, expected };
  const stored = storage.write(ctx, request);
  if (!early) return { revision: (await stored).revision };
  // The injected fault: acknowledged before it is known to be durable.
  stored.catch(() => undefined);
  return {};
}

async function read({ name }) {
  const object = await cache.get(ctx, keyOf(name));
  return { revision: object?.revision ?? 0, id: object && idOf(object.body) };
}

/** Reports each batch as a stretch: first and last revision, and a digest of all between. */
async function watch({ watcher, after }) {
  let last = after;
  const stream = await cache.watch(ctx, scope, { after });
  for await (const batch of stream) {
    let digest = EMPTY;
    const from = last;
    for (const item of batch) {
      if (item.kind !== 'change') continue;
      const { type, object } = item.change;
      digest = fold(digest, object.revision, type, object.key.name, idOf(object.body));
      last = object.revision;
    }
    send({ watcher, from, to: last, count: batch.length, digest });
  }
}

const REQUESTS = { write, read };

process.on('message', async (message) => {
  if (message.do === 'watch') {
    await watch(message).catch((error) => send({ watcher: message.watcher, error: error.code ?? String(error) }));
    return;
  }
  try {
    const result = await REQUESTS[message.do](message);
    send({ reply: message.request, at: now(), result });
  } catch (error) {
    send({ reply: message.request, at: now(), error: error.code ?? String(error) });
  }
});
process.on('disconnect', () => process.exit(0));
send({ ready: true });
