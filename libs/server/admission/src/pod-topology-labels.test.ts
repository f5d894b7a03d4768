import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import {
  bindPod,
  createSystemObjects,
  Registry,
  type RequestContext,
  systemContext,
  fixedResourceSets,
} from '@binnacle/server-registry';
import { MemoryStorage } from '@binnacle/server-storage';
import { beforeEach, expect, test } from 'vitest';
import { createAdmission } from './index.js';

const ZONE = 'topology.kubernetes.io/zone';
const REGION = 'topology.kubernetes.io/region';
const NODE = { [ZONE]: 'z1', [REGION]: 'r1', 'kubernetes.io/hostname': 'n', 'x.topology.kubernetes.io/rack': '7' };

let ctx: RequestContext;
let registry: Registry;
beforeEach(async () => {
  const storage = new MemoryStorage();
  const base = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
  await storage.createCluster(base, 'main');
  ctx = systemContext(base, 'main');
  registry = new Registry({ sets: fixedResourceSets(builtinResources), storage, admission: createAdmission(storage) });
  await createSystemObjects(ctx, registry);
  await create('serviceaccounts', { kind: 'ServiceAccount', metadata: { name: 'default' } });
  await create('nodes', { kind: 'Node', metadata: { name: 'n', labels: NODE } }, '');
});

const pods = () => registry.get('', 'v1', 'pods');
const place = { namespace: 'default', name: 'p' };

async function create(plural: string, object: object, namespace = 'default'): Promise<UnstructuredObject> {
  const store = registry.get('', 'v1', plural);
  return store.decode(await store.create(ctx, { namespace }, { apiVersion: 'v1', ...object } as UnstructuredObject));
}

const pod = (spec: object) =>
  create('pods', {
    kind: 'Pod',
    metadata: { name: 'p', labels: { app: 'web', [ZONE]: 'claimed' } },
    spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
  });

const labels = async () => pods().decode(await pods().get(ctx, place)).metadata.labels;

test('a Pod that is bound is told the zone and region of its Node, and nothing else', async () => {
  await pod({});
  expect(await labels()).toEqual({ app: 'web', [ZONE]: 'claimed' });
  await bindPod(pods(), ctx, place, { target: { kind: 'Node', name: 'n' } });
  expect(await labels()).toEqual({ app: 'web', [ZONE]: 'z1', [REGION]: 'r1' });
});

test('so is a Pod that is made on its Node', async () => {
  await pod({ nodeName: 'n' });
  expect(await labels()).toEqual({ app: 'web', [ZONE]: 'z1', [REGION]: 'r1' });
});

test('a Node that is not there says nothing', async () => {
  await pod({ nodeName: 'nowhere' });
  expect(await labels()).toEqual({ app: 'web', [ZONE]: 'claimed' });
});

test('labels can be changed afterwards', async () => {
  await pod({ nodeName: 'n' });
  await pods().update(ctx, place, (object) => ({
    ...object,
    metadata: { ...object.metadata, labels: { [ZONE]: 'mine' } },
  }));
  expect(await labels()).toEqual({ [ZONE]: 'mine' });
});
