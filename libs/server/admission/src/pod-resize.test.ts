import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
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
import { beforeEach, expect, test } from 'vitest';
import { createAdmission } from './index.js';

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
});

async function create(plural: string, object: object, namespace = 'default'): Promise<UnstructuredObject> {
  const store = registry.get('', 'v1', plural);
  return store.decode(await store.create(ctx, { namespace }, { apiVersion: 'v1', ...object } as UnstructuredObject));
}

const node = (labels = {}) =>
  create(
    'nodes',
    { kind: 'Node', metadata: { name: 'n', labels }, status: { allocatable: { cpu: '2', memory: '1Gi' } } },
    '',
  );

const pod = (spec = {}) =>
  create('pods', {
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '1' } } }], ...spec },
  });

async function resize(requests: object): Promise<Pod> {
  const pods = registry.get('', 'v1', 'pods');
  const change = (current: UnstructuredObject) => {
    const { spec } = current as Pod;
    const containers = spec?.containers.map((container) => ({ ...container, resources: { requests } }));
    return { ...current, spec: { ...spec, containers } } as UnstructuredObject;
  };
  const options = { rules: 'part', subresource: 'resize' } as const;
  return pods.decode(await pods.update(ctx, { namespace: 'default', name: 'p' }, change, options)) as unknown as Pod;
}

test('a Pod gets what its node can give', async () => {
  await node();
  await pod({ nodeName: 'n' });
  const { metadata, spec } = await resize({ cpu: '2' });
  expect(spec?.containers[0]?.resources?.requests).toEqual({ cpu: '2' });
  expect(metadata.generation).toBe(2);
});

test('and not what that can never give', async () => {
  await node();
  await pod({ nodeName: 'n' });
  await expect(resize({ cpu: '3', memory: '2Gi' })).rejects.toMatchObject({
    code: 403,
    message:
      'pods "p" is forbidden: node didn\'t have enough allocatable resources: ' +
      'cpu, requested: 3000, allocatable: 2000; memory, requested: 2147483648, allocatable: 1073741824',
    details: { causes: [{ reason: 'NodeCapacity' }] },
  });
});

test('on another system a Pod stays as it is', async () => {
  await node({ 'kubernetes.io/os': 'windows' });
  await pod({ nodeName: 'n' });
  await expect(resize({ cpu: '2' })).rejects.toMatchObject({
    details: { causes: [{ reason: 'UnsupportedPlatform' }] },
  });
});

test('a Pod without a node may ask for anything', async () => {
  await pod();
  await expect(resize({ cpu: '200' })).resolves.toMatchObject({ metadata: { generation: 2 } });
});

test('a Pod whose node is gone stays as it is', async () => {
  await pod({ nodeName: 'n' });
  await expect(resize({ cpu: '2' })).rejects.toThrow('node "n" not found');
});
