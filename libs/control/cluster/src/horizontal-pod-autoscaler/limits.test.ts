import type { HorizontalPodAutoscalerSpec, HPAScalingRules } from '@binnacle/apis-kubernetes/autoscaling/v2';
import { describe, expect, test } from 'vitest';
import { decide, firstSeen, NO_HISTORY, type ScaleHistory, withChange } from './limits.js';

const NOW = 10_000_000;
const SECOND = 1000;
const spec = (behavior?: { scaleUp?: HPAScalingRules; scaleDown?: HPAScalingRules }): HorizontalPodAutoscalerSpec => ({
  scaleTargetRef: { kind: 'Deployment', name: 'web' },
  maxReplicas: 20,
  ...(behavior && { behavior }),
});
const recommended = (...samples: [secondsAgo: number, value: number][]): ScaleHistory => ({
  ...NO_HISTORY,
  recommendations: samples.map(([ago, value]) => ({ at: NOW - ago * SECOND, value })),
});
const wish = (current: number, desired: number, of = spec()) => ({ spec: of, current, desired, least: 2, now: NOW });
const summary = ({ replicas, able, limit }: ReturnType<typeof decide>) => [replicas, able.reason, limit.reason];

describe('without behaviours', () => {
  test.each<[string, number, number, ScaleHistory, unknown[]]>([
    ['what is wished', 4, 6, NO_HISTORY, [6, 'ReadyForNewScale', 'DesiredWithinRange']],
    ['no more than twice as many at once', 4, 12, NO_HISTORY, [8, 'ReadyForNewScale', 'ScaleUpLimit']],
    ['but four at least', 1, 6, NO_HISTORY, [4, 'ReadyForNewScale', 'ScaleUpLimit']],
    ['no more than there may be', 16, 30, NO_HISTORY, [20, 'ReadyForNewScale', 'TooManyReplicas']],
    ['no fewer than there must be', 4, 1, NO_HISTORY, [2, 'ReadyForNewScale', 'TooFewReplicas']],
    [
      'fewer only if it was so for five minutes',
      8,
      3,
      recommended([299, 6]),
      [6, 'ScaleDownStabilized', 'DesiredWithinRange'],
    ],
    ['and then at once', 8, 3, recommended([301, 8]), [3, 'ReadyForNewScale', 'DesiredWithinRange']],
  ])('%s', (_, current, desired, history, expected) => {
    expect(summary(decide(wish(current, desired), history))).toEqual(expected);
  });
});

describe('behaviours', () => {
  const policy = (type: string, value: number, periodSeconds = 60) => ({ type, value, periodSeconds });
  const up = (rules: HPAScalingRules) => spec({ scaleUp: { stabilizationWindowSeconds: 0, ...rules }, scaleDown: {} });
  const down = (rules: HPAScalingRules) =>
    spec({ scaleUp: {}, scaleDown: { stabilizationWindowSeconds: 0, ...rules } });
  const policies = [policy('Pods', 2), policy('Percent', 100)];
  test.each<[string, HorizontalPodAutoscalerSpec, [current: number, desired: number], ScaleHistory, [number, string]]>([
    ['the farthest policy counts', up({ policies }), [4, 20], NO_HISTORY, [8, 'ScaleUpLimit']],
    ['or the nearest', up({ policies, selectPolicy: 'Min' }), [4, 20], NO_HISTORY, [6, 'ScaleUpLimit']],
    ['or none', up({ policies, selectPolicy: 'Disabled' }), [4, 20], NO_HISTORY, [4, 'ScaleUpLimit']],
    [
      'what was added counts',
      up({ policies: [policy('Pods', 4)] }),
      [7, 20],
      withChange(NO_HISTORY, 4, 7, NOW - SECOND),
      [8, 'ScaleUpLimit'],
    ],
    [
      'until its period is over',
      up({ policies: [policy('Pods', 4)] }),
      [7, 20],
      withChange(NO_HISTORY, 4, 7, NOW - 61 * SECOND),
      [11, 'ScaleUpLimit'],
    ],
    ['fewer, by percent', down({ policies: [policy('Percent', 10)] }), [18, 2], NO_HISTORY, [16, 'ScaleDownLimit']],
    ['fewer, by number', down({ policies: [policy('Pods', 3)] }), [10, 2], NO_HISTORY, [7, 'ScaleDownLimit']],
    ['fewer, never', down({ selectPolicy: 'Disabled' }), [10, 2], NO_HISTORY, [10, 'ScaleDownLimit']],
    [
      'fewer, but not too few',
      down({ policies: [policy('Percent', 100)] }),
      [10, 1],
      NO_HISTORY,
      [2, 'TooFewReplicas'],
    ],
  ])('%s', (_, of, [current, desired], history, [replicas, reason]) => {
    const decision = decide(wish(current, desired, of), history);
    expect([decision.replicas, decision.limit.reason]).toEqual([replicas, reason]);
  });

  test('more only if it was so for the window', () => {
    const steady = up({ stabilizationWindowSeconds: 60, policies: [policy('Percent', 900)] });
    expect(summary(decide(wish(4, 9, steady), recommended([59, 5], [61, 4])))).toEqual([
      5,
      'ScaleUpStabilized',
      'DesiredWithinRange',
    ]);
    expect(decide(wish(4, 9, steady), recommended([61, 4])).replicas).toBe(9);
  });

  test('fewer only if it was so for the window', () => {
    const steady = down({ stabilizationWindowSeconds: 60, policies: [policy('Percent', 100)] });
    expect(summary(decide(wish(9, 4, steady), recommended([59, 7])))).toEqual([
      7,
      'ScaleDownStabilized',
      'DesiredWithinRange',
    ]);
  });
});

test('what was recommended is remembered as long as a window looks at it', () => {
  const once = decide(wish(4, 6), firstSeen(4, NOW - 400 * SECOND)).history;
  expect(once.recommendations).toEqual([{ at: NOW, value: 6 }]);
  expect(decide(wish(6, 6), once).history.recommendations).toHaveLength(2);
});
