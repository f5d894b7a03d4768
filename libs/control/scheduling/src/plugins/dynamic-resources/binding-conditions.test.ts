import type { ResourceClaim } from '@binnacle/apis-kubernetes/resource/v1';
import { resourceClaim } from '@binnacle/testing-fixtures';
import { expect, test } from 'vitest';
import { givenUpAt, isLost, isWaitedFor, readiness } from './binding-conditions.js';

const SINCE = '2026-01-01T00:00:00Z';
const place = { driver: 'd', pool: 'p', device: 'gpu-0' };
const waited = { bindingConditions: ['attached', 'ready'], bindingFailureConditions: ['broken'] };

function claimWith(conditions: Record<string, string> | undefined, asked: object = waited): ResourceClaim {
  const told = Object.entries(conditions ?? {}).map(([type, status]) => ({
    ...{ type, status, reason: 'R', message: 'm', lastTransitionTime: SINCE },
  }));
  const results = [{ request: 'r', ...place, ...asked }];
  const devices = conditions && [{ ...place, conditions: told }];
  return resourceClaim({
    status: { allocation: { devices: { results }, allocationTimestamp: SINCE }, ...(devices && { devices }) },
  });
}

test.each<[string, ResourceClaim, object]>([
  ['a device without conditions can be used', claimWith(undefined, {}), { ready: true }],
  ['one that nothing is told of cannot yet', claimWith(undefined), { ready: false }],
  ['one of which not everything is told cannot yet', claimWith({ attached: 'True' }), { ready: false }],
  ['one of which something is denied cannot yet', claimWith({ attached: 'True', ready: 'False' }), { ready: false }],
  ['one of which everything is told can', claimWith({ attached: 'True', ready: 'True' }), { ready: true }],
  [
    'one that is broken never will, whatever else is told',
    claimWith({ attached: 'True', ready: 'True', broken: 'True' }),
    { failed: 'device binding failed: claim=gpu, reason=R, message="m"' },
  ],
  ['a claim that has none is not ready', resourceClaim(), { ready: false }],
])('%s', (_, claim, expected) => {
  expect(readiness(claim)).toEqual(expected);
});

test('a claim is given up when its devices are late, or broken', () => {
  const late = Date.parse(SINCE) + 60_000;
  expect(givenUpAt(claimWith(undefined), 60_000)).toBe(late);
  expect([isLost(claimWith(undefined), late, 60_000), isLost(claimWith(undefined), late + 1, 60_000)]).toEqual([
    false,
    true,
  ]);
  expect(isLost(claimWith({ broken: 'True' }), 0, 60_000)).toBe(true);
  expect(isLost(claimWith({ attached: 'True', ready: 'True' }), late + 1, 60_000)).toBe(false);
  expect([isWaitedFor(claimWith(undefined)), isWaitedFor(claimWith(undefined, {}))]).toEqual([true, false]);
  expect(givenUpAt(claimWith(undefined, {}), 60_000)).toBeUndefined();
});
