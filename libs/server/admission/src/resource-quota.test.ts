import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import type { ResourceQuota } from '@binnacle/apis-kubernetes/core/v1';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import {
  createSystemObjects,
  fixedResourceSets,
  Registry,
  type RequestContext,
  systemContext,
} from '@binnacle/server-registry';
import { MemoryStorage } from '@binnacle/server-storage';
import { beforeEach, describe, expect, test } from 'vitest';
import { createAdmission } from './index.js';

let ctx: RequestContext;
let storage: MemoryStorage;
let registry: Registry;

function server(): Registry {
  const admission = createAdmission(storage, {
    disabled: ['ServiceAccount'],
    quotas: () => made.get('', 'v1', 'resourcequotas'),
  });
  const made: Registry = new Registry({ sets: fixedResourceSets(builtinResources), storage, admission });
  return made;
}

beforeEach(async () => {
  storage = new MemoryStorage();
  const base = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
  await storage.createCluster(base, 'main');
  ctx = systemContext(base, 'main');
  registry = server();
  await createSystemObjects(ctx, registry);
});

const object = (kind: string, name: string, more: object): UnstructuredObject =>
  ({ apiVersion: 'v1', kind, metadata: { name }, ...more }) as UnstructuredObject;
const create = (at: Registry, plural: string, draft: UnstructuredObject, options: object = {}) =>
  at.get('', 'v1', plural).create(ctx, { namespace: 'default' }, draft, options);
const pod = (name: string, at = registry, spec: object = {}, options: object = {}) =>
  create(at, 'pods', object('Pod', name, { spec: { containers: [{ name: 'c', image: 'i' }], ...spec } }), options);
const quotas = () => registry.get('', 'v1', 'resourcequotas');

async function quota(name: string, hard: Record<string, string>, used: Record<string, string>): Promise<void> {
  await create(registry, 'resourcequotas', object('ResourceQuota', name, { spec: { hard } }));
  const looked = (current: UnstructuredObject) => ({ ...current, status: { hard, used } });
  await quotas().update(ctx, { namespace: 'default', name }, looked, { rules: 'status', subresource: 'status' });
}
const used = async (name = 'q') =>
  (quotas().decode(await quotas().get(ctx, { namespace: 'default', name })) as unknown as ResourceQuota).status?.used;

describe('a quota', () => {
  test('lets through what fits, counts it, and says why the next does not', async () => {
    await quota('q', { pods: '1' }, { pods: '0' });
    await pod('a');
    expect(await used()).toEqual({ pods: '1' });
    await expect(pod('b')).rejects.toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message: 'pods "b" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
    });
  });

  test('is not charged by what is only tried, or refused elsewhere', async () => {
    await quota('q', { pods: '1' }, { pods: '0' });
    await pod('a', registry, {}, { dryRun: true });
    await expect(pod('b', registry, { priorityClassName: 'odd' })).rejects.toThrow('no PriorityClass');
    await expect(pod('c', registry, { containers: [] })).rejects.toThrow('spec.containers');
    expect(await used()).toEqual({ pods: '0' });
  });

  test('that refuses keeps the others from counting', async () => {
    await quota('a', { pods: '5' }, { pods: '0' });
    await quota('b', { pods: '0' }, { pods: '0' });
    await expect(pod('p')).rejects.toThrow('exceeded quota: b');
    expect([await used('a'), await used('b')]).toEqual([{ pods: '0' }, { pods: '0' }]);
  });

  test('of which nobody has looked at the status bounds nothing yet', async () => {
    await create(registry, 'resourcequotas', object('ResourceQuota', 'new', { spec: { hard: { pods: '0' } } }));
    await pod('a');
  });

  test('counts quotas themselves, and ends with its own deletion', async () => {
    await quota('q', { resourcequotas: '1', pods: '0' }, { resourcequotas: '1', pods: '0' });
    const another = object('ResourceQuota', 'r', { spec: { hard: { pods: '9' } } });
    await expect(create(registry, 'resourcequotas', another)).rejects.toThrow('exceeded quota: q');
    await quotas().delete(ctx, { namespace: 'default', name: 'q' });
    await pod('a');
  });
});

test.each([
  ['one server', 1],
  ['two servers', 2],
])('however many come at once, %s lets no more through than there may be', async (_, count) => {
  await quota('q', { pods: '20' }, { pods: '0' });
  const servers = Array.from({ length: count }, (_each, index) => (index === 0 ? registry : server()));
  const tries = Array.from({ length: 50 }, (_each, index) => pod(`p-${index}`, servers[index % count] as Registry));
  const outcomes = await Promise.allSettled(tries);
  const refusals = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => String(reason));
  expect(refusals).toHaveLength(30);
  expect(refusals.filter((text) => !text.includes('exceeded quota: q, requested: pods=1'))).toEqual([]);
  expect(await used()).toEqual({ pods: '20' });
});
