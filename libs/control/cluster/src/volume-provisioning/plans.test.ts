import type { PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import {
  node,
  type Overrides,
  persistentVolume,
  persistentVolumeClaim,
  storageClass,
} from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { planExpansion } from './expansion-plan.js';
import { isToBeDeleted, planProvisioning, type ProvisionView } from './provision-plan.js';
import { HOSTPATH_PROVISIONER, SIMULATED_PROVISIONER, volumeFor, volumeNameFor } from './provisioners.js';

const PROVISIONER = 'volume.kubernetes.io/storage-provisioner';
const SELECTED = 'volume.kubernetes.io/selected-node';
const classOf = (name: string, provisioner: string, more: Partial<StorageClass> = {}) =>
  storageClass({ metadata: { name }, provisioner, ...more });
const LOCAL = classOf('local', HOSTPATH_PROVISIONER, { volumeBindingMode: 'WaitForFirstConsumer' });
const SHARED = classOf('shared', SIMULATED_PROVISIONER, { allowVolumeExpansion: true, mountOptions: ['ro'] });
const CLASSES = [LOCAL, SHARED, classOf('other', 'example.com/disk')];
const claimOf = (
  storageClassName: string,
  annotations: Record<string, string>,
  more: Overrides<PersistentVolumeClaim> = {},
) =>
  persistentVolumeClaim({
    ...more,
    metadata: { annotations, ...more.metadata },
    spec: { storageClassName, ...more.spec },
  });

function view(claim: PersistentVolumeClaim, volumes: string[] = []): ProvisionView {
  return {
    claim,
    classNamed: (name) => CLASSES.find(({ metadata }) => metadata.name === name),
    volumeNamed: (name) => (volumes.includes(name) ? persistentVolume({ metadata: { name } }) : undefined),
    nodeNamed: (name) => (name === 'a' ? node({ metadata: { name } }) : undefined),
  };
}

describe('a volume is made', () => {
  const ofLocal = { [PROVISIONER]: HOSTPATH_PROVISIONER };
  const ofShared = { [PROVISIONER]: SIMULATED_PROVISIONER };
  test.each<[string, PersistentVolumeClaim, string]>([
    ['when we are asked', claimOf('shared', ofShared), 'make'],
    ['not when nobody is', claimOf('shared', {}), 'nothing'],
    ['not when another is', claimOf('other', { [PROVISIONER]: 'example.com/disk' }), 'nothing'],
    ['not for a class that is another’s', claimOf('other', ofShared), 'nothing'],
    ['not for a claim that has one', claimOf('shared', ofShared, { spec: { volumeName: 'x' } }), 'nothing'],
    [
      'not for a claim that goes',
      claimOf('shared', ofShared, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }),
      'nothing',
    ],
    ['not before there is a node, where the class waits', claimOf('local', ofLocal), 'nothing'],
    ['for that node', claimOf('local', { ...ofLocal, [SELECTED]: 'a' }), 'make'],
    ['for another node, where that is gone', claimOf('local', { ...ofLocal, [SELECTED]: 'gone' }), 'reschedule'],
  ])('%s', (_, claim, act) => {
    expect(planProvisioning(view(claim)).act).toBe(act);
  });

  test('once', () => {
    const claim = claimOf('shared', ofShared);
    expect(planProvisioning(view(claim, [volumeNameFor(claim)])).act).toBe('nothing');
  });

  test('as a directory of its node', () => {
    const at = node({ metadata: { name: 'a', labels: { 'kubernetes.io/hostname': 'host-a' } } });
    const made = volumeFor({ claim: claimOf('local', {}), storage: LOCAL, node: at });
    const expression = { key: 'kubernetes.io/hostname', operator: 'In', values: ['host-a'] };
    expect(made).toMatchObject({
      metadata: {
        annotations: { 'pv.kubernetes.io/provisioned-by': HOSTPATH_PROVISIONER },
        finalizers: ['external-provisioner.volume.kubernetes.io/finalizer'],
      },
      spec: {
        capacity: { storage: '1Gi' },
        claimRef: { name: 'data', namespace: 'default' },
        persistentVolumeReclaimPolicy: 'Delete',
        storageClassName: 'local',
        hostPath: { path: `/var/lib/binnacle/volumes/${made.metadata.name}` },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [expression] }] } },
      },
    });
  });

  test('as a volume that all nodes reach, or those of its topology', () => {
    const made = volumeFor({ claim: claimOf('shared', {}), storage: SHARED, node: undefined });
    expect(made.spec).toMatchObject({ csi: { driver: SIMULATED_PROVISIONER }, mountOptions: ['ro'] });
    expect(made.spec?.nodeAffinity).toBeUndefined();
    const allowedTopologies = [{ matchLabelExpressions: [{ key: 'zone', values: ['a', 'b'] }] }];
    const bound = volumeFor({
      claim: claimOf('shared', {}),
      storage: { ...SHARED, allowedTopologies },
      node: undefined,
    });
    expect(bound.spec?.nodeAffinity?.required?.nodeSelectorTerms).toEqual([
      { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a', 'b'] }] },
    ]);
  });

  test('that is kept has nobody to wait for', () => {
    const storage = { ...SHARED, reclaimPolicy: 'Retain' };
    expect(volumeFor({ claim: claimOf('shared', {}), storage, node: undefined }).metadata.finalizers).toBeUndefined();
  });

  test.each<[string, Overrides<PersistentVolumeClaim['spec']>, boolean, string]>([
    ['without a node', {}, false, 'no node was specified'],
    ['for many nodes', { accessModes: ['ReadWriteMany'] }, true, 'only the access modes'],
    ['by a selector', { selector: {} }, true, 'claim.Spec.Selector is not supported'],
  ])('not as a directory %s', (_, spec, hasNode, message) => {
    const order = { claim: claimOf('local', {}, { spec }), storage: LOCAL, node: hasNode ? node() : undefined };
    expect(() => volumeFor(order)).toThrow(message);
  });
});

test.each<[string, string, string, string, boolean]>([
  ['ours that is released goes', SIMULATED_PROVISIONER, 'Delete', 'Released', true],
  ['ours that is kept stays', SIMULATED_PROVISIONER, 'Retain', 'Released', false],
  ['ours that is bound stays', SIMULATED_PROVISIONER, 'Delete', 'Bound', false],
  ['another’s stays', 'example.com/disk', 'Delete', 'Released', false],
])('a volume: %s', (_, by, persistentVolumeReclaimPolicy, phase, expected) => {
  const annotations = { 'pv.kubernetes.io/provisioned-by': by };
  const volume = persistentVolume({
    metadata: { annotations },
    spec: { persistentVolumeReclaimPolicy },
    status: { phase },
  });
  expect(isToBeDeleted(volume)).toBe(expected);
});

describe('a claim that asks for more', () => {
  const classNamed = (name: string) => CLASSES.find(({ metadata }) => metadata.name === name);
  const claim = (request: string, has = '1Gi', storageClassName = 'shared') =>
    persistentVolumeClaim({
      spec: { storageClassName, resources: { requests: { storage: request } } },
      status: { phase: 'Bound', capacity: { storage: has } },
    });
  const volume = (size: string, by = SIMULATED_PROVISIONER) =>
    persistentVolume({
      metadata: { annotations: { 'pv.kubernetes.io/provisioned-by': by } },
      spec: { capacity: { storage: size }, claimRef: { uid: persistentVolumeClaim().metadata.uid } },
    });
  test.each([
    ['gets it', claim('2Gi'), volume('1Gi'), { act: 'expand', size: '2Gi' }],
    ['than it says, of a volume that is as large', claim('2Gi'), volume('3Gi'), { act: 'report', size: '3Gi' }],
    ['of a class that does not allow it does not', claim('2Gi', '1Gi', 'local'), volume('1Gi'), { act: 'nothing' }],
    ['of another’s is left to that', claim('2Gi'), volume('1Gi', 'example.com/disk'), { act: 'leave' }],
    [
      'of another’s that is large enough is left alone',
      claim('2Gi'),
      volume('2Gi', 'example.com/disk'),
      { act: 'nothing' },
    ],
    ['and does not, has nothing done', claim('1Gi'), volume('1Gi'), { act: 'nothing' }],
    ['of a volume that is another’s has nothing done', claim('2Gi'), persistentVolume(), { act: 'nothing' }],
  ])('%s', (_, subject, of, expected) => {
    expect(planExpansion(subject, of, classNamed)).toEqual(expected);
  });
});
