import { type Overrides, persistentVolume, persistentVolumeClaim, pod, runningPod } from '@binnacle/testing-fixtures';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { controllerReferenceTo } from '@binnacle/machinery-meta';
import { describe, expect, test } from 'vitest';
import {
  attributesOfClaim,
  attributesOfVolume,
  CLAIM_FINALIZER,
  isInUse,
  planProtection,
  usesClaim,
} from './protection-plan.js';

const going = { deletionTimestamp: '2026-01-01T00:00:00Z' };
const held = { finalizers: [CLAIM_FINALIZER] };

test.each([
  ['what lives is protected', {}, true, 'add'],
  ['what is protected stays so', held, true, 'nothing'],
  ['what goes and is used stays', { ...going, ...held }, true, 'nothing'],
  ['what goes and is not used may', { ...going, ...held }, false, 'remove'],
  ['what goes is not protected any more', going, false, 'nothing'],
])('%s', (_, metadata, used, expected) => {
  expect(planProtection(persistentVolumeClaim({ metadata }), CLAIM_FINALIZER, () => used)).toBe(expected);
});

describe('a Pod keeps a claim', () => {
  const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }];
  const ephemeral = [{ name: 'v', ephemeral: {} }];
  const on = (spec: Overrides<Pod['spec']>, metadata = {}, status = {}) =>
    runningPod('node-1', '10.244.0.1', { metadata: { name: 'p', ...metadata }, spec, status });
  const owner = on({});
  const claim = persistentVolumeClaim();
  const own = persistentVolumeClaim({
    metadata: { name: 'p-v', ownerReferences: [controllerReferenceTo(owner, owner)] },
  });
  test.each<[string, Pod, typeof claim, boolean]>([
    ['that it mounts', on({ volumes }), claim, true],
    ['that it mounted, as long as it is there', on({ volumes }, {}, { phase: 'Succeeded' }), claim, true],
    ['not without a node', pod({ spec: { volumes } }), claim, false],
    ['not another’s', on({}), claim, false],
    ['that was made for it', on({ volumes: ephemeral }), own, true],
    [
      'not one of that name that was not',
      on({ volumes: ephemeral }),
      persistentVolumeClaim({ metadata: { name: 'p-v' } }),
      false,
    ],
    [
      'not when nothing of it is left',
      on({ volumes: ephemeral }, { ...going, deletionGracePeriodSeconds: 0 }),
      own,
      false,
    ],
  ])('%s', (_, subject, of, expected) => {
    expect(usesClaim(subject, of)).toBe(expected);
  });
});

test('a claim names the classes it asks for, has and is being given, each once', () => {
  const claim = persistentVolumeClaim({
    spec: { volumeAttributesClassName: 'gold' },
    status: {
      currentVolumeAttributesClassName: 'silver',
      modifyVolumeStatus: { status: 'InProgress', targetVolumeAttributesClassName: 'gold' },
    },
  });
  expect(attributesOfClaim(claim)).toEqual(['gold', 'silver']);
  expect(attributesOfClaim(persistentVolumeClaim({ spec: { volumeAttributesClassName: '' } }))).toEqual([]);
  expect(attributesOfVolume(persistentVolume({ spec: { volumeAttributesClassName: 'gold' } }))).toEqual(['gold']);
  expect(attributesOfVolume(persistentVolume())).toEqual([]);
});

test('a volume is in use while it is bound', () => {
  expect(isInUse(persistentVolume({ status: { phase: 'Bound' } }))).toBe(true);
  expect(isInUse(persistentVolume({ status: { phase: 'Released' } }))).toBe(false);
});
