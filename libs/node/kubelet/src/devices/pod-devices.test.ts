import type { Container, Pod, PodSpec } from '@binnacle/apis-kubernetes/core/v1';
import type { ResourceClaim } from '@binnacle/apis-kubernetes/resource/v1';
import { allocatedOn, resourceClaim } from '@binnacle/testing-fixtures';
import type { DeviceDriver } from '@binnacle/node-cri';
import { beforeEach, describe, expect, test } from 'vitest';
import { fakeContext, podOf } from '../testing/fakes.js';
import { PodDevices } from './pod-devices.js';

const ctx = fakeContext();
let calls: string[];
let claims: Map<string, ResourceClaim>;
let devices: PodDevices;

const driver: DeviceDriver = {
  name: 'gpu.example.com',
  async prepare(_, { metadata, status }) {
    calls.push(`prepare ${metadata.name}`);
    const results = status?.allocation?.devices?.results ?? [];
    return results.map(({ request, device }) => ({ request, environment: { [device]: request } }));
  },
  async unprepare(_, uid) {
    calls.push(`unprepare ${uid}`);
  },
};

beforeEach(() => {
  calls = [];
  claims = new Map();
  devices = new PodDevices([driver], async (_, namespace, name) => {
    const claim = claims.get(`${namespace}/${name}`);
    if (!claim) throw new Error('not found');
    return claim;
  });
});

const container = (name: string, ...uses: object[]): Container => ({ name, resources: { claims: uses as never } });
const user = (uid: string, spec: Partial<PodSpec> = {}): Pod =>
  podOf({ resourceClaims: [{ name: 'c', resourceClaimName: 'gpu' }], ...spec }, { uid });
/** A claim of two requests whose devices these Pods use. */
function give(...users: Pod[]): void {
  const status = allocatedOn('n', ['gpu-0', 'gpu-1'], users);
  const [first, second] = status.allocation?.devices?.results ?? [];
  const results = [
    { ...first, request: 'a' },
    { ...second, request: 'b/small' },
  ];
  const allocation = { devices: { results: results as never } };
  claims.set('ns/gpu', resourceClaim({ metadata: { uid: 'claim' }, status: { ...status, allocation } }));
}

test('a container sees the devices of the claims it names, or of one request', async () => {
  const pod = user('u');
  give(pod);
  await devices.prepare(ctx, pod);
  expect(devices.environment(pod, container('x', { name: 'c' }))).toEqual({ 'gpu-0': 'a', 'gpu-1': 'b/small' });
  expect(devices.environment(pod, container('x', { name: 'c', request: 'b' }))).toEqual({ 'gpu-1': 'b/small' });
  expect(devices.environment(pod, container('x'))).toEqual({});
});

test('a claim that Pods share is made ready once, and let go of by the last', async () => {
  const [one, other] = [user('u'), user('v')];
  give(one, other);
  for (const pod of [one, other, one]) await devices.prepare(ctx, pod);
  await devices.release(ctx, one);
  expect(calls).toEqual(['prepare gpu']);
  await devices.release(ctx, other);
  await devices.release(ctx, other);
  expect(calls).toEqual(['prepare gpu', 'unprepare claim']);
});

test('a Pod that asks by extended resources has the devices of the claim that was made for them', async () => {
  const pod: Pod = {
    ...podOf({}, { uid: 'u' }),
    status: {
      extendedResourceClaimStatus: {
        resourceClaimName: 'gpu',
        requestMappings: [{ containerName: 'x', resourceName: 'example.com/gpu', requestName: 'a' }],
      },
    },
  };
  give(pod);
  await devices.prepare(ctx, pod);
  expect([devices.environment(pod, container('x')), devices.environment(pod, container('y'))]).toEqual([
    { 'gpu-0': 'a' },
    {},
  ]);
});

describe('a Pod does not start', () => {
  const pod = user('u');
  test.each<[string, () => void, Pod, string]>([
    ['without its claim', () => undefined, pod, 'fetch ResourceClaim gpu: not found'],
    [
      'with one that is another’s',
      () => give(user('v')),
      pod,
      'pod p (u) is not allowed to use ResourceClaim gpu (claim)',
    ],
    [
      'with one whose driver is not there',
      () => {
        give(pod);
        devices = new PodDevices([], async () => claims.get('ns/gpu') as ResourceClaim);
      },
      pod,
      'DRA driver gpu.example.com is not registered',
    ],
    [
      'before its claim is made',
      () => undefined,
      user('u', { resourceClaims: [{ name: 'c', resourceClaimTemplateName: 't' }] }),
      'pod "ns/p": ResourceClaim not created yet',
    ],
  ])('%s', async (_, arrange, subject, why) => {
    arrange();
    await expect(devices.prepare(ctx, subject)).rejects.toThrow(`prepare dynamic resources: ${why}`);
    expect(calls).toEqual([]);
  });
});
