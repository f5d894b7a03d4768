import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { DeviceTaint, DeviceToleration, ResourceClaim } from '@binnacle/apis-kubernetes/resource/v1';
import { allocatedOn, CREATED_AT, type Overrides, pod, resourceClaim, resourceSlice } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { evictionTime } from './plan.js';

const ADDED = Date.parse(CREATED_AT);
const fire: DeviceTaint = { key: 'fire', effect: 'NoExecute', timeAdded: CREATED_AT };
const user = (overrides: Overrides<Pod> = {}) =>
  pod({
    ...overrides,
    spec: { nodeName: 'n', resourceClaims: [{ name: 'c', resourceClaimName: 'gpu' }], ...overrides.spec },
  });

function claimWith(tolerations: DeviceToleration[] | undefined, consumers: Pod[] = [user()]): ResourceClaim {
  const status = allocatedOn('n', ['gpu-0'], consumers);
  const results = (status.allocation?.devices?.results ?? []).map((result) => ({
    ...result,
    ...(tolerations && { tolerations }),
  }));
  return resourceClaim({ status: { ...status, allocation: { devices: { results } } } });
}

const slicesWith = (...taints: DeviceTaint[]) => [resourceSlice('n', [{ name: 'gpu-0', taints }, { name: 'gpu-1' }])];
const time = (tolerations: DeviceToleration[] | undefined, subject = user(), slices = slicesWith(fire)) =>
  evictionTime(
    subject,
    () => claimWith(tolerations),
    () => slices,
  );

describe('when a Pod goes for the taint of its device', () => {
  const bears = { key: 'fire', operator: 'Exists', effect: 'NoExecute' };
  test.each<[string, DeviceToleration[] | undefined, number | undefined]>([
    ['at once', undefined, ADDED],
    ['never where it is borne', [bears], undefined],
    ['after a while where it is borne for that', [{ ...bears, tolerationSeconds: 60 }], ADDED + 60_000],
    ['at once where it is borne for less than nothing', [{ ...bears, tolerationSeconds: -5 }], ADDED],
    [
      'by the shortest of several',
      [
        { ...bears, tolerationSeconds: 60 },
        { ...bears, tolerationSeconds: 5 },
      ],
      ADDED + 5_000,
    ],
    ['at once where another is borne', [{ ...bears, key: 'flood' }], ADDED],
    ['at once where another effect is borne', [{ ...bears, effect: 'NoSchedule' }], ADDED],
  ])('%s', (_, tolerations, expected) => {
    expect(time(tolerations)).toBe(expected);
  });

  test('of several taints the one that is borne least counts', () => {
    const flood = { ...fire, key: 'flood' };
    const tolerations = [
      { ...bears, tolerationSeconds: 60 },
      { ...bears, key: 'flood', tolerationSeconds: 10 },
    ];
    expect(time(tolerations, user(), slicesWith(fire, flood))).toBe(ADDED + 10_000);
  });

  test.each<[string, Pod]>([
    ['it has no node', user({ spec: { nodeName: undefined } })],
    ['it goes already', user({ metadata: { deletionTimestamp: CREATED_AT } })],
    ['it has ended', user({ status: { phase: 'Succeeded' } })],
    ['the claim is not its', user({ metadata: { uid: 'another' } })],
    ['it uses no claim', user({ spec: { resourceClaims: [] } })],
  ])('never where %s', (_, subject) => {
    expect(time(undefined, subject)).toBeUndefined();
  });

  test('taints of other effects, of other devices and of the past are no matter', () => {
    expect(time(undefined, user(), slicesWith({ ...fire, effect: 'NoSchedule' }))).toBeUndefined();
    expect(time(undefined, user(), [resourceSlice('n', [{ name: 'gpu-1', taints: [fire] }])])).toBeUndefined();
    const newer = resourceSlice('n', [{ name: 'gpu-0' }], { spec: { pool: { generation: 2 } } });
    expect(time(undefined, user(), [...slicesWith(fire), newer])).toBeUndefined();
  });
});
