import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Device, DeviceClass, ResourceClaim, ResourceSlice } from '@binnacle/apis-kubernetes/resource/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createEventRecorder } from '@binnacle/client-controller';
import { deviceClass, node, type Overrides, pod, resourceClaim, resourceSlice } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runScheduler } from './create-scheduler.js';

let bench: LoopBench;
let nodes: Objects<Node>;
let slices: Objects<ResourceSlice>;
let classes: Objects<DeviceClass>;
let claims: Objects<ResourceClaim>;
let pods: Objects<Pod>;
let program: AbortController;
let running: Promise<void>;

beforeEach(async () => {
  bench = await LoopBench.start(() => []);
  nodes = bench.objects(refs.nodes);
  slices = bench.objects(refs.resourceslices);
  classes = bench.objects(refs.deviceclasses);
  claims = bench.objects(refs.resourceclaims);
  pods = bench.objects(refs.pods);
  program = new AbortController();
  const ctx = { ...bench.ctx, signal: program.signal };
  const client = bench.api.client({ commonName: 'system:kube-scheduler' });
  running = runScheduler(ctx, client, () => createEventRecorder(ctx, client, { component: 'default-scheduler' }));
  running.catch(() => undefined);
  await classes.create(deviceClass());
});
afterEach(async () => {
  program.abort(new Error('the program has ended'));
  await running.catch(() => undefined);
});

async function addNode(name: string, devices: Device[] = []): Promise<void> {
  await nodes.create(node({ metadata: { name } }));
  const figures = { cpu: '4', memory: '8Gi', pods: '110' };
  await nodes.change(name, { status: { capacity: figures, allocatable: figures } }, 'status');
  await nodes.change(name, { spec: { taints: null } });
  if (devices.length > 0) await slices.create(resourceSlice(name, devices));
  // A Pod that is looked at before they are known would rest a while before it is tried again.
  await bench.api.activity.settled();
}

async function use(name: string, overrides: Overrides<Pod> = {}): Promise<void> {
  const resourceClaims = [{ name: 'c', resourceClaimName: name }];
  await claims.create(resourceClaim({ metadata: { name } }));
  await pods.create(pod({ metadata: { name }, ...overrides, spec: { resourceClaims, ...overrides.spec } }));
}

const nodeOf = async (name: string) => {
  await bench.api.activity.settled();
  return (await pods.find(name))?.spec?.nodeName;
};
const devicesOf = async (name: string) =>
  ((await claims.get(name)).status?.allocation?.devices?.results ?? []).map(({ pool, device }) => `${pool}/${device}`);
const lastEvent = async () => (await bench.events()).at(-1);

test('a Pod goes where the device is that it asks for, and its claim is written before', async () => {
  await addNode('a');
  await addNode('b', [{ name: 'gpu-0' }]);
  await use('p');
  expect(await nodeOf('p')).toBe('b');
  expect(await claims.get('p')).toMatchObject({
    metadata: { finalizers: ['resource.kubernetes.io/delete-protection'] },
    status: {
      allocation: {
        devices: { results: [{ request: 'gpu', driver: 'gpu.example.com', pool: 'b', device: 'gpu-0' }] },
        nodeSelector: {
          nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['b'] }] }],
        },
        allocationTimestamp: expect.any(String),
      },
      reservedFor: [{ resource: 'pods', name: 'p', uid: (await pods.get('p')).metadata.uid }],
    },
  });
});

test('Pods that come at once are given devices of their own, and one for whom none is left waits for it', async () => {
  await addNode('a', [{ name: 'gpu-0' }, { name: 'gpu-1' }]);
  for (const name of ['p', 'q', 'r']) await use(name);
  await bench.api.activity.settled();
  const placed = (await pods.list()).filter(({ spec }) => spec?.nodeName).map(({ metadata }) => metadata.name ?? '');
  expect(placed).toHaveLength(2);
  const given = (await Promise.all(placed.map(devicesOf))).flat();
  expect(given.sort()).toEqual(['a/gpu-0', 'a/gpu-1']);
  const [left = ''] = ['p', 'q', 'r'].filter((name) => !placed.includes(name));
  expect((await bench.events()).join('\n')).toContain(
    `Pod/${left} FailedScheduling: 0/1 nodes are available: 1 cannot allocate all claims. still not schedulable`,
  );
  await claims.change(placed[0] ?? '', { status: { allocation: null, reservedFor: null } }, 'status');
  await bench.advance(10_000);
  expect(await nodeOf(left)).toBe('a');
});

test('a Pod waits for its claim, its class and a device', async () => {
  await addNode('a');
  await classes.delete('gpu');
  await pods.create(
    pod({ metadata: { name: 'p' }, spec: { resourceClaims: [{ name: 'c', resourceClaimName: 'p' }] } }),
  );
  expect(await nodeOf('p')).toBeUndefined();
  await claims.create(resourceClaim({ metadata: { name: 'p' } }));
  await bench.api.activity.settled();
  expect(await lastEvent()).toContain('request gpu: device class gpu does not exist');
  await classes.create(deviceClass());
  await bench.advance(10_000);
  expect(await lastEvent()).toContain('1 cannot allocate all claims');
  await slices.create(resourceSlice('a', [{ name: 'gpu-0' }]));
  await bench.advance(20_000);
  expect(await nodeOf('p')).toBe('a');
});

test('Pods that share a claim go where its device is', async () => {
  await addNode('a');
  await addNode('b', [{ name: 'gpu-0' }]);
  await use('p');
  expect(await nodeOf('p')).toBe('b');
  const resourceClaims = [{ name: 'c', resourceClaimName: 'p' }];
  await pods.create(pod({ metadata: { name: 'q' }, spec: { resourceClaims } }));
  expect(await nodeOf('q')).toBe('b');
  expect((await claims.get('p')).status?.reservedFor).toHaveLength(2);
});

test('the better alternative is preferred, wherever it is', async () => {
  await addNode('a', [{ name: 'gpu-0', attributes: { size: { string: 'small' } } }]);
  await addNode('b', [{ name: 'gpu-0', attributes: { size: { string: 'big' } } }]);
  const sized = (name: string) => ({
    name,
    deviceClassName: 'gpu',
    selectors: [{ cel: { expression: `device.attributes["gpu.example.com"].size == "${name}"` } }],
  });
  const requests = [{ name: 'gpu', firstAvailable: [sized('big'), sized('small')] }];
  await claims.create(resourceClaim({ metadata: { name: 'p' }, spec: { devices: { requests } } }));
  await pods.create(
    pod({ metadata: { name: 'p' }, spec: { resourceClaims: [{ name: 'c', resourceClaimName: 'p' }] } }),
  );
  expect([await nodeOf('p'), await devicesOf('p')]).toEqual(['b', ['b/gpu-0']]);
});

test('a Pod is bound when its devices say that they can be used, and others are tried when they never will', async () => {
  const waited = { bindingConditions: ['example.com/attached'], bindingFailureConditions: ['example.com/broken'] };
  await addNode('a', [
    { name: 'gpu-0', ...waited },
    { name: 'gpu-1', ...waited },
  ]);
  const tell = async (type: string) => {
    const [device = ''] = await devicesOf('p');
    const [pool = '', name = ''] = device.split('/');
    const lastTransitionTime = '2026-01-01T00:00:00Z';
    const conditions = [{ type, status: 'True', reason: 'Told', message: '', lastTransitionTime }];
    const devices = [{ driver: 'gpu.example.com', pool, device: name, conditions }];
    await claims.change('p', { status: { devices } }, 'status');
    await bench.api.activity.settled();
  };
  await use('p');
  expect(await nodeOf('p')).toBeUndefined();
  expect(await bench.events()).toContain(
    'Pod/p BindingConditionsPending: waiting for binding conditions for device on node a',
  );
  await tell('example.com/broken');
  expect((await bench.events()).join('\n')).toContain('device binding failed: claim=p, reason=Told');
  await bench.advance(30_000);
  expect(await devicesOf('p')).toHaveLength(1);
  await tell('example.com/attached');
  expect(await nodeOf('p')).toBe('a');
});

test('devices of a class are had as an extended resource, too', async () => {
  await classes.change('gpu', { spec: { extendedResourceName: 'example.com/gpu' } });
  await addNode('a');
  await addNode('b', [{ name: 'gpu-0' }]);
  const resources = { requests: { 'example.com/gpu': '1' }, limits: { 'example.com/gpu': '1' } };
  await pods.create(pod({ metadata: { name: 'p' }, spec: { containers: [{ name: 'main', image: 'i', resources }] } }));
  expect(await nodeOf('p')).toBe('b');
  const [claim] = await claims.list();
  expect((await pods.get('p')).status?.extendedResourceClaimStatus).toEqual({
    resourceClaimName: claim?.metadata.name,
    requestMappings: [{ containerName: 'main', resourceName: 'example.com/gpu', requestName: 'container-0-request-0' }],
  });
  expect(await devicesOf(claim?.metadata.name ?? '')).toEqual(['b/gpu-0']);
});

test('a selector that cannot be evaluated fails the attempt, which is made again', async () => {
  await addNode('a', [{ name: 'gpu-0' }]);
  await classes.change('gpu', { spec: { selectors: [{ cel: { expression: 'device.attributes["x"].missing' } }] } });
  await use('p');
  await bench.api.activity.settled();
  expect(await lastEvent()).toContain('class gpu: selector #0: CEL runtime error: no such key: missing');
  await classes.change('gpu', { spec: { selectors: [] } });
  await bench.advance(20_000);
  expect(await nodeOf('p')).toBe('a');
});
