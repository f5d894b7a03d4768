import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import type { LimitRangeItem, Pod } from '@binnacle/apis-kubernetes/core/v1';
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

async function create(plural: string, object: object, group = ''): Promise<UnstructuredObject> {
  const store = registry.get(group, 'v1', plural);
  const draft = { apiVersion: 'v1', ...object } as UnstructuredObject;
  return store.decode(await store.create(ctx, { namespace: 'default' }, draft));
}

const range = (...limits: LimitRangeItem[]) =>
  create('limitranges', { kind: 'LimitRange', metadata: { name: 'r' }, spec: { limits } });

type Resources = { readonly requests?: object; readonly limits?: object };

const pod = async (resources: Resources = {}, more: object = {}) => {
  const containers = [{ name: 'c', image: 'i', resources }];
  return (await create('pods', {
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers, ...more },
  })) as unknown as Pod;
};

/** Why a Pod is refused, without the words before. */
const refusal = async (asked: Promise<unknown>) => {
  const { message = '' } = (await asked.catch((error: unknown) => error)) as { message?: string };
  return message.replace(/^.* is forbidden: /, '');
};

describe('a container', () => {
  test('gets what it does not say, and the Pod tells of it', async () => {
    await range({ type: 'Container', default: { cpu: '1', memory: '1Gi' }, defaultRequest: { cpu: '500m' } });
    const once = { name: 'i', image: 'i', resources: { limits: { cpu: '2' }, requests: { cpu: '2' } } };
    const { metadata, spec, status } = await pod({ requests: { memory: '64Mi' } }, { initContainers: [once] });
    expect(spec?.containers[0]?.resources).toEqual({
      requests: { cpu: '500m', memory: '64Mi' },
      limits: { cpu: '1', memory: '1Gi' },
    });
    expect(spec?.initContainers?.[0]?.resources).toEqual({
      requests: { cpu: '2', memory: '1Gi' },
      limits: { cpu: '2', memory: '1Gi' },
    });
    expect(metadata.annotations?.['kubernetes.io/limit-ranger']).toBe(
      'LimitRanger plugin set: cpu request for container c; cpu, memory limit for container c; ' +
        'memory request for init container i; memory limit for init container i',
    );
    expect(status?.qosClass).toBe('Burstable');
  });

  test('that says all is left as it is', async () => {
    await range({ type: 'Container', default: { cpu: '1' } });
    const { metadata } = await pod({ requests: { cpu: '1' }, limits: { cpu: '1' } });
    expect(metadata.annotations).toBeUndefined();
  });

  test.each<[LimitRangeItem, Resources, string]>([
    [
      { type: 'Container', min: { memory: '1Gi' } },
      { requests: { memory: '500Mi' } },
      'minimum memory usage per Container is 1Gi, but request is 500Mi',
    ],
    [
      { type: 'Container', max: { cpu: '1' } },
      { requests: { cpu: '1500m' }, limits: { cpu: '2' } },
      'maximum cpu usage per Container is 1, but limit is 2',
    ],
    [
      { type: 'Container', maxLimitRequestRatio: { cpu: '2' } },
      { requests: { cpu: '500m' }, limits: { cpu: '1500m' } },
      'cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000',
    ],
    [
      { type: 'Container', maxLimitRequestRatio: { cpu: '2' } },
      {},
      'cpu max limit to request ratio per Container is 2, but no request is specified or request is 0',
    ],
    [{ type: 'Pod', max: { cpu: '1' } }, {}, 'maximum cpu usage per Pod is 1.  No limit is specified'],
    [
      { type: 'Pod', min: { cpu: '1', memory: '1Gi' } },
      { requests: { cpu: '500m' } },
      '[minimum cpu usage per Pod is 1, but request is 500m, minimum memory usage per Pod is 1Gi.  No request is specified]',
    ],
  ])('beyond %j is refused', async (item, resources, why) => {
    await range(item);
    expect(await refusal(pod(resources))).toBe(why);
  });

  test('is not resized beyond it either', async () => {
    await range({ type: 'Container', max: { cpu: '1' } });
    await pod({ requests: { cpu: '500m' } });
    const change = (current: UnstructuredObject) => {
      const { spec } = current as Pod;
      const containers = spec?.containers.map((each) => ({
        ...each,
        resources: { requests: { cpu: '2' }, limits: { cpu: '2' } },
      }));
      return { ...current, spec: { ...spec, containers } } as UnstructuredObject;
    };
    const pods = registry.get('', 'v1', 'pods');
    const options = { rules: 'part', subresource: 'resize' } as const;
    const resized = pods.update(ctx, { namespace: 'default', name: 'p' }, change, options);
    expect(await refusal(resized)).toBe('maximum cpu usage per Container is 1, but limit is 2');
  });
});

describe('a claim', () => {
  const claim = (storage: string) =>
    create('persistentvolumeclaims', {
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'c' },
      spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'x', resources: { requests: { storage } } },
    });

  test('asks for as much as it may', async () => {
    await range({ type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '2Gi' } });
    expect(await refusal(claim('3Gi'))).toBe(
      'maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi',
    );
    expect(await refusal(claim('1Mi'))).toBe(
      'minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 1Mi',
    );
    await expect(claim('2Gi')).resolves.toBeDefined();
  });

  test('grows where its class lets it', async () => {
    const claims = registry.get('', 'v1', 'persistentvolumeclaims');
    const place = { namespace: 'default', name: 'c' };
    const grow = () =>
      claims.update(ctx, place, (current) => {
        const spec = current.spec as object;
        return { ...current, spec: { ...spec, resources: { requests: { storage: '2Gi' } } } };
      });
    const classes = registry.get('storage.k8s.io', 'v1', 'storageclasses');
    const shared = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'x' }, provisioner: 'p' };
    await classes.create(ctx, { namespace: '' }, shared as UnstructuredObject);
    await claim('1Gi');
    const bound = (current: UnstructuredObject) => ({ ...current, status: { phase: 'Bound' } });
    await claims.update(ctx, place, bound, { rules: 'status', subresource: 'status' });
    expect(await refusal(grow())).toContain('only dynamically provisioned pvc can be resized');
    await classes.update(ctx, { namespace: '', name: 'x' }, (current) => ({ ...current, allowVolumeExpansion: true }));
    await expect(grow()).resolves.toBeDefined();
  });
});

test.each([
  ['persistentvolumes', 'kubernetes.io/pv-protection', { capacity: { storage: '1Gi' }, hostPath: { path: '/x' } }],
  ['persistentvolumeclaims', 'kubernetes.io/pvc-protection', { resources: { requests: { storage: '1Gi' } } }],
])('new %s are protected', async (plural, finalizer, spec) => {
  const kind = plural === 'persistentvolumes' ? 'PersistentVolume' : 'PersistentVolumeClaim';
  const metadata = { name: 'x', finalizers: ['example.com/own'] };
  const made = await create(plural, { kind, metadata, spec: { accessModes: ['ReadWriteOnce'], ...spec } });
  expect(made.metadata.finalizers).toEqual(['example.com/own', finalizer]);
});

test('new classes of attributes are protected', async () => {
  const group = 'storage.k8s.io';
  const said = { apiVersion: `${group}/v1`, kind: 'VolumeAttributesClass', driverName: 'disk.example.com' };
  const gold = { ...said, metadata: { name: 'gold' }, parameters: { speed: 'high' } };
  const made = await create('volumeattributesclasses', gold, group);
  expect(made.metadata.finalizers).toEqual(['kubernetes.io/vac-protection']);
});
