import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { formatTime } from '@binnacle/machinery-meta';
import { CREATED_AT, override, runningPod } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import type { PodMetrics } from './pod-metrics.js';
import { byAverage, byShare, byUtilization, byValue, type Target } from './replica-count.js';

const NOW = Date.parse(CREATED_AT) + 3_600_000;
const REQUEST = '200m';

function running(name: string, more: object = {}): Pod {
  const base = runningPod('n', '10.0.0.1', { metadata: { name } });
  const [main] = base.spec?.containers ?? [];
  const containers = [{ ...main, resources: { requests: { cpu: REQUEST, memory: '1Mi' } } }];
  return override({ ...base, spec: { ...base.spec, containers } } as Pod, more as never);
}
const pods = (count: number): Pod[] => Array.from({ length: count }, (_, index) => running(`p-${index}`));
const uses = (...values: number[]): PodMetrics =>
  new Map(values.map((value, index) => [`p-${index}`, { value, at: NOW, window: 15_000 }]));
const target = (all: readonly Pod[], more: Partial<Target> = {}): Target => ({
  pods: all,
  replicas: all.length,
  tolerances: { up: 0.1, down: 0.1 },
  now: NOW,
  ...more,
});
const CPU = { resource: 'cpu' };
const ready = (status: string, at = NOW) => ({
  status: { conditions: [{ type: 'Ready', status, lastTransitionTime: formatTime(at) }] },
});

describe('by utilization', () => {
  test.each([
    ['more where each uses too much', uses(300, 300), 50, { replicas: 6, utilization: 150, average: 300 }],
    ['fewer where each uses too little', uses(20, 20), 50, { replicas: 1, utilization: 10, average: 20 }],
    ['as many where it is near enough', uses(105, 105), 50, { replicas: 2, utilization: 52 }],
    ['as many at the edge', uses(110, 110), 50, { replicas: 2 }],
    ['one more beyond it', uses(120, 120), 50, { replicas: 3 }],
  ])('%s', (_, metrics, percent, expected) => {
    expect(byUtilization(target(pods(2)), metrics, CPU, percent)).toMatchObject(expected);
  });

  test('a tolerance of its own counts, in each direction', () => {
    const tolerances = { up: 0.5, down: 0 };
    expect(byUtilization(target(pods(2), { tolerances }), uses(140, 140), CPU, 50).replicas).toBe(2);
    expect(byUtilization(target(pods(4), { tolerances }), uses(70, 70, 70, 70), CPU, 50).replicas).toBe(3);
  });

  test('those that do not work yet are taken to use nothing, when there are to be more', () => {
    const all = [...pods(2), running('new', { status: { phase: 'Pending' } })];
    expect(byUtilization(target(all), uses(300, 300), CPU, 50).replicas).toBe(6);
    expect(byUtilization(target(all), uses(160, 160), CPU, 50).replicas).toBe(3);
  });

  test('those of which nothing is known are taken to do as they should, when there are to be fewer', () => {
    expect(byUtilization(target(pods(4)), uses(20, 20, 20), CPU, 50).replicas).toBe(3);
    expect(byUtilization(target(pods(2)), uses(20), CPU, 50).replicas).toBe(2);
  });

  test('those that go or have failed do not count', () => {
    const leaving = running('p-1', { metadata: { deletionTimestamp: CREATED_AT } });
    expect(byUtilization(target([running('p-0'), leaving]), uses(100, 900), CPU, 50).replicas).toBe(2);
    expect(byUtilization(target([running('p-0'), leaving]), uses(200, 900), CPU, 50)).toMatchObject({
      utilization: 100,
    });
  });

  test('one that has just begun counts once it was measured while it was ready', () => {
    const startTime = formatTime(NOW - 60_000);
    const since = (seconds: number) =>
      running('p-1', { status: { startTime, ...ready('True', NOW - seconds * 1000).status } });
    const metrics = uses(300, 300);
    expect(byUtilization(target([running('p-0'), since(5)]), metrics, CPU, 50).replicas).toBe(3);
    expect(byUtilization(target([running('p-0'), since(15)]), metrics, CPU, 50).replicas).toBe(6);
  });

  test('one that was ready once counts though it is not now', () => {
    const lately = running('p-1', ready('False', NOW - 1_000));
    const never = running('p-1', ready('False', Date.parse(CREATED_AT) + 10_000));
    const metrics = uses(300, 300);
    expect(byUtilization(target([running('p-0'), lately]), metrics, CPU, 50).replicas).toBe(6);
    expect(byUtilization(target([running('p-0'), never]), metrics, CPU, 50).replicas).toBe(3);
  });

  test.each([
    [
      'nobody says what it asks for',
      [running('p-0', { spec: { containers: [{ name: 'main', image: 'i' }] } })],
      CPU,
      'missing request for cpu in container main of Pod p-0',
    ],
    [
      'there is no such container',
      pods(1),
      { resource: 'cpu', container: 'side' },
      'container side not found in Pod p-0',
    ],
    ['there are no Pods', [], CPU, 'no pods returned by selector while calculating replica count'],
  ])('is not known where %s', (_, all, of, message) => {
    expect(() => byUtilization(target(all), uses(1), of, 50)).toThrow(message);
  });

  test('is not known where nobody works yet', () => {
    const all = [running('p-0', { status: { phase: 'Pending' } })];
    expect(() => byUtilization(target(all), uses(1), CPU, 50)).toThrow('did not receive metrics for targeted pods');
  });
});

test('by average', () => {
  expect(byAverage(target(pods(2)), uses(3_000, 5_000), 'memory', 2_000)).toEqual({ replicas: 4, average: 4_000 });
  expect(byAverage(target(pods(2)), uses(2_100, 2_100), '', 2_000)).toEqual({ replicas: 2, average: 2_100 });
});

test('by one value', () => {
  expect(byValue(target(pods(3)), 30_000, 10_000)).toEqual({ replicas: 9, average: 30_000 });
  expect(byValue(target(pods(3)), 10_500, 10_000).replicas).toBe(3);
  expect(byValue(target([], { replicas: 0 }), 25_000, 10_000).replicas).toBe(3);
});

test('by a share of one value', () => {
  const tolerances = { up: 0.1, down: 0.1 };
  expect(byShare(3, tolerances, 40_000, 10_000)).toEqual({ replicas: 4, average: 13_334 });
  expect(byShare(3, tolerances, 31_000, 10_000).replicas).toBe(3);
});
