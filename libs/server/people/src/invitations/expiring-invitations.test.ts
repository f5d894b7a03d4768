import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { systemContext } from '@binnacle/server-registry';
import { encodeBody, MemoryStorage } from '@binnacle/server-storage';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ExpiringInvitations } from './expiring-invitations.js';

const NOW = Date.parse('2026-12-01T10:00:00Z');
const RESOURCE = 'iam.binnacle.dev/invitations';
const actor = { user: 'a', client: 'b' };
const attributes = { labels: {}, fields: {} };
let storage: MemoryStorage;
let clock: FakeClock;
let abort: AbortController;
/** Names of those that were marked, in order. */
let marked: string[];
let running: Promise<void>;

const context = () => ({ clock, logger: silentLogger, signal: abort.signal });

async function make(name: string, expiresAt: string, phase = 'Pending'): Promise<void> {
  const key = { cluster: 'root', resource: RESOURCE, namespace: '', name };
  const object = { apiVersion: 'iam.binnacle.dev/v1', kind: 'Invitation', metadata: { name } };
  const body = encodeBody({ ...object, spec: { expiresAt }, status: { phase } });
  await storage.write(context(), { op: 'create', key, body, attributes, actor });
}

beforeEach(async () => {
  clock = new FakeClock(NOW);
  abort = new AbortController();
  marked = [];
  storage = new MemoryStorage();
  await storage.createCluster(context(), 'root');
  const objects = {
    context: (ctx: ReturnType<typeof context>) => systemContext(ctx, 'root'),
    /** As the store does, of the object that is there now. */
    edit: async (_own: unknown, _ref: unknown, name: string, change: (object: never) => void) => {
      const key = { cluster: 'root', resource: RESOURCE, namespace: '', name };
      const stored = await storage.get(context(), key);
      if (!stored) return;
      const object = JSON.parse(stored.body.toString());
      const before = JSON.stringify(object);
      change(object as never);
      if (JSON.stringify(object) === before) return;
      marked.push(name);
      const body = encodeBody(object);
      await storage.write(context(), { op: 'update', expected: stored.revision, key, body, attributes, actor });
    },
  };
  await make('over', '2026-12-01T09:59:59Z');
  await make('accepted', '2026-12-01T09:00:00Z', 'Accepted');
  await make('soon', '2026-12-01T10:00:30Z');
  running = new ExpiringInvitations(storage, objects as never).run(context());
});
afterEach(async () => {
  abort.abort(new Error('over'));
  clock.step(2_000);
  await running;
});

test('marks what is over when it begins, and each of the others when its time is over', async () => {
  await expect.poll(() => marked).toEqual(['over']);
  clock.step(29_999);
  expect(marked).toEqual(['over']);
  clock.step(1);
  await expect.poll(() => marked).toEqual(['over', 'soon']);
});

test('hears of those that are made later', async () => {
  await expect.poll(() => marked).toEqual(['over']);
  await make('later', '2026-12-01T10:00:10Z');
  await expect
    .poll(() => {
      clock.step(1_000);
      return marked;
    })
    .toEqual(['over', 'later']);
});
