import type { Lease } from '@binnacle/apis-kubernetes/coordination/v1';
import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { ResourceClient } from '@binnacle/client-rest';
import { newConflict, newNotFound, newServiceUnavailable } from '@binnacle/machinery-meta';
import { beforeEach, describe, expect, test } from 'vitest';
import { fakeContext } from '../testing/fakes.js';
import { LeaseHeartbeat } from './lease-heartbeat.js';
import { type NodeDescription, newNode, nodeStatus, wellKnownLabels, withoutHeartbeat } from './node-object.js';

const LEASES = { group: 'coordination.k8s.io', resource: 'leases' };
const turn = () => new Promise((resolve) => setImmediate(resolve));
let ctx = fakeContext();
let stored: Lease | undefined;
let calls: string[];
let refusals: (Error | undefined)[];
let node: Node | undefined;
let begin: () => void;
let abort: AbortController;

beforeEach(() => {
  ctx = fakeContext();
  abort = new AbortController();
  [stored, calls, refusals, node] = [undefined, [], [], undefined];
  const client = {
    get: async () => {
      calls.push('get');
      if (!stored) throw newNotFound(LEASES, 'n');
      return stored;
    },
    create: (_: unknown, lease: Lease) => write('create', lease),
    update: (_: unknown, lease: Lease) => write('update', lease),
  } as unknown as ResourceClient<Lease>;
  begin = () => void new LeaseHeartbeat(client, 'n', () => node).run({ ...ctx, signal: abort.signal });
});

async function write(verb: string, lease: Lease): Promise<Lease> {
  calls.push(verb);
  const refusal = refusals.shift();
  if (refusal) throw refusal;
  stored = { ...lease, metadata: { ...lease.metadata, resourceVersion: `${calls.length}` } };
  return stored;
}

async function pass(seconds: number): Promise<void> {
  begin();
  begin = () => undefined;
  for (let at = 0; at < seconds; at += 1) {
    await turn();
    ctx.clock.step(1_000);
  }
  await turn();
}

describe('the lease of a node', () => {
  test('is made, then renewed every ten seconds from what it was', async () => {
    await pass(21);
    expect(calls).toEqual(['get', 'create', 'update', 'update']);
    expect(stored).toMatchObject({
      metadata: { name: 'n', namespace: 'kube-node-lease' },
      spec: { holderIdentity: 'n', leaseDurationSeconds: 40, renewTime: '2026-01-01T00:00:20.000000Z' },
    });
    abort.abort();
    await pass(30);
    expect(calls).toHaveLength(4);
  });

  test('that is there is taken over', async () => {
    stored = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'n', labels: { a: 'b' } },
      spec: {},
    };
    await pass(1);
    expect(calls).toEqual(['get', 'update']);
    expect(stored.metadata.labels).toEqual({ a: 'b' });
    abort.abort();
  });

  test('is owned by the node once that is known', async () => {
    await pass(1);
    expect(stored?.metadata.ownerReferences).toBeUndefined();
    node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', uid: 'node-uid' } };
    await pass(10);
    expect(stored?.metadata.ownerReferences).toEqual([{ apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'node-uid' }]);
    abort.abort();
  });

  test.each([newServiceUnavailable('no API server'), newConflict(LEASES, 'n'), newNotFound(LEASES, 'n')])(
    'is read again a second after it could not be renewed: %s',
    async (refusal) => {
      await pass(1);
      refusals = [refusal, refusal];
      await pass(12);
      expect(calls).toEqual(['get', 'create', 'update', 'get', 'update', 'get', 'update']);
      abort.abort();
    },
  );
});

describe('the object of a node', () => {
  const described: NodeDescription = {
    name: 'n',
    address: '127.0.0.9',
    labels: { role: 'x' },
    annotations: { note: 'hi' },
    taints: [],
    capacity: { cpu: '4' },
    allocatable: { cpu: '3' },
    info: { architecture: 'amd64', operatingSystem: 'linux' } as NodeDescription['info'],
    port: 10_250,
  };
  const READY = { ready: true, message: 'ok' };
  const status = (now: number, condition = READY, previous = {}, images: string[] = []) =>
    nodeStatus(described, previous, {
      condition,
      now,
      images: images.map((tag) => ({ id: tag, repoTags: [tag], sizeBytes: 1 })),
    });

  test('carries the labels everybody knows, of which its own win', () => {
    expect(wellKnownLabels({ ...described, labels: { 'kubernetes.io/os': 'other' } })).toMatchObject({
      'kubernetes.io/hostname': 'n',
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/os': 'other',
    });
  });

  test('says of its taints and its agent only where there are any', () => {
    expect(newNode(described).spec).toEqual({});
    expect(newNode({ ...described, taints: [{ key: 'k', effect: 'NoSchedule' }], providerId: 'a://b' }).spec).toEqual({
      taints: [{ key: 'k', effect: 'NoSchedule' }],
      providerID: 'a://b',
    });
  });

  test('of a cloud waits for it, and tells its own address only until the cloud has told others', () => {
    const clouded: NodeDescription = {
      ...described,
      taints: [{ key: 'k', effect: 'NoSchedule' }],
      cloudProvider: 'external',
    };
    expect(newNode(clouded).spec?.taints).toEqual([
      { key: 'k', effect: 'NoSchedule' },
      { key: 'node.cloudprovider.kubernetes.io/uninitialized', value: 'true', effect: 'NoSchedule' },
    ]);
    const told = (node: NodeDescription, addresses: { type: string; address: string }[]) =>
      nodeStatus(node, { addresses }, { condition: READY, now: 0, images: [] }).addresses?.map(
        ({ address }) => address,
      );
    const [others, own] = [[{ type: 'InternalIP', address: '192.0.2.1' }], ['127.0.0.9', 'n']];
    expect([told(clouded, []), told(clouded, others), told(described, others)]).toEqual([own, ['192.0.2.1'], own]);
  });

  test('tells of no more than fifty images', () => {
    const tags = Array.from({ length: 60 }, (_, at) => `app:${at}`);
    expect(status(0, READY, {}, tags).images).toHaveLength(50);
  });

  test('keeps since when a condition is so', () => {
    const first = status(0);
    const later = status(60_000, READY, first);
    const broken = status(120_000, { ready: false, message: 'no' }, later);
    const times = (one: typeof first) =>
      one.conditions?.map(({ lastTransitionTime }) => lastTransitionTime?.slice(14, 16));
    expect([times(later), times(broken)]).toEqual([
      ['00', '00', '00', '00'],
      ['00', '00', '00', '02'],
    ]);
    expect(broken.conditions?.at(-1)).toMatchObject({
      type: 'Ready',
      status: 'False',
      reason: 'KubeletNotReady',
      message: 'no',
    });
  });

  test('is told again where it differs in more than the time, or in what others say', () => {
    const first = withoutHeartbeat(status(0));
    expect(withoutHeartbeat(status(60_000, READY, status(0)))).toEqual(first);
    const others = {
      ...status(0),
      conditions: [
        ...(status(0).conditions ?? []),
        { type: 'Other', status: 'True', lastHeartbeatTime: '', lastTransitionTime: '', reason: '', message: '' },
      ],
    };
    expect(withoutHeartbeat({ ...others, conditions: [...others.conditions].reverse() })).toEqual(first);
    expect(withoutHeartbeat(status(0, { ready: false, message: 'no' }))).not.toEqual(first);
  });
});
