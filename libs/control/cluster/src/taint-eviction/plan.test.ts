import type { Taint, Toleration } from '@binnacle/apis-kubernetes/core/v1';
import { CREATED_AT, node, runningPod } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { evictionTime, tolerates } from './plan.js';

const added = Date.parse(CREATED_AT);
const taint: Taint = { key: 'k', value: 'v', effect: 'NoExecute', timeAdded: CREATED_AT };
const time = (tolerations: Toleration[], taints: Taint[] = [taint]) =>
  evictionTime(runningPod('node-1', '10.244.0.1', { spec: { tolerations } }), node({ spec: { taints } }), () => added);

describe('evictionTime', () => {
  test.each<[string, Toleration[], number | undefined]>([
    ['not tolerated: at once', [], 0],
    ['tolerated: never', [{ key: 'k', operator: 'Exists' }], undefined],
    ['everything tolerated: never', [{ operator: 'Exists' }], undefined],
    [
      'for a while: from when the taint came',
      [{ key: 'k', operator: 'Exists', tolerationSeconds: 300 }],
      added + 300_000,
    ],
    ['less than nothing: at once', [{ key: 'k', operator: 'Exists', tolerationSeconds: -1 }], 0],
    ['another value: at once', [{ key: 'k', value: 'x', effect: 'NoExecute' }], 0],
    [
      'several: the shortest',
      [
        { key: 'k', operator: 'Exists', tolerationSeconds: 300 },
        { operator: 'Exists', tolerationSeconds: 20 },
        { key: 'k', value: 'v' },
      ],
      added + 20_000,
    ],
  ])('%s', (_, tolerations, expected) => {
    expect(time(tolerations)).toBe(expected);
  });

  test('of several taints the one that is borne least counts', () => {
    const other: Taint = { key: 'other', effect: 'NoExecute', timeAdded: CREATED_AT };
    expect(time([{ key: 'k', operator: 'Exists' }], [taint, other])).toBe(0);
  });

  test('other effects, no node and Pods on their way out are no matter', () => {
    expect(time([], [{ ...taint, effect: 'NoSchedule' }])).toBeUndefined();
    expect(evictionTime(runningPod('gone', '10.244.0.1'), undefined, () => added)).toBeUndefined();
    const leaving = runningPod('node-1', '10.244.0.1', { metadata: { deletionTimestamp: CREATED_AT } });
    expect(evictionTime(leaving, node({ spec: { taints: [taint] } }), () => added)).toBeUndefined();
  });
});

test('a toleration without a key tolerates only when it asks for existence', () => {
  expect(tolerates({ operator: 'Exists' }, taint)).toBe(true);
  expect(tolerates({}, taint)).toBe(false);
});
