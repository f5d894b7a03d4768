import type { OwnerReference } from '@binnacle/machinery-meta';
import { persistentVolumeClaim, pod, statefulSet } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { hasOtherController, planOwners } from './retention.js';

const inside = pod({ metadata: { name: 'web-0' } });
const outside = pod({ metadata: { name: 'web-7' } });
const setOf = (whenDeleted: string, whenScaled: string) =>
  statefulSet({ spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled } } });
const [retain, onDelete, onScale, both] = [
  setOf('Retain', 'Retain'),
  setOf('Delete', 'Retain'),
  setOf('Retain', 'Delete'),
  setOf('Delete', 'Delete'),
];
const reference = (apiVersion: string, kind: string, name = '', uid = ''): OwnerReference => ({
  apiVersion,
  kind,
  name,
  uid,
  controller: true,
  blockOwnerDeletion: true,
});
const ofSet = reference('apps/v1', 'StatefulSet', 'web', retain.metadata.uid);
const ofPod = (subject: typeof inside) => reference('v1', 'Pod', subject.metadata.name, subject.metadata.uid);
const other = reference('v1', 'ConfigMap', 'other', 'other');
const claimOf = (...ownerReferences: OwnerReference[]) => persistentVolumeClaim({ metadata: { ownerReferences } });

describe('with whom a claim goes', () => {
  test.each([
    ['kept: with nobody', retain, inside, [ofSet], []],
    ['kept, and so it is', retain, inside, [], undefined],
    ['deleted with the set', onDelete, inside, [], [ofSet]],
    ['deleted with the set, and so it is', onDelete, outside, [ofSet], undefined],
    ['deleted when scaled away, not while in range', onScale, inside, [ofPod(inside)], []],
    ['deleted when scaled away: with its Pod', onScale, outside, [], [ofPod(outside)]],
    ['deleted with both: in range with the set', both, inside, [], [ofSet]],
    ['deleted with both: out of range with its Pod', both, outside, [ofSet], [ofPod(outside)]],
    ['an owner that does not control is made to', onDelete, inside, [{ ...ofSet, controller: false }], [ofSet]],
    [
      'other owners stay',
      onDelete,
      inside,
      [{ ...other, controller: false }],
      [{ ...other, controller: false }, ofSet],
    ],
    ['where another controls it, ours goes', onDelete, inside, [other, ofSet], [other]],
    ['where another controls it, ours does not come', onDelete, inside, [other], undefined],
    ['that of an earlier set is left alone', onDelete, inside, [{ ...ofSet, uid: 'earlier' }], undefined],
    ['that of an earlier Pod is left alone', both, inside, [{ ...ofPod(inside), uid: 'earlier' }], undefined],
  ])('%s', (_, set, subject, held, expected) => {
    expect(planOwners(claimOf(...held), set, subject)).toEqual(expected);
  });
});

test('another controller matters only where claims are deleted', () => {
  expect(hasOtherController(claimOf(other), onDelete, inside)).toBe(true);
  expect(hasOtherController(claimOf(other), retain, inside)).toBe(false);
  expect(hasOtherController(claimOf(ofSet), onDelete, inside)).toBe(false);
});
