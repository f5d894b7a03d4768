import { Permit } from '@binnacle/server-auth';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { encodeBody, MemoryStorage, parseBody } from '@binnacle/server-storage';
import { beforeEach, describe, expect, test } from 'vitest';
import type { RequestContext } from '../request-context.js';
import { ComponentStatuses } from './component-statuses.js';

let clock: FakeClock;
let storage: MemoryStorage;
let ctx: RequestContext;
let source: ComponentStatuses;

beforeEach(async () => {
  clock = new FakeClock();
  storage = new MemoryStorage();
  const { signal } = new AbortController();
  const user = { name: 'alice', groups: [] };
  const common = { clock, logger: silentLogger, signal, user, client: 'test', warn: () => undefined };
  ctx = { ...common, cluster: 'main', permit: Permit.unlimited };
  await storage.createCluster(ctx, 'main');
  source = new ComponentStatuses(storage);
});

const scope = { cluster: 'lab', resource: 'componentstatuses' };

async function put(resource: string, object: object & { metadata: { name: string } }, labels = {}): Promise<void> {
  const key = { cluster: 'main', resource, namespace: 'kube-system', name: object.metadata.name };
  const actor = { user: 'alice', client: 'test' };
  const body = encodeBody(object as never);
  await storage.write(ctx, { op: 'create', key, body, attributes: { labels, fields: {} }, actor });
}

function hold(name: string): Promise<void> {
  const spec = { holderIdentity: 'one', leaseDurationSeconds: 15, renewTime: new Date(clock.now()).toISOString() };
  return put('coordination.k8s.io/leases', { metadata: { name }, spec } as never);
}

function run(component: string, ready: 'True' | 'False'): Promise<void> {
  const status = { conditions: [{ type: 'Ready', status: ready }] };
  return put('pods', { metadata: { name: `${component}-${ready}` }, status } as never, { component });
}

async function healths(): Promise<Record<string, unknown>> {
  const { items } = await source.list(ctx, scope);
  return Object.fromEntries(
    items.map((item) => [item.key.name, (parseBody(item) as never as { conditions: unknown[] }).conditions[0]]),
  );
}

describe('the components', () => {
  const healthy = { type: 'Healthy', status: 'True', message: 'ok' };
  const sick = (program: string) => ({
    type: 'Healthy',
    status: 'False',
    error: `no Pod of ${program} is ready, and nobody holds its lease`,
  });

  test('are well while a Pod of theirs is ready, or somebody holds their lease', async () => {
    await run('kube-scheduler', 'True');
    await hold('kube-controller-manager');
    expect(await healths()).toEqual({ 'controller-manager': healthy, 'etcd-0': healthy, scheduler: healthy });
  });

  test('are not where none is ready and the lease is not renewed', async () => {
    await run('kube-scheduler', 'False');
    await hold('kube-scheduler');
    clock.step(16_000);
    expect(await healths()).toEqual({
      'controller-manager': sick('kube-controller-manager'),
      'etcd-0': healthy,
      scheduler: sick('kube-scheduler'),
    });
  });

  test('are found by name, of the cluster that is asked', async () => {
    const key = { ...scope, namespace: '', name: 'etcd-0' };
    expect((await source.get(ctx, key))?.key).toEqual(key);
    expect(await source.get(ctx, { ...key, name: 'moon' })).toBeUndefined();
  });

  test('are selected, and neither watched nor written', async () => {
    const matches = (_: unknown, { name }: { name: string }) => name === 'scheduler';
    expect((await source.list(ctx, { ...scope, matches })).items).toHaveLength(1);
    expect(source.peek()).toBeUndefined();
    await expect(source.watch()).rejects.toMatchObject({ reason: 'MethodNotAllowed' });
    await expect(source.write()).rejects.toMatchObject({ reason: 'MethodNotAllowed' });
  });
});
