import type { PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import { persistentVolume, persistentVolumeClaim } from '@binnacle/testing-fixtures';
import { expect, test } from 'vitest';
import { planModification } from './modification-plan.js';

const csi = (driver: string) => ({ hostPath: undefined, csi: { driver, volumeHandle: 'h' }, claimRef: { uid: 'u' } });
const ours = persistentVolume({ spec: csi('simulated.binnacle.dev') });
const classes: Record<string, string> = {
  silver: 'simulated.binnacle.dev',
  gold: 'simulated.binnacle.dev',
  alien: 'd.example',
};
const classNamed = (name: string) =>
  classes[name] === undefined
    ? undefined
    : { apiVersion: 'storage.k8s.io/v1', kind: 'VolumeAttributesClass', metadata: { name }, driverName: classes[name] };
const claim = (asks: string | undefined, status: PersistentVolumeClaim['status'] = {}) =>
  persistentVolumeClaim({
    metadata: { uid: 'u' },
    spec: { volumeName: 'disk', ...(asks && { volumeAttributesClassName: asks }) },
    status: { phase: 'Bound', currentVolumeAttributesClassName: 'silver', ...status },
  } as never);

test.each<[string, PersistentVolumeClaim, object]>([
  ['asks for others', claim('gold'), { act: 'modify', target: 'gold' }],
  ['asks for what it has', claim('silver'), { act: 'nothing' }],
  ['asks for none', claim(undefined), { act: 'nothing' }],
  [
    'asks for what is not there',
    claim('none'),
    { act: 'wait', target: 'none', status: 'Pending', why: 'VAC none does not exist' },
  ],
  ['asks for another driver’s', claim('alien'), { act: 'wait', target: 'alien', status: 'Infeasible' }],
  ['asked for others before', claim('silver', { modifyVolumeStatus: { status: 'Pending' } }), { act: 'settle' }],
  ['is not bound', claim('gold', { phase: 'Pending' }), { act: 'nothing' }],
])('a claim that %s', (_, one, expected) => expect(planModification(one, ours, classNamed)).toMatchObject(expected));

test('others’ volumes are theirs', () => {
  expect(planModification(claim('gold'), persistentVolume({ spec: csi('d.example') }), classNamed)).toEqual({
    act: 'nothing',
  });
  const another = { ...ours, spec: { ...ours.spec, claimRef: { uid: 'other' } } };
  expect(planModification(claim('gold'), another, classNamed)).toEqual({ act: 'nothing' });
});
