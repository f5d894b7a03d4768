import type { PersistentVolume } from '@binnacle/apis-kubernetes/core/v1';
import { type Overrides, persistentVolume, persistentVolumeClaim } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { boundStatus } from './binder.js';
import { planVolume, unbound, type VolumePlan } from './volume-plan.js';

const claim = persistentVolumeClaim();
const claimRef = { name: 'data', namespace: 'default', uid: claim.metadata.uid };
const OURS = { 'pv.kubernetes.io/bound-by-controller': 'yes' };
const MADE = { 'pv.kubernetes.io/provisioned-by': 'example.com/disk' };
const volumeOf = (spec: Overrides<PersistentVolume['spec']>, phase = 'Available', annotations = {}) =>
  persistentVolume({ metadata: { annotations }, spec, status: { phase } });
const claimed = (volumeName?: string, volumeMode = 'Filesystem') =>
  persistentVolumeClaim({ spec: { volumeMode, ...(volumeName && { volumeName }) } });
const deletes = { claimRef, persistentVolumeReclaimPolicy: 'Delete' };

function shown(plan: VolumePlan): string {
  if (plan.act === 'phase') return plan.phase;
  return plan.act === 'fail' ? `fail ${plan.reason}` : plan.act;
}

describe('a volume', () => {
  test.each<[string, PersistentVolume, ReturnType<typeof claimed> | undefined, string]>([
    ['of nobody is free', volumeOf({}), undefined, 'Available'],
    [
      'meant for somebody is free until he comes',
      volumeOf({ claimRef: { name: 'x', namespace: 'y' } }),
      undefined,
      'Available',
    ],
    ['of a claim that has it is bound', volumeOf({ claimRef }), claimed('disk'), 'Bound'],
    ['of a claim that does not know yet wakes it', volumeOf({ claimRef }), claimed(), 'wakeClaim'],
    ['of another mode than its claim says so', volumeOf({ claimRef }), claimed(undefined, 'Block'), 'mismatch'],
    ['whose claim is gone is released', volumeOf({ claimRef }, 'Bound'), undefined, 'Released'],
    ['that is kept stays released', volumeOf({ claimRef }, 'Released'), undefined, 'nothing'],
    ['that somebody made is left to him', volumeOf(deletes, 'Released', MADE), undefined, 'nothing'],
    ['that nobody can delete has failed', volumeOf(deletes, 'Released'), undefined, 'fail VolumeFailedDelete'],
    [
      'that nobody can wipe has failed',
      volumeOf({ claimRef, persistentVolumeReclaimPolicy: 'Recycle' }, 'Released'),
      undefined,
      'fail VolumeFailedRecycle',
    ],
    ['that failed stays so', volumeOf(deletes, 'Failed'), undefined, 'nothing'],
    ['whose claim went elsewhere is free again', volumeOf({ claimRef }, 'Bound', OURS), claimed('other'), 'unbind'],
    [
      'made for a claim that went elsewhere is released',
      volumeOf(deletes, 'Bound', MADE),
      claimed('other'),
      'Released',
    ],
  ])('%s', (_, volume, of, expected) => {
    expect(shown(planVolume(volume, of))).toBe(expected);
  });

  test('that we bound forgets its claim; one that a user bound keeps its name', () => {
    const ours = unbound(volumeOf({ claimRef }, 'Bound', { ...OURS, other: 'x' }));
    expect(ours.spec?.claimRef).toBeUndefined();
    expect(ours.metadata.annotations).toEqual({ other: 'x' });
    expect(unbound(volumeOf({ claimRef })).spec?.claimRef).toEqual({ name: 'data', namespace: 'default' });
  });
});

test('a claim reports the size of its volume when it gets it, and not again', () => {
  const volume = volumeOf({ capacity: { storage: '5Gi' }, volumeAttributesClassName: 'gold' });
  expect(boundStatus(claim, volume)).toEqual({
    phase: 'Bound',
    accessModes: ['ReadWriteOnce'],
    capacity: { storage: '5Gi' },
    currentVolumeAttributesClassName: 'gold',
  });
  const before = { phase: 'Bound', capacity: { storage: '1Gi' } };
  expect(boundStatus(persistentVolumeClaim({ status: before }), volume)).toMatchObject(before);
});
