import type { Taint } from '@binnacle/apis-kubernetes/core/v1';
import { CREATED_AT, node } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { planTaints } from './node-taints.js';
import { withUnknownConditions } from './unknown-conditions.js';

const withReady = (status: string, taints: Taint[] = [], more: Array<{ type: string; status: string }> = []) =>
  node({ spec: { taints }, status: { conditions: [{ type: 'Ready', status }, ...more] } });
const shown = (taints: readonly Taint[] | undefined) =>
  taints?.map(({ key, effect }) => `${key.replace('node.kubernetes.io/', '')}:${effect}`);
const taint = (key: string, effect: string): Taint => ({ key: `node.kubernetes.io/${key}`, effect });

describe('planTaints', () => {
  test.each([
    ['a ready node has none', withReady('True'), 'no' as const, undefined],
    ['one that is not ready', withReady('False'), 'yes' as const, ['not-ready:NoSchedule', 'not-ready:NoExecute']],
    ['one that is silent', withReady('Unknown'), 'yes' as const, ['unreachable:NoSchedule', 'unreachable:NoExecute']],
    ['one that has to wait for its turn', withReady('Unknown'), 'not-now' as const, ['unreachable:NoSchedule']],
    [
      'pressure',
      withReady('True', [], [{ type: 'DiskPressure', status: 'True' }]),
      'no' as const,
      ['disk-pressure:NoSchedule'],
    ],
    [
      'a condition of another name, even of one that every object has',
      withReady(
        'True',
        [],
        [
          { type: 'constructor', status: 'True' },
          { type: 'Odd', status: 'True' },
        ],
      ),
      'no' as const,
      undefined,
    ],
    [
      'one that is well again keeps what others put there',
      withReady('True', [
        { key: 'mine', effect: 'NoExecute' },
        taint('not-ready', 'NoSchedule'),
        taint('not-ready', 'NoExecute'),
      ]),
      'no' as const,
      ['mine:NoExecute'],
    ],
    [
      'from not ready to silent',
      withReady('Unknown', [taint('not-ready', 'NoSchedule'), taint('not-ready', 'NoExecute')]),
      'yes' as const,
      ['unreachable:NoSchedule', 'unreachable:NoExecute'],
    ],
    [
      'one that is driven already stays so while it waits',
      withReady('Unknown', [taint('unreachable', 'NoSchedule'), taint('unreachable', 'NoExecute')]),
      'not-now' as const,
      undefined,
    ],
    [
      'when all zones are down nobody is driven',
      withReady('Unknown', [taint('unreachable', 'NoSchedule'), taint('unreachable', 'NoExecute')]),
      'no' as const,
      ['unreachable:NoSchedule'],
    ],
  ])('%s', (_, one, evict, expected) => {
    expect(shown(planTaints(one, evict, CREATED_AT))).toEqual(expected);
  });

  test('a cordoned node is tainted, an uncordoned one no longer', () => {
    const cordoned = node({ spec: { unschedulable: true } });
    const taints = planTaints(cordoned, 'no', CREATED_AT);
    expect(taints).toEqual([{ ...taint('unschedulable', 'NoSchedule'), timeAdded: CREATED_AT }]);
    expect(planTaints(node({ spec: { taints } }), 'no', CREATED_AT)).toEqual([]);
  });
});

describe('withUnknownConditions', () => {
  test('turns all that is watched Unknown, once', () => {
    const silent = withUnknownConditions(node(), Date.parse('2026-01-01T00:01:00Z'));
    expect(silent?.status?.conditions?.map(({ type, status, reason }) => [type, status, reason])).toEqual([
      ['Ready', 'Unknown', 'NodeStatusUnknown'],
      ['MemoryPressure', 'Unknown', 'NodeStatusNeverUpdated'],
      ['DiskPressure', 'Unknown', 'NodeStatusNeverUpdated'],
      ['PIDPressure', 'Unknown', 'NodeStatusNeverUpdated'],
    ]);
    expect(silent?.status?.conditions?.[0]).toMatchObject({
      lastHeartbeatTime: CREATED_AT,
      lastTransitionTime: '2026-01-01T00:01:00Z',
    });
    expect(silent && withUnknownConditions(silent, 0)).toBeUndefined();
  });
});
