import type { HorizontalPodAutoscaler } from '@binnacle/apis-kubernetes/autoscaling/v2';
import { describe, expect, test } from 'vitest';
import { scalingRules } from './behavior.js';
import { metricRows } from './metric-rows.js';
import { scalingReasons } from './reasons.js';

const autoscaler = (spec: object, status: object = {}) =>
  ({ spec, status }) as unknown as Partial<HorizontalPodAutoscaler>;

describe('what an autoscaler follows', () => {
  const rows = (metric: object, now?: object) =>
    metricRows(autoscaler({ metrics: [metric] }, { currentMetrics: now ? [now] : [] }));

  test.each([
    [
      'a share of what is requested',
      { type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 50 } } },
      { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 75, averageValue: '150m' } } },
      { name: 'cpu', now: '75%', wanted: '50%', share: 1.5 },
    ],
    [
      'an amount of each Pod',
      { type: 'Pods', pods: { metric: { name: 'requests' }, target: { averageValue: '200m' } } },
      { type: 'Pods', pods: { metric: { name: 'requests' }, current: { averageValue: '50m' } } },
      { name: 'requests', now: '50m avg', wanted: '200m avg', share: 0.25 },
    ],
    [
      'a value of an object',
      {
        type: 'Object',
        object: {
          metric: { name: 'queue' },
          describedObject: { kind: 'Service', name: 'web' },
          target: { value: '1k' },
        },
      },
      {
        type: 'Object',
        object: {
          metric: { name: 'queue' },
          describedObject: { kind: 'Service', name: 'web' },
          current: { value: 500 },
        },
      },
      { name: 'queue of Service/web', now: '500', wanted: '1k', share: 0.5 },
    ],
    [
      'one container',
      {
        type: 'ContainerResource',
        containerResource: { name: 'cpu', container: 'app', target: { averageUtilization: 50 } },
      },
      undefined,
      { name: 'cpu of app', now: '', wanted: '50%', share: undefined },
    ],
  ])('is %s', (_, metric, now, row) => {
    expect(rows(metric, now)).toEqual([row]);
  });

  test('of another measure is not compared', () => {
    const metric = { type: 'Resource', resource: { name: 'cpu', target: { averageValue: '1' } } };
    const now = { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 75 } } };
    expect(rows(metric, now)).toMatchObject([{ share: undefined }]);
  });
});

describe('why it scales', () => {
  const spec = autoscaler({ minReplicas: 2, maxReplicas: 9 }).spec;
  const told = (type: string, status: string, reason: string) =>
    scalingReasons([{ type, status, reason, message: 'because' }], spec)[0];

  test.each([
    ['AbleToScale True ReadyForNewScale', 'ok able 0 '],
    ['AbleToScale True ScaleDownStabilized', 'progress stable 0 because'],
    ['AbleToScale False FailedGetScale', 'error notAble 0 because'],
    ['ScalingActive True ValidMetricFound', 'ok active 0 '],
    ['ScalingActive False FailedGetResourceMetric', 'warn notActive 0 because'],
    ['ScalingActive False ScalingDisabled', 'idle off 0 '],
    ['ScalingLimited False DesiredWithinRange', 'ok within 0 '],
    ['ScalingLimited True TooManyReplicas', 'warn limitedMost 9 because'],
    ['ScalingLimited True TooFewReplicas', 'idle limitedLeast 2 because'],
    ['ScalingLimited True ScaleUpLimit', 'progress limited 0 because'],
  ])('%s is %s', (condition, meaning) => {
    const [type = '', status = '', reason = ''] = condition.split(' ');
    const { tone, words, count, detail } = told(type, status, reason) ?? {};
    expect([tone, words, count, detail].join(' ')).toBe(meaning);
  });

  test('by conditions of others nothing is said', () => {
    expect(told('Strange', 'True', 'x')).toBeUndefined();
  });
});

describe('how fast it may change', () => {
  test('is what holds where nothing is said', () => {
    expect(scalingRules(autoscaler({}))).toMatchObject([
      { direction: 'up', window: 0, select: 'Max', policies: [{ type: 'Pods', value: 4 }, { type: 'Percent' }] },
      { direction: 'down', window: 300, select: 'Max', policies: [{ type: 'Percent', value: 100 }] },
    ]);
  });

  test('is what it says', () => {
    const scaleDown = { stabilizationWindowSeconds: 0, selectPolicy: 'Disabled', policies: [], tolerance: '0.05' };
    expect(scalingRules(autoscaler({ behavior: { scaleDown } }))[1]).toMatchObject({
      window: 0,
      select: 'Disabled',
      policies: [],
      tolerance: '0.05',
    });
  });
});
