import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { persistentVolumeClaim, pod } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { bindingOf, classOf, sizeOf, usersOf } from './claim-binding.js';

const classNamed = (name: string, more: Partial<StorageClass> = {}): StorageClass => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name },
  provisioner: 'example.com/disks',
  volumeBindingMode: 'Immediate',
  ...more,
});
const DEFAULT = {
  metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
};
const classes = [
  classNamed('standard', DEFAULT),
  classNamed('late', { volumeBindingMode: 'WaitForFirstConsumer' }),
  classNamed('hand', { provisioner: 'kubernetes.io/no-provisioner' }),
];
const claimOf = (spec: object, more: object = {}) => {
  const base = persistentVolumeClaim({ metadata: { name: 'data' }, ...more });
  return { ...base, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec } };
};
const user = (phase = 'Pending') =>
  pod({ spec: { volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }] }, status: { phase } });
const pending = { status: { phase: 'Pending' } };
const chosen = { ...pending, metadata: { name: 'data', annotations: { 'volume.kubernetes.io/selected-node': 'n' } } };

describe('a claim', () => {
  test.each([
    [
      'has its volume',
      claimOf({ volumeName: 'pv-1' }, { status: { phase: 'Bound' } }),
      { kind: 'bound', volume: 'pv-1' },
    ],
    ['has lost it', claimOf({ volumeName: 'pv-1' }, { status: { phase: 'Lost' } }), { kind: 'lost', volume: 'pv-1' }],
    [
      'waits for the one it names',
      claimOf({ volumeName: 'pv-1' }, pending),
      { kind: 'waitsForVolume', volume: 'pv-1' },
    ],
    [
      'of the default class waits for its provisioner',
      claimOf({}, pending),
      { kind: 'waitsForProvisioner', provisioner: 'example.com/disks' },
    ],
    ['waits for a Pod', claimOf({ storageClassName: 'late' }, pending), { kind: 'waitsForPod', name: 'late' }],
    [
      'for whose Pod a node is chosen waits for the provisioner',
      claimOf({ storageClassName: 'late' }, chosen),
      { kind: 'waitsForProvisioner', provisioner: 'example.com/disks' },
    ],
    [
      'of a class without provisioner waits for anybody',
      claimOf({ storageClassName: 'hand' }, pending),
      { kind: 'waitsForAny', name: 'hand' },
    ],
    [
      'that wants no class waits for anybody',
      claimOf({ storageClassName: '' }, pending),
      { kind: 'waitsForAny', name: '' },
    ],
    [
      'of a class that is not there',
      claimOf({ storageClassName: 'gone' }, pending),
      { kind: 'unknownClass', name: 'gone' },
    ],
  ])('%s', (_, claim, binding) => {
    expect(bindingOf(claim, classes, [])).toEqual(binding);
  });

  test('that a Pod uses waits for its node', () => {
    const claim = claimOf({ storageClassName: 'late' }, pending);
    expect(bindingOf(claim, classes, [user()])).toEqual({ kind: 'waitsForNode', pods: 1 });
  });

  test('without class waits where there is no default', () => {
    expect(bindingOf(claimOf({}, pending), [], [])).toEqual({ kind: 'noClass' });
    expect(classOf(claimOf({}, pending), classes)?.metadata.name).toBe('standard');
  });

  test('is used by the Pods of its namespace that name it and are not over', () => {
    const claim = claimOf({});
    const elsewhere = { ...user(), metadata: { name: 'x', namespace: 'other' } };
    expect(usersOf(claim, [user(), user('Running'), user('Succeeded'), user('Failed'), elsewhere, pod()])).toHaveLength(
      2,
    );
  });
});

describe('the size of a claim', () => {
  const sized = (asked: string, has: string | undefined, conditions: object[] = []) =>
    sizeOf(
      claimOf(
        { resources: { requests: { storage: asked } } },
        { status: { phase: 'Bound', ...(has && { capacity: { storage: has } }), conditions } },
      ),
    );

  test('is what it has', () => {
    expect(sized('1Gi', '1Gi')).toEqual({ asked: '1Gi', has: '1Gi', growing: undefined });
    expect(sized('1Gi', '1024Mi')?.growing).toBeUndefined();
    expect(sized('1Gi', '2Gi')?.growing).toBeUndefined();
  });

  test('grows: first the volume, then the file system', () => {
    expect(sized('2Gi', '1Gi')?.growing).toBe('volume');
    expect(sized('2Gi', '1Gi', [{ type: 'FileSystemResizePending', status: 'True' }])?.growing).toBe('fileSystem');
  });

  test('is not known before it has a volume', () => {
    expect(sized('1Gi', undefined)).toBeUndefined();
  });
});
