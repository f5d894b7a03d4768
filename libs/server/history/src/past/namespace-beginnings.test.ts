import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { encodeBody, MemoryStorage } from '@binnacle/server-storage';
import { beforeEach, describe, expect, it } from 'vitest';
import { NamespaceBeginnings } from './namespace-beginnings.js';

const DAY = 24 * 3_600_000;
const clock = new FakeClock(Date.parse('2026-12-01T10:00:00Z'));
const ctx = { clock, logger: silentLogger, signal: new AbortController().signal };
const actor = { user: 'a', client: 'b' };
const attributes = { labels: {}, fields: {} };
const keyOf = (resource: string, name: string) => ({ cluster: 'main', resource, namespace: '', name });
let storage: MemoryStorage;
let beginnings: NamespaceBeginnings;

async function make(name: string, uid: string, creationTimestamp = new Date(clock.now()).toISOString()) {
  const body = encodeBody({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, uid, creationTimestamp } });
  const written = await storage.write(ctx, { op: 'create', key: keyOf('namespaces', name), body, attributes, actor });
  return written.revision;
}
const remove = async (name: string) => {
  const stored = await storage.get(ctx, keyOf('namespaces', name));
  if (!stored) throw new Error(`no ${name}`);
  const { key, body, revision: expected } = stored;
  await storage.write(ctx, { op: 'delete', key, body, attributes, actor, expected });
};
const other = async () => {
  const key = keyOf('nodes', `n-${Math.random()}`);
  await storage.write(ctx, {
    op: 'create',
    key,
    body: encodeBody({ apiVersion: 'v1', kind: 'Node', metadata: {} }),
    attributes,
    actor,
  });
};

beforeEach(async () => {
  storage = new MemoryStorage();
  await storage.createCluster(ctx, 'main');
  beginnings = new NamespaceBeginnings(storage);
});

describe('a namespace begins', () => {
  it('with the last that was made of its name', async () => {
    const first = await make('shop', 'u1');
    await other();
    expect(await beginnings.since(ctx, 'main', 'shop')).toBe(first);
    await remove('shop');
    expect(await beginnings.since(ctx, 'main', 'shop')).toBe(Number.POSITIVE_INFINITY);
    await other();
    const second = await make('shop', 'u2');
    await other();
    expect(await beginnings.since(ctx, 'main', 'shop')).toBe(second);
    expect(await beginnings.since(ctx, 'main', 'shop')).toBe(second);
  });

  it('where it was made, whatever the clock of who made it said', async () => {
    clock.step(2 * DAY);
    await other();
    const made = await make('shop', 'u1', new Date(clock.now() + DAY).toISOString());
    clock.step(3 * DAY);
    await other();
    expect(await beginnings.since(ctx, 'main', 'shop')).toBe(made);
  });

  it('never where there is none', async () => {
    expect(await beginnings.since(ctx, 'main', 'none')).toBe(Number.POSITIVE_INFINITY);
  });
});
