import { describe, expect, it } from 'vitest';
import { MEASURED, nodeOf, podOf } from './objects.js';
import { NODES, scaled, workloads } from './workloads.js';

describe.each(workloads)('$name', (workload) => {
  it('is of as many Pods as its nodes can take', () => {
    const cpu = (of: string) => (of.endsWith('m') ? Number(of.slice(0, -1)) / 1000 : Number(of));
    const { initial, measured } = workload;
    const preempts = measured.spec?.priorityClassName !== undefined;
    const asked = cpu(initial.cpu) * initial.count + (preempts ? 0 : cpu(measured.cpu) * measured.count);
    expect(asked).toBeLessThanOrEqual(4 * NODES);
  });

  it('shrinks with its nodes', () => {
    const small = scaled(workload, 50);
    expect(small.initial.count).toBe(Math.max(1, Math.round(workload.initial.count / 100)));
    expect(small.measured.count).toBe(workload.measured.count / 100);
    expect(small.name).toBe(workload.name);
  });
});

it('nodes stand in zones by turns, each at a hostname of its own', () => {
  const labels = [0, 1, 2].map((at) => (nodeOf(at, ['a', 'b']).metadata as { labels: object }).labels);
  expect(labels).toEqual([
    { 'kubernetes.io/hostname': 'scheduler-perf-00000', 'topology.kubernetes.io/zone': 'a' },
    { 'kubernetes.io/hostname': 'scheduler-perf-00001', 'topology.kubernetes.io/zone': 'b' },
    { 'kubernetes.io/hostname': 'scheduler-perf-00002', 'topology.kubernetes.io/zone': 'a' },
  ]);
});

it('a Pod that was there is on its node, one that is measured is marked', () => {
  const group = { namespace: 'sched-0', count: 1, cpu: '100m', metadata: { labels: { color: 'blue' } } };
  expect(podOf(group, 'a', { node: 7 })).toMatchObject({ spec: { nodeName: 'scheduler-perf-00007' } });
  const { metadata, spec } = podOf(group, 'b', { measured: true }) as { metadata: object; spec: object };
  expect(metadata).toMatchObject({ labels: { color: 'blue', [MEASURED]: 'true' } });
  expect(spec).not.toHaveProperty('nodeName');
});
