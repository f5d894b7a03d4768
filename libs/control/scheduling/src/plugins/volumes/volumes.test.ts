import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { CSINode } from '@binnacle/apis-kubernetes/storage/v1';
import { type Overrides, persistentVolume, persistentVolumeClaim, storageClass } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import type { Context } from '@binnacle/machinery-context';
import { cluster, info, node } from '../../testing/builders.js';
import { findNodes } from '../../engine/find-nodes.js';
import { wakes } from '../../testing/default-plugins.js';
import { verdicts } from '../../testing/verdicts.js';
import { type VolumeChoice, volumeChooser } from './choose-volumes.js';
import { nodeVolumeLimits } from './node-volume-limits.js';
import type { StorageView } from './storage-view.js';
import { VolumeBinding } from './volume-binding.js';
import { volumeRestrictions } from './volume-restrictions.js';
import type { VolumeWriter } from './volume-writer.js';
import { volumeZone } from './volume-zone.js';

const BOUND = { 'pv.kubernetes.io/bind-completed': 'yes' };
const view = cluster([
  node('a', { labels: { zone: 'a', 'topology.kubernetes.io/zone': 'z1' } }),
  node('b', { labels: { zone: 'b', 'topology.kubernetes.io/zone': 'z2' } }),
]);
const CLASSES = [
  storageClass({ metadata: { name: 'now' } }),
  storageClass({ metadata: { name: 'later' }, volumeBindingMode: 'WaitForFirstConsumer' }),
  storageClass({
    metadata: { name: 'by-hand' },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'WaitForFirstConsumer',
  }),
  storageClass({
    metadata: { name: 'zone-b' },
    volumeBindingMode: 'WaitForFirstConsumer',
    allowedTopologies: [{ matchLabelExpressions: [{ key: 'zone', values: ['b'] }] }],
  }),
];

interface Given {
  readonly claims?: readonly PersistentVolumeClaim[];
  readonly volumes?: readonly PersistentVolume[];
  readonly csiNodes?: readonly CSINode[];
}

function storageOf({ claims = [], volumes = [], csiNodes = [] }: Given): StorageView {
  return {
    claim: (key) => claims.find(({ metadata }) => `default/${metadata.name}` === key),
    volume: (name) => volumes.find(({ metadata }) => metadata.name === name),
    candidates: () => volumes,
    storageClass: (name) => CLASSES.find(({ metadata }) => metadata.name === name),
    csiNode: (name) => csiNodes.find(({ metadata }) => metadata.name === name),
  };
}

const nobody = { bind: () => Promise.resolve() } as unknown as VolumeWriter;
const bindingOf = (given: Given) => new VolumeBinding(storageOf(given), nobody, new Map());
const using = (...names: string[]) =>
  names.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } }));
const podOf = (...names: string[]) => info('p', { spec: { volumes: using(...names) } });
const claimOf = (
  name: string,
  spec: Overrides<PersistentVolumeClaim['spec']> = {},
  more: Overrides<PersistentVolumeClaim> = {},
) => persistentVolumeClaim({ ...more, metadata: { name, ...more.metadata }, spec });
const boundTo = (name: string, volumeName: string, spec: Overrides<PersistentVolumeClaim['spec']> = {}) =>
  claimOf(name, { volumeName, ...spec }, { metadata: { annotations: BOUND }, status: { phase: 'Bound' } });
const inZone = (name: string, zone: string, spec: Overrides<PersistentVolume['spec']> = {}) => {
  const matchExpressions = [{ key: 'zone', operator: 'In', values: [zone] }];
  return persistentVolume({
    metadata: { name },
    spec: { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } }, ...spec },
  });
};

describe('VolumeBinding', () => {
  const none = "node(s) didn't find available persistent volumes to bind";
  test.each<[string, Given, string, string]>([
    [
      'a volume that is bound keeps its Pod near',
      { claims: [boundTo('c', 'v')], volumes: [inZone('v', 'a')] },
      'ok',
      "node(s) didn't match PersistentVolume's node affinity",
    ],
    [
      'one that every node reaches does not',
      { claims: [boundTo('c', 'v')], volumes: [persistentVolume({ metadata: { name: 'v' } })] },
      'ok',
      'ok',
    ],
    [
      'one that is gone keeps the Pod away',
      { claims: [boundTo('c', 'v')] },
      'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)',
      'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)',
    ],
    [
      'a claim that waits goes where a volume is',
      {
        claims: [claimOf('c', { storageClassName: 'by-hand' })],
        volumes: [inZone('v', 'b', { storageClassName: 'by-hand' })],
      },
      none,
      'ok',
    ],
    ['or anywhere, where one is made', { claims: [claimOf('c', { storageClassName: 'later' })] }, 'ok', 'ok'],
    ['or where one may be made', { claims: [claimOf('c', { storageClassName: 'zone-b' })] }, none, 'ok'],
    [
      'or where one is made already',
      {
        claims: [
          claimOf(
            'c',
            { storageClassName: 'later' },
            { metadata: { annotations: { 'volume.kubernetes.io/selected-node': 'a' } } },
          ),
        ],
      },
      'ok',
      none,
    ],
  ])('%s', (_, given, a, b) => {
    expect(verdicts(bindingOf(given), podOf('c'), view)).toEqual({ a, b });
  });

  test.each<[string, Given]>([
    ['persistentvolumeclaim "c" not found', {}],
    ['pod has unbound immediate PersistentVolumeClaims', { claims: [claimOf('c', { storageClassName: 'now' })] }],
    [
      'persistentvolumeclaim "c" is being deleted',
      { claims: [claimOf('c', {}, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })] },
    ],
    [
      'persistentvolumeclaim "c" bound to non-existent persistentvolume "v"',
      { claims: [claimOf('c', { volumeName: 'v' }, { status: { phase: 'Lost' } })] },
    ],
  ])('what is the matter with the Pod is told once: %s', (reason, given) => {
    const { rejections } = findNodes(podOf('c'), view, [bindingOf(given)]);
    const told = { reasons: [reason], unresolvable: true, ofPod: true, plugin: 'VolumeBinding' };
    expect([...rejections].map(([, rejection]) => rejection)).toEqual([told, told]);
  });

  test('an ephemeral volume waits for its claim, and takes no other', () => {
    const pod = info('p', { spec: { volumes: [{ name: 'v', ephemeral: {} }] } });
    const reason = (given: Given) => bindingOf(given).preFilter(pod, view)?.rejection?.reasons[0];
    expect(reason({})).toBe('waiting for ephemeral volume controller to create the persistentvolumeclaim "p-v"');
    expect(reason({ claims: [claimOf('p-v')] })).toBe(
      'PVC default/p-v was not created for pod default/p (pod is not owner)',
    );
  });

  test('says nothing of a Pod without claims', () => {
    expect(bindingOf({}).preFilter(info('p'), view)).toBeUndefined();
  });

  test('a volume that was promised is not promised again, until that is over', () => {
    const claims = [claimOf('c', { storageClassName: 'by-hand' }), claimOf('d', { storageClassName: 'by-hand' })];
    const binding = bindingOf({ claims, volumes: [inZone('v', 'a', { storageClassName: 'by-hand' })] });
    const first = podOf('c');
    binding.reserve(first, 'a', view);
    expect(verdicts(binding, podOf('d'), view)).toEqual({ a: none, b: none });
    expect(() => binding.reserve(podOf('d'), 'a', view)).toThrow('there are no volumes for default/p on a any more');
    binding.unreserve(first);
    expect(verdicts(binding, podOf('d'), view)).toEqual({ a: 'ok', b: none });
    expect(binding.reserve(info('p'), 'a', view)).toBeUndefined();
  });

  test('Pods that share a claim are promised the same volume for it', async () => {
    const bindings: VolumeChoice[] = [];
    const writer = { bind: async (_: Context, choice: VolumeChoice) => void bindings.push(choice) };
    const volumes = ['v', 'w'].map((name) => inZone(name, 'a', { storageClassName: 'by-hand' }));
    const storage = storageOf({ claims: [claimOf('c', { storageClassName: 'by-hand' })], volumes });
    const binding = new VolumeBinding(storage, writer as unknown as VolumeWriter, new Map());
    const pods = [podOf('c'), podOf('c')];
    for (const pod of pods) binding.reserve(pod, 'a', view);
    expect([...pods, info('q')].map((pod) => binding.preBindPreFlight(pod))).toEqual([true, true, false]);
    for (const pod of pods) await binding.preBind({} as Context, pod, 'a');
    expect(bindings.map(({ found }) => found[0]?.volume.metadata.name)).toEqual(['v', 'v']);
  });

  test('looks at the volumes once for all nodes', () => {
    let looks = 0;
    const storage: StorageView = {
      ...storageOf({ claims: [claimOf('c', { storageClassName: 'by-hand' })] }),
      candidates: () => {
        looks += 1;
        return [];
      },
    };
    expect(verdicts(new VolumeBinding(storage, nobody, new Map()), podOf('c'), view)).toEqual({ a: none, b: none });
    expect(looks).toBe(1);
  });

  test.each([
    ['its claim', { resource: 'PersistentVolumeClaim', action: 'Update', current: claimOf('c') } as const, true],
    [
      'the claim of another',
      { resource: 'PersistentVolumeClaim', action: 'Add', current: claimOf('d') } as const,
      false,
    ],
    ['any volume', { resource: 'PersistentVolume', action: 'Update', current: persistentVolume() } as const, true],
    ['a namespace', { resource: 'Namespace', action: 'Add' } as const, false],
    [
      'a class in nothing that counts',
      { resource: 'StorageClass', action: 'Update', old: storageClass(), current: storageClass() } as const,
      false,
    ],
  ])('is asked again when %s changes: %s', (_, event, expected) => {
    expect(wakes(bindingOf({}), event, podOf('c'))).toBe(expected);
  });
});

test('of several claims the smallest is served first, each with a volume of its own', () => {
  const claim = (name: string, storage: string) =>
    claimOf(name, { storageClassName: 'by-hand', resources: { requests: { storage } } });
  const volumes = [
    inZone('small', 'a', { storageClassName: 'by-hand' }),
    inZone('big', 'a', { storageClassName: 'by-hand', capacity: { storage: '9Gi' } }),
  ];
  const at = node('a', { labels: { zone: 'a' } });
  const choice = volumeChooser([claim('more', '2Gi'), claim('less', '1Gi')], storageOf({ volumes }), new Map())(at);
  expect(choice?.found.map(({ claim: { metadata }, volume }) => [metadata.name, volume.metadata.name])).toEqual([
    ['less', 'small'],
    ['more', 'big'],
  ]);
  const promised = new Map([
    ['small', 'theirs'],
    ['big', 'theirs'],
  ]);
  expect(volumeChooser([claim('c', '1Gi')], storageOf({ volumes }), promised)(at)).toBeUndefined();
});

test('VolumeZone keeps a Pod in the zones of its volume, by either name of the label', () => {
  const labelled = (labels: Record<string, string>) =>
    volumeZone(
      storageOf({ claims: [boundTo('c', 'v')], volumes: [persistentVolume({ metadata: { name: 'v', labels } })] }),
    );
  const away = 'node(s) had no available volume zone';
  expect(verdicts(labelled({ 'topology.kubernetes.io/zone': 'z1' }), podOf('c'), view)).toEqual({ a: 'ok', b: away });
  const older = labelled({ 'failure-domain.beta.kubernetes.io/zone': 'z2__z3' });
  expect(verdicts(older, podOf('c'), view)).toEqual({ a: away, b: 'ok' });
  expect(verdicts(older, podOf('c'), cluster([node('nowhere')]))).toEqual({ nowhere: 'ok' });
  expect(labelled({}).preFilter(podOf('c'), view)).toBeUndefined();
});

test('VolumeRestrictions keeps a volume for one Pod to one Pod', () => {
  const claims = [boundTo('alone', 'v', { accessModes: ['ReadWriteOncePod'] }), boundTo('shared', 'w')];
  const plugin = volumeRestrictions(storageOf({ claims }));
  const taken = cluster([node('a'), node('b')], {
    a: [info('other', { spec: { volumes: using('alone', 'shared') } })],
  });
  const why =
    'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod';
  expect(verdicts(plugin, podOf('alone'), taken)).toEqual({ a: why, b: why });
  expect(verdicts(plugin, podOf('alone'), view)).toEqual({ a: 'ok', b: 'ok' });
  expect(plugin.preFilter(podOf('shared'), taken)).toBeUndefined();
});

test('NodeVolumeLimits counts the volumes of a driver on a node, each once', () => {
  const volumes = ['v', 'w'].map((name) =>
    persistentVolume({ metadata: { name }, spec: { hostPath: undefined, csi: { driver: 'd', volumeHandle: name } } }),
  );
  const csiNode = { apiVersion: 'storage.k8s.io/v1', kind: 'CSINode', metadata: { name: 'a' } };
  const csiNodes = [{ ...csiNode, spec: { drivers: [{ name: 'd', nodeID: 'a', allocatable: { count: 1 } }] } }];
  const plugin = nodeVolumeLimits(storageOf({ claims: [boundTo('c', 'v'), boundTo('d', 'w')], volumes, csiNodes }));
  const full = cluster([node('a'), node('b')], { a: [info('other', { spec: { volumes: using('c') } })] });
  expect(verdicts(plugin, podOf('d'), full)).toEqual({ a: 'node(s) exceed max volume count', b: 'ok' });
  expect(verdicts(plugin, podOf('c'), full)).toEqual({ a: 'ok', b: 'ok' });
});
